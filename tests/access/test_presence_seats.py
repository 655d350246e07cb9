"""Who knows of what is not public: the database's answer is that of CKAN's own labels."""
from __future__ import annotations

import ckan.authz as authz
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.govdata.access import presence
from tests.cases.conftest import make_entry, site, world  # noqa: F401
from tests.statements import statements

PEOPLE = ("citizen", "other", "officer", "officer2", "head", "authority", "auditor", "root",
          "reader", "above", "was")
STATES = {
    "private": "UPDATE package SET private = true WHERE id = :id",
    "draft": "UPDATE package SET state = 'draft' WHERE id = :id",
    "deleted": "UPDATE package SET state = 'deleted' WHERE id = :id",
}


@pytest.fixture
def hidden(world):  # noqa: F811
    """An entry in each state, and more people: a plain member, a head above, one who has left."""
    department = world.department["id"]
    for name in ("reader", "above", "was"):
        factories.User(name=name)
    for where, name, role in ((department, "reader", "member"), ("yaohai", "above", "admin"),
                              (department, "was", "editor")):
        tk.get_action("organization_member_create")(
            site(), {"id": where, "username": name, "role": role})
    tk.get_action("organization_member_delete")(site(), {"id": department, "username": "was"})
    made = {}
    for state, statement in STATES.items():
        made[state] = make_entry(department, title=state)["id"]
        model.Session.execute(sa.text(statement), {"id": made[state]})
    model.Session.commit()
    model.Session.expire_all()  # CKAN's own answer is of the entry as the session remembers it
    return made


def asked(name: str, ids) -> set[str]:
    user = model.User.by_name(name) if name else None
    return set(presence.known({"user": name, "auth_user_obj": user}, ids))


@pytest.mark.parametrize("cascades", ["", "admin"])
def test_what_is_private_is_known_to_those_who_may_open_its_page(
    hidden, ckan_config, monkeypatch, cascades
) -> None:
    monkeypatch.setitem(ckan_config, "ckan.auth.roles_that_cascade_to_sub_groups", cascades.split())
    for name in PEOPLE:
        context = {"user": name, "auth_user_obj": model.User.by_name(name)}
        may = authz.is_authorized_boolean("package_show", context, {"id": hidden["private"]})
        assert (hidden["private"] in asked(name, hidden.values())) == may, name
    assert {n for n in PEOPLE if hidden["private"] in asked(n, hidden.values())} == {
        "officer", "officer2", "head", "reader", "root"} | ({"above"} if cascades else set())


def test_a_draft_is_its_officers_and_what_is_deleted_nobodys(hidden) -> None:
    assert {n for n in PEOPLE if hidden["draft"] in asked(n, hidden.values())} == {
        "officer", "officer2", "head", "root"}
    assert not [n for n in ("", *PEOPLE) if hidden["deleted"] in asked(n, hidden.values())]
    assert asked("", hidden.values()) == set()


def test_what_was_asked_before_does_not_answer_for_another(hidden) -> None:
    """The same context asked on for another reader: only he who is named in it now counts."""
    context = {"user": "officer", "auth_user_obj": model.User.by_name("officer"),
               "package": model.Package.get(hidden["private"])}
    assert presence.known(context, hidden.values())
    context |= {"user": "other", "auth_user_obj": model.User.by_name("other")}
    assert not presence.known(context, hidden.values())


def test_what_the_session_remembers_of_an_entry_does_not_count(world) -> None:  # noqa: F811
    """CKAN's session keeps what it read, as long as somebody holds it; statements pass it by."""
    entry = make_entry(world.department["id"])["id"]
    held = model.Package.get(entry)
    model.Session.execute(sa.text(STATES["private"]), {"id": entry})
    model.Session.commit()
    assert held.id == entry
    assert asked("other", [entry]) == set()


def test_a_page_of_hidden_hits_costs_two_statements(world, hidden) -> None:  # noqa: F811
    many = [make_entry(world.department["id"], title=f"条目{n}")["id"] for n in range(8)]
    model.Session.execute(sa.text("UPDATE package SET private = true WHERE id = ANY(:ids)"),
                          {"ids": many})
    model.Session.commit()
    context = {"user": "officer", "auth_user_obj": model.User.by_name("officer")}
    assert context["auth_user_obj"].state == "active"
    with statements() as made:
        assert len(presence.known(context, many)) == 8
    assert len(made) == 2, made
