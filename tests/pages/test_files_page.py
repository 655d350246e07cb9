"""The files of an entry, as its officer looks after them on one page (issue 18)."""
from __future__ import annotations

import io
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.pages.conftest import make_entry

pytestmark = pytest.mark.usefixtures("fresh")
PAGE = "/en/dataset/open-one/files"
HOSTILE = '"><script>alert(1)</script>\u202egpj.exe'


@pytest.fixture
def officer(entries) -> dict[str, str]:
    user = factories.UserWithToken()
    call_action("organization_member_create", id="yaohai", username=user["name"], role="editor")
    return {"Authorization": user["token"]}


@pytest.fixture
def ask(app, officer):
    """Ask or send as the officer; the answer's page."""

    def do(path: str = PAGE, status: int = 200, **data: Any) -> BeautifulSoup:
        more = {"content_type": "multipart/form-data", "data": data} if data else {}
        method = app.post if data else app.get
        answer = method(path, headers=officer, follow_redirects=False, status=status, **more)
        return BeautifulSoup(answer.body, "html.parser")

    return do


def csv(name: str = "站点.csv", text: str = "站名\n甲\n") -> tuple[io.BytesIO, str]:
    return io.BytesIO(text.encode()), name


def files(entry: str = "open-one") -> list[dict[str, Any]]:
    return call_action("package_show", id=entry)["resources"]


def wrong(page: BeautifulSoup) -> str:
    return page.select_one(".gd-wrong").get_text(" ", strip=True)


def test_a_file_is_added_renamed_replaced_ordered_and_removed(ask) -> None:
    ask(status=302, upload=csv())
    ask(status=302, url="https://example.org/b.xlsx", name="乙", description="别处")
    first, second = files()
    assert (first["name"], first["format"], first["url_type"]) == ("站点.csv", "CSV", "upload")
    assert (second["name"], second["format"], second["url"]) == (
        "乙", "XLSX", "https://example.org/b.xlsx")
    ask(f"{PAGE}/{second['id']}/move", status=302, up="1")
    assert [one["id"] for one in files()] == [second["id"], first["id"]]
    ask(f"{PAGE}/{second['id']}/move", status=302, up="1")
    assert [one["id"] for one in files()] == [second["id"], first["id"]], "there is no place above"
    new = {"name": "新名", "description": "", "upload": csv("新.json", "[]")}
    ask(f"{PAGE}/{first['id']}", status=302, **new)
    kept = files()[1]
    assert (kept["name"], kept["format"]) == ("新名", "JSON")
    assert kept["url"].endswith("%E6%96%B0.json") or kept["url"].endswith("新.json")
    ask(f"{PAGE}/{second['id']}/remove", status=302, sure="1")
    assert [one["id"] for one in files()] == [first["id"]]
    page = ask()
    assert "新名" in page.get_text()
    assert "乙" not in page.select_one(".gd-files").get_text()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "甲"}, "Choose a file, or give its address."),
        ({"upload": (io.BytesIO(b""), "空.csv")}, "“空.csv” is empty."),
        ({"url": "javascript:alert(1)"}, "is not a web address"),
        ({"url": "https://example.org/a.csv", "upload": (io.BytesIO(b"a"), "a.csv")}, "not both"),
        ({"url": "https://example.org/a.csv", "name": "长" * 201}, "At most 200 characters."),
        ({"url": "https://example.org/a.csv", "name": "a\x00b"}, "control characters"),
    ],
    ids=["nothing", "empty", "script", "both", "long", "control"],
)
def test_what_is_no_file_is_refused_in_words_with_all_that_was_typed(ask, data, words) -> None:
    page = ask(status=409, description="写了很久的说明", **data)
    assert words in wrong(page)
    assert page.select_one("#description").get_text(strip=True) == "写了很久的说明"
    assert files() == []


def test_one_that_is_too_large_is_refused_with_the_limit(ask, ckan_config, monkeypatch) -> None:
    monkeypatch.setitem(ckan_config, "ckan.max_resource_size", 1)
    page = ask(status=409, upload=csv("大.csv", "a" * (2**20 + 1)))
    assert "“大.csv” is too large: a file may have 1 MiB." in wrong(page)
    assert "大.csv" in wrong(page), "it must be chosen again"
    assert files() == []


def test_two_files_of_an_entry_have_two_names(ask) -> None:
    ask(status=302, upload=csv("A.csv"))
    page = ask(status=409, upload=csv("a.CSV"))
    assert "has a file called “a.CSV” already" in wrong(page)
    ask(status=302, upload=csv("a.csv"), name="另一个")
    other = files()[1]["id"]
    page = ask(f"{PAGE}/{other}", status=409, name="A.CSV", description="")
    assert "already" in wrong(page)
    ask(f"{PAGE}/{other}", status=302, name="另一个", description="名称不变")
    assert [one["name"] for one in files()] == ["A.csv", "另一个"]


