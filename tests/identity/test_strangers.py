"""Whoever registered is a stranger: nothing that answers tells him of anybody else.

What is asked comes out of the running application: every action that reads, every page of users,
departments and groups; each with the names by which somebody would try.
"""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from ckan.logic import _actions
from ckan.tests.helpers import call_action

from tests.cases.conftest import call, make_user, site, world  # noqa: F401

CANARIES = ("王大锤", "officer@example.invalid", "Canary-about", "d4nk-canary")
OUTSIDERS = ("", "stranger", "officer2", "authority")
"""Nobody; whoever registered; an officer of the same department; the head of another."""
PAGES = ("user", "organization", "group", "dashboard", "util", "home")
UNKNOWN = "nobody-of-this-name"


@pytest.fixture
def victim(world):  # noqa: F811
    """An officer with something in each field."""
    make_user("stranger")
    user = model.User.by_name("officer")
    tk.get_action("user_patch")(site(), {
        "id": user.id, "fullname": "王大锤", "about": "Canary-about",
        "image_url": "http://example.invalid/d4nk-canary.png"})
    for action, target in (("follow_dataset", world.entry["id"]),
                           ("follow_group", world.department["id"])):
        tk.get_action(action)({"user": "officer", "ignore_auth": True}, {"id": target})
    model.Session.commit()
    return model.User.by_name("officer")


def ways(victim, world):  # noqa: F811
    """What may be typed: the user and his department in every field that names one."""
    department = {"id": world.department["id"], "include_users": True, "include_members": True}
    for who in (victim.name, victim.id, victim.email, victim.email_hash):
        yield {"id": who, "include_datasets": True, "include_num_followers": True}
    yield {"user": victim.name, "user_id": victim.id, "username": victim.name}
    yield {"q": victim.name, "all_fields": True, "limit": 50}
    yield {"q": victim.email}
    yield {"email": victim.email}
    yield {**department, "object_type": "user", "capacity": "editor"}
    yield {**department, "all_fields": True}
    yield {"all_fields": True, "include_users": True, "include_followers": True,
           "organizations": [world.department["name"]]}
    yield {"id": world.entry["id"]}


def readers() -> list[str]:
    tk.get_action("status_show")
    return sorted(n for n, f in _actions.items() if getattr(f, "side_effect_free", False))


def asked(app, who: str, name: str, data: dict) -> object:
    """What an action answers within a request; a word of a wrong type is no leak either."""
    with app.flask_app.test_request_context():
        return answered(who, name, data)


def answered(who: str, name: str, data: dict) -> object:
    user = model.User.by_name(who) if who else None
    context = {"user": who} if user is None else {"user": who, "auth_user_obj": user}
    try:
        return tk.get_action(name)(context, dict(data))
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError, tk.CkanVersionException) as no:
        return (type(no).__name__, str(no))
    except Exception as other:
        model.Session.rollback()
        return (type(other).__name__, str(other))


def test_no_reading_action_tells_of_others(victim, world, app):  # noqa: F811
    told = []
    names = readers()
    assert {"user_show", "user_list", "organization_show", "member_list"} <= set(names)
    for who in OUTSIDERS:
        hidden = (*CANARIES, victim.email_hash)
        for name in names:
            for data in ways(victim, world):
                said = repr(asked(app, who, name, data))
                sent = repr(data)
                told += [(who or "anonymous", name, data, one) for one in hidden
                         if one in said and one not in sent]
    assert told == []


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_list_of_members_has_the_identifier_of_another(victim, world, who, app):  # noqa: F811
    said = asked(app, who, "member_list", {"id": world.department["id"], "object_type": "user"})
    own = model.User.by_name(who).id if who else ""
    listed = {row[0] for row in said if isinstance(row, tuple)}
    assert listed == {own} if who == "officer2" else listed <= {own}, "himself each member sees"
    assert victim.id not in repr(said)


