"""A token's use is noted once a minute; everything else about tokens is as in CKAN."""

import json

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from ckanext.govdata.security import api_tokens


@pytest.fixture
def caller(fresh, monkeypatch):
    monkeypatch.setattr(api_tokens, "_noted", {})
    user = factories.User(password="Correct-horse-7")
    context = {"user": user["name"], "ignore_auth": True}
    made = tk.get_action("api_token_create")(context, {"user": user["name"], "name": "t"})
    return user, made["token"]


def ask(app, token, action="api_token_list", **data):
    return app.post(
        f"/api/3/action/{action}",
        data=json.dumps(data),
        headers={"Authorization": token, "Content-Type": "application/json"},
    )


def last_access():
    model.Session.expire_all()
    return model.Session.query(model.ApiToken).one().last_access


def test_its_use_is_noted_once_a_minute(app, caller, monkeypatch):
    user, token = caller
    assert last_access() is None
    assert ask(app, token, user_id=user["name"]).status_code == 200
    first = last_access()
    assert first is not None
    assert ask(app, token, user_id=user["name"]).status_code == 200
    assert last_access() == first
    monkeypatch.setattr(api_tokens, "NOTED", 0.0)
    assert ask(app, token, user_id=user["name"]).status_code == 200
    assert last_access() > first


def test_a_revoked_token_ends_at_once(app, caller):
    user, token = caller
    assert ask(app, token, user_id=user["name"]).status_code == 200
    model.ApiToken.revoke(model.Session.query(model.ApiToken).one().id)
    assert ask(app, token, user_id=user["name"]).status_code == 403


@pytest.mark.parametrize("token", ["no-token", "a.b.c", "ü"])
def test_what_is_no_token_is_nobody(app, caller, token):
    user, _ = caller
    assert ask(app, token.encode().decode("latin-1"), user_id=user["name"]).status_code == 403
    assert not api_tokens._noted


def test_a_user_who_was_deleted_is_nobody(app, caller):
    user, token = caller
    ask(app, token, user_id=user["name"])
    tk.get_action("user_delete")({"ignore_auth": True, "user": ""}, {"id": user["id"]})
    assert ask(app, token, user_id=user["name"]).status_code == 403


def test_what_a_process_remembers_is_bounded_and_no_token(app, caller, monkeypatch):
    user, token = caller
    monkeypatch.setattr(api_tokens, "MOST", 2)
    api_tokens._noted.update({b"one": 0.0, b"two": 0.0})
    ask(app, token, user_id=user["name"])
    assert len(api_tokens._noted) == 1
    assert token.encode() not in api_tokens._noted


def test_forms_of_a_page_need_no_form_token_from_a_program(app, caller):
    """As with CKAN's own identification: no browser sends this header by itself."""
    user, token = caller
    answer = app.post(
        f"/user/edit/{user['name']}",
        data={"name": user["name"], "email": user["email"], "fullname": "新名"},
        headers={"Authorization": token},
        follow_redirects=False,
    )
    assert answer.status_code != 400, "refused for want of a form token"
