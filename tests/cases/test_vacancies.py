"""Who leaves frees his cases; what follows from a change is in the ledger of the same commit."""
from __future__ import annotations

import json

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests import factories

from ckanext.govdata.ledger import book, settlement
from ckanext.govdata.ledger.model import ledger
from tests.cases.conftest import call, site, world  # noqa: F401
from tests.cases.test_entry_changed import NON_OPEN, granted, kinds


def patched(department: str) -> None:
    """As a head's form sends it: all members but one."""
    kept = [{"name": n, "capacity": c} for n, c in (("officer2", "editor"), ("head", "admin"))]
    tk.get_action("organization_patch")(site(), {"id": department, "users": kept})


def by_statement(sql: str, department: str) -> None:
    user = model.User.by_name("officer").id
    model.Session.execute(sa.text(sql), {"user": user, "department": department})
    model.Session.commit()


def outside(department: str) -> None:
    """Another program's statement, which the job of every minute finds."""
    with model.Session.get_bind().begin() as connection:
        connection.execute(
            sa.text("UPDATE member SET state = 'deleted' WHERE table_id = :user"),
            {"user": model.User.by_name("officer").id})
    settlement.settle_rest()


def moved(department: str) -> None:
    """To a colleague's desk elsewhere: a seat, but not here."""
    other = factories.Organization(level="county", region="340102", role="department")
    tk.get_action("organization_member_create")(
        site(), {"id": other["id"], "username": "officer", "role": "editor"})
    tk.get_action("organization_member_delete")(
        site(), {"id": department, "username": "officer"})


WAYS = {
    "moved": moved,
    "removed": lambda d: tk.get_action("organization_member_delete")(
        site(), {"id": d, "username": "officer"}),
    "by the members' list": patched,
    "only a reader now": lambda d: tk.get_action("organization_member_create")(
        site(), {"id": d, "username": "officer", "role": "member"}),
    "account deleted": lambda _d: tk.get_action("user_delete")(site(), {"id": "officer"}),
    "by a statement": lambda d: by_statement(
        "UPDATE member SET state = 'deleted' WHERE table_id = :user AND group_id = :department", d),
    "by another program": outside,
    "account ended, its seats left": lambda d: by_statement(
        "UPDATE \"user\" SET state = 'deleted' WHERE id = :user", d),
}


@pytest.mark.parametrize("way", WAYS)
def test_whoever_leaves_frees_his_cases(world, way) -> None:  # noqa: F811
    his, other = world.apply(), world.apply()
    world.act("officer", his["id"], "claim")
    world.act("officer2", other["id"], "claim")
    assert call("head", "govdata_case_show", id=his["id"])["assigned"]
    WAYS[way](world.department["id"])
    shown = call("head", "govdata_case_show", id=his["id"])
    assert (shown["assigned"], shown["state"]) == (None, his["state"])
    assert shown["events"][-1]["name"] == "vacated"
    assert call("head", "govdata_case_show", id=other["id"])["assigned"]
    assert kinds("head").count("case_vacated") == 1
    assert "case_vacated" not in kinds("officer2")
    assert not {"case_vacated"} & set(kinds("citizen"))
    world.act("officer2", his["id"], "claim")
    world.act("officer2", his["id"], "accept")
    assert tk.get_action("govdata_ledger_verify")(site(), {})


def test_somebody_elses_leaving_frees_nothing(world) -> None:  # noqa: F811
    case = world.apply()
    world.act("officer", case["id"], "claim")
    tk.get_action("organization_member_delete")(
        site(), {"id": world.department["id"], "username": "officer2"})
    tk.get_action("user_patch")(site(), {"id": "officer", "fullname": "新名字"})
    assert call("head", "govdata_case_show", id=case["id"])["assigned"]
    assert "case_vacated" not in kinds("head")


def entries(after: int) -> list[tuple[str, str, str]]:
    query = sa.select(ledger).where(ledger.c.number > after).order_by(ledger.c.number)
    return [(row.action, row.object_id, row.content) for row in model.Session.execute(query)]


def test_the_change_and_what_follows_from_it_are_one_transaction(world) -> None:  # noqa: F811
    """First the change, then what it causes; nothing waits for the next commit."""
    grant_id = granted(world)
    before = book.head(model.Session)[0]
    model.Session.commit()
    entry = model.Package.get(world.entry["id"])
    entry.extras = {**entry.extras, "open_attribute": "non_open"}
    model.Session.commit()
    names = [(action, about) for action, about, _ in entries(before)]
    (about,) = {about for action, about in names if action == "case_grant_revoked"}
    assert names == [
        ("dataset_changed", world.entry["id"]), ("grant_revoked", grant_id),
        ("case_grant_revoked", about), ("letter_written", about),
    ]  # fmt: skip
    assert model.Session.scalar(sa.text("SELECT count(*) FROM govdata_change")) == 0


def test_what_is_not_kept_has_no_consequence(world, monkeypatch) -> None:  # noqa: F811
    """A judge refuses the transaction: no grant falls with a change that is not made."""
    grant_id = granted(world)
    before = book.head(model.Session)[0]

    def refuse(_session, _actor) -> None:
        raise tk.ValidationError({"owner_org": ["no"]})

    with monkeypatch.context() as here:
        here.setattr(settlement, "_judges", [refuse])
        with pytest.raises(tk.ValidationError):
            tk.get_action("package_patch")(site(), {"id": world.entry["id"], **NON_OPEN})
        model.Session.rollback()
    assert call("citizen", "govdata_grant_show", id=grant_id)["standing"] == "in_force"
    assert entries(before) == []


def test_watched_tables_that_a_follower_writes_are_in_the_same_commit(world, monkeypatch) -> None:  # noqa: F811
    """What is caused by following may itself be a change that the ledger watches."""

    def follower(session, noted) -> None:
        if "dataset" in noted.kinds:
            session.execute(sa.text("UPDATE \"user\" SET name = 'renamed' WHERE name = 'other'"))

    monkeypatch.setattr(settlement, "_followers", [follower])
    before = book.head(model.Session)[0]
    model.Package.get(world.entry["id"]).private = True
    model.Session.commit()
    found = entries(before)
    assert [one[0] for one in found] == ["dataset_changed", "user_changed"]
    assert json.loads(found[1][2])["facts"]["changes"]["name"]["to"] == "renamed"
    assert model.Session.scalar(sa.text("SELECT count(*) FROM govdata_change")) == 0