def test_hostile_names_are_shown_as_text_and_lose_what_nobody_sees(ask) -> None:
    ask(status=302, upload=csv(f"../../{HOSTILE}.csv"))
    [file] = files()
    assert "\u202e" not in file["name"]
    assert "/" not in file["name"].replace("</", "")
    for path in (PAGE, f"{PAGE}/{file['id']}", f"{PAGE}/{file['id']}/remove", "/dataset/open-one"):
        assert not ask(path).find_all("script", src=False), path


def test_a_form_that_is_sent_twice_adds_one_file(ask) -> None:
    key = ask().select_one("form[enctype] input[name=_once]")["value"]
    for _ in range(2):
        ask(status=302, upload=csv(), _once=key)
    assert len(files()) == 1


def test_others_have_no_such_page(app, ask) -> None:
    ask(status=302, upload=csv())
    file = files()[0]["id"]
    make_entry("hidden", private=True)
    stranger = {"Authorization": factories.UserWithToken()["token"]}
    for entry in ("open-one", "hidden", "none"):
        for path in ("", f"/{file}", f"/{file}/remove"):
            place = f"/dataset/{entry}/files{path}"
            assert app.get(place, headers=stranger, status=404)
            assert "/user/login" in app.get(place, follow_redirects=False, status=302).location
        for path in ("", f"/{file}", f"/{file}/remove", f"/{file}/move", "/publish"):
            app.post(f"/dataset/{entry}/files{path}", headers=stranger, status=404,
                     data={"up": "1", "name": "x"})
    assert [one["name"] for one in files()] == ["站点.csv"]


def test_a_file_of_another_entry_is_none_of_this_one(ask) -> None:
    ask(status=302, upload=csv())
    file = files()[0]["id"]
    other = PAGE.replace("open-one", "by-application")
    ask(f"{other}/{file}", status=404)
    ask(f"{other}/{file}/remove", status=404, sure="1")
    ask(f"{other}/{file}/move", status=404, up="1")
    assert len(files()) == 1


def test_ckans_pages_lead_here_and_take_what_programs_send(app, ask, officer) -> None:
    ask(status=302, upload=csv())
    file = files()[0]["id"]
    for path, there in (("/dataset/open-one/resource/new", "/dataset/open-one/files"),
                        ("/dataset/resources/open-one", "/dataset/open-one/files"),
                        (f"/dataset/open-one/resource/{file}/edit",
                         f"/dataset/open-one/files/{file}")):
        answer = app.get(path, headers=officer, follow_redirects=False, status=302)
        assert answer.location.endswith(there), path
    sent = {"package_id": "open-one", "name": "程序", "url": "https://example.org/p.csv",
            "save": "go-metadata", "id": ""}
    app.post("/dataset/open-one/resource/new", headers=officer, data=sent, follow_redirects=False,
             status=302)
    assert files()[1]["name"] == "程序"


def test_a_draft_is_finished_here(ask) -> None:
    tk.get_action("package_patch")({"ignore_auth": True, "user": ""}, {
        "id": "open-one", "state": "draft"})
    page = ask()
    assert "This entry is a draft" in page.get_text()
    ask(status=302, upload=csv())
    ask(f"{PAGE}/publish", status=302, ready="1")
    assert model.Package.get("open-one").state == "active"
    assert "This entry is a draft" not in ask().get_text()


def test_the_entry_leads_its_officer_here_and_nobody_else(app, ask) -> None:
    link = ask("/en/dataset/open-one").find("a", href=PAGE)
    assert link.get_text() == "Add a file"
    ask(status=302, upload=csv())
    assert ask("/en/dataset/open-one").find("a", href=PAGE).get_text() == "Manage files"
    assert PAGE not in app.get("/en/dataset/open-one").body


def test_the_address_of_a_file_elsewhere_stands_in_its_form_and_is_kept(ask) -> None:
    ask(status=302, url="https://example.org/a.data", name="甲")
    file = files()[0]
    page = ask(f"{PAGE}/{file['id']}")
    assert page.select_one("#url")["value"] == "https://example.org/a.data"
    same = {"url": "https://example.org/a.data", "description": ""}
    ask(f"{PAGE}/{file['id']}", status=302, name="乙", **same)
    assert (files()[0]["name"], files()[0]["url"]) == ("乙", "https://example.org/a.data")
    ask(f"{PAGE}/{file['id']}", status=302, name="乙", upload=csv("a.csv"), **same)
    assert files()[0]["url_type"] == "upload"
    assert files()[0]["format"] == "CSV"