@pytest.mark.parametrize("who", ["", "stranger"])
def test_known_and_unknown_names_are_answered_alike(victim, world, who, app):  # noqa: F811
    for name in readers():
        if "user" not in name and "follow" not in name and "token" not in name:
            continue
        for field in ("id", "user", "user_id"):
            known = asked(app, who, name, {field: victim.name})
            unknown = asked(app, who, name, {field: UNKNOWN})
            told = repr(known).replace(victim.name, "X"), repr(unknown).replace(UNKNOWN, "X")
            assert told[0] == told[1], (name, field)


def addresses(app, victim, world) -> set[str]:  # noqa: F811
    found = set()
    for rule in app.flask_app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] not in PAGES or "GET" not in rule.methods:
            continue
        for word in (victim.name, world.department["name"], victim.id):
            values = dict.fromkeys(rule.arguments - set(rule.defaults or ()), word)
            try:
                found.add(app.flask_app.url_map.bind("x").build(rule.endpoint, values))
            except Exception:
                continue
    more = f"q={victim.name}&user_id={victim.name}&incomplete={victim.name}"
    return found | {f"{one}?{more}" for one in found} | {
        f"/api/2/util/user/autocomplete?q={victim.name}"}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_page_tells_of_others(victim, world, who, app):  # noqa: F811
    headers = {}
    if who:
        token = call_action("api_token_create", context={"user": who}, user=who, name="t")
        headers = {"Authorization": token["token"]}
    told, paths = [], addresses(app, victim, world)
    assert {"/user/", "/user/officer", f"/organization/members/{world.department['name']}"} <= paths
    for path in sorted(paths):
        if "logout" in path:
            continue
        answer = app.get(path, headers=headers, status=None, follow_redirects=False)
        body = answer.body
        told += [(path, one) for one in (*CANARIES, victim.email_hash) if one in body]
    assert told == []


def test_heads_see_their_own_members_and_operators_what_they_need(victim, world):  # noqa: F811
    shown = call("head", "user_show", id="officer")
    told = {key for key, value in shown.items() if value is not None}
    assert told == {"id", "name", "fullname", "display_name", "state",
                    "created", "number_created_packages"}
    assert shown["fullname"] == "王大锤"
    department = call("head", "organization_show", id=world.department["id"], include_users=True)
    users = department["users"]
    assert {one["name"] for one in users} >= {"officer", "officer2", "head"}
    assert all("email_hash" not in one and "sysadmin" not in one for one in users)
    assert victim.id in {row[0] for row in call("head", "member_list", id=world.department["id"])}
    for name in ("citizen", "authority", UNKNOWN):
        with pytest.raises(tk.NotAuthorized):
            call("head", "user_show", id=name)
    assert call("root", "user_show", id="officer")["email"] == "officer@example.invalid"
    assert call("root", "user_list")
    assert call("officer", "user_show", id="officer")["email"] == "officer@example.invalid"


def test_a_head_opens_the_page_of_a_member(victim, app):
    token = call_action("api_token_create", context={"user": "head"}, user="head", name="t")
    page = app.get("/user/officer", headers={"Authorization": token["token"]})
    assert "王大锤" in page.body
    assert not [one for one in CANARIES[1:3] if one in page.body]
    page = app.get("/organization/member_new/yaohai-minzhengju",
                   headers={"Authorization": token["token"]})
    assert 'name="username"' in page.body
    assert "user/autocomplete" not in page.body


def test_a_head_names_somebody_exactly(world):  # noqa: F811
    make_user("newcomer")
    call("head", "organization_member_create", id=world.department["id"], username="newcomer",
         role="editor")
    assert call("head", "user_show", id="newcomer")["name"] == "newcomer"
    call("head", "organization_member_delete", id=world.department["id"], username="newcomer")
    with pytest.raises(tk.NotAuthorized):
        call("head", "user_show", id="newcomer")
