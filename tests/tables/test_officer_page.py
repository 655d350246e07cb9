"""What an officer sees of his files' tables, and others do not."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from table_world import make, replace, show, site, upload

from ckanext.govdata.tables import load_job, load_rows

pytestmark = pytest.mark.usefixtures("at_once")
BAD = "<html><body>404</body></html>"


@pytest.fixture
def officer(app):
    """An entry, and the headers of its officer."""
    entry, user = make(), factories.UserWithToken()
    tk.get_action("organization_member_create")(site(), {
        "id": entry["owner_org"], "username": user["name"], "role": "editor"})
    return entry, {"Authorization": user["token"]}


@pytest.mark.parametrize("language", ["/zh_Hans_CN", "/zh_Hant_TW", "/en"])
def test_state_and_warnings_stand_on_the_pages(app, officer, language: str) -> None:
    entry, headers = officer
    file = upload(entry, "线路名称,站名\n1路,王五\n")
    words = {"/zh_Hans_CN": "已转为数据表：1 行，2 列", "/zh_Hant_TW": "1 列資料，2 個欄位",
             "/en": "is a table: 1 rows, 2 columns"}[language]
    for page in (f"{language}/dataset/{entry['name']}",
                 f"{language}/dataset/{entry['name']}/resource/{file}"):
        mine, anybodys = app.get(page, headers=headers).body, app.get(page).body
        assert words in mine
        assert "客流量" in mine
        assert "站名" in mine
        assert words not in anybodys
        assert "站名" not in anybodys


def test_a_failure_says_what_readers_have(app, officer) -> None:
    entry, headers = officer
    file = upload(entry, "线路名称\n1路\n")
    replace(file, BAD)
    page = app.get(f"/zh_Hans_CN/dataset/{entry['name']}/resource/{file}", headers=headers).body
    assert "未能转为数据表" in page
    assert "网页（HTML）" in page
    assert "读者目前使用的是" in page


def test_the_button_tries_again(app, officer) -> None:
    entry, headers = officer
    file = upload(entry, "线路名称\n1路\n")
    place = f"/dataset/{entry['name']}/resource/{file}/table"
    assert place not in app.get(f"/dataset/{entry['name']}", headers=headers).body
    row = load_rows.find(model.Session, file)
    assert row is not None
    load_rows.change(model.Session, row, state="failed", error={"code": "died"})
    model.Session.commit()
    assert place in app.get(f"/dataset/{entry['name']}", headers=headers).body
    stranger = {"Authorization": factories.UserWithToken()["token"]}
    assert app.post(place, headers=stranger, expect_errors=True,
                    follow_redirects=False).status_code in (403, 404)
    assert show(file)["state"] == "failed"
    assert app.post(place, headers=headers, follow_redirects=False).status_code == 302
    assert show(file)["state"] == "loaded"


def test_while_words_are_prepared_the_page_says_so(app, officer, monkeypatch) -> None:
    monkeypatch.setattr(load_job, "index", lambda resource_id: None)
    entry, headers = officer
    upload(entry, "线路名称\n1路\n")
    body = app.get(f"/zh_Hans_CN/dataset/{entry['name']}", headers=headers).body
    assert "检索词正在准备中" in body
