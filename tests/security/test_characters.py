"""What PostgreSQL cannot hold is refused with words, by the API and by pages."""
from __future__ import annotations

import json

import pytest
from ckan import model
from ckan.tests import factories

pytestmark = pytest.mark.usefixtures("fresh")
NUL = "A text contains the character NUL"


@pytest.fixture
def token() -> dict[str, str]:
    return {"Authorization": factories.SysadminWithToken()["token"]}


@pytest.mark.parametrize("where", ["title", "description", "name", "tags"])
def test_the_api_names_the_field_and_writes_nothing(app, token, where):
    text = "有\x00字"
    value = [{"name": text}] if where == "tags" else text
    said = {"name": "nul-here", "title": "职业技能", where: value}
    before = model.Session.query(model.Group).count()
    answer = app.post("/api/3/action/organization_create", json=said, headers=token)
    assert answer.status_code == 409
    assert answer.json["success"] is False
    assert answer.json["error"][where][0].startswith(NUL)
    assert model.Session.query(model.Group).count() == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (r'{"name": "half", "title": "\ud800"}', "title"),
        (r'{"name": "half", "extras": [{"key": "a", "value": "\uDFFF"}]}', "extras"),
        (r'{"name": "half", "\ud800": "x"}', "\\ud800"),
    ],
)
def test_the_api_names_the_field_with_half_a_character(app, token, body, field):
    headers = {**token, "Content-Type": "application/json"}
    answer = app.post("/api/3/action/organization_create", data=body, headers=headers)
    assert answer.status_code == 409
    assert answer.json["error"][field][0].startswith("A text contains half of a character")
    assert model.Group.get("half") is None


def test_a_character_spelled_as_a_pair_is_whole(app, token):
    said = {"name": "whole", "title": "\U00020bb7野家", "level": "city", "region": "3401"}
    body = json.dumps(said | {"role": "department"})
    assert r"\ud842\udfb7" in body
    headers = {**token, "Content-Type": "application/json"}
    answer = app.post("/api/3/action/organization_create", data=body, headers=headers)
    assert answer.json["result"]["title"] == said["title"]


def test_the_api_refuses_a_form_with_nul(app, token):
    answer = app.post("/api/3/action/organization_create", data={"name": "a\x00b"}, headers=token)
    assert answer.status_code == 409
    assert answer.json["error"]["name"][0].startswith(NUL)


def test_the_letters_of_an_escape_are_no_nul(app, token):
    said = {"name": "nul-letters", "title": "写作 \\u0000 的文字"}
    answer = app.post("/api/3/action/organization_create", json=said, headers=token)
    assert NUL not in answer.body


@pytest.mark.parametrize("path", ["/dataset/a%00b", "/organization/a%00b", "/user/a%00b"])
def test_a_page_asked_for_with_nul_is_no_crash(app, path):
    assert app.get(path, expect_errors=True).status_code in (400, 403, 404)


def test_a_search_with_nul_is_answered(app):
    assert app.get("/dataset/?q=%E6%B0%B4%00%E8%B4%A8").status_code == 200


@pytest.mark.parametrize(("action", "missing"), [
    ("user_invite", "group_id"), ("group_member_create", "id"),
    ("organization_member_create", "id"), ("organization_member_delete", "id"),
])
def test_what_an_action_cannot_do_without_is_named(app, action: str, missing: str) -> None:
    answer = app.post(f"/api/3/action/{action}", json={"username": "x", "role": "y"}, status=None)
    assert answer.status_code == 409
    assert missing in answer.json["error"]
