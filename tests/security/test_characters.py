"""What PostgreSQL cannot hold is refused with words, by the API and by pages."""
from __future__ import annotations

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
