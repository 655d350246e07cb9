"""Most used: entries opened from a list and files taken are counted, and nobody who did it."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from ckan.tests import factories, helpers
from sqlalchemy.exc import OperationalError

from ckanext.govdata.search import popularity
from ckanext.govdata.search.model import EntryUse


def entry(title: str, **more: Any) -> dict[str, Any]:
    return factories.Dataset(**{
        "title": title, "owner_org": factories.Organization()["id"], "domain": "transport",
        "update_period": "yearly", "share_type": "unconditional",
        "open_attribute": "unconditional", **more,
    })


def file_of(of: dict[str, Any]) -> dict[str, Any]:
    """A file that stands elsewhere."""
    return factories.Resource(package_id=of["id"], url="https://example.com/a.csv", format="CSV")


def order(app, path: str) -> list[str]:
    """Names of the entries of a list, as the page shows them."""
    found = BeautifulSoup(app.get(path, status=200).body, "html.parser")
    links = found.select(".gd-results h3 a, .gd-results h4 a")
    return [link["href"].rsplit("/", 1)[-1] for link in links]


def take(app, of: dict[str, Any], file: dict[str, Any], status: int = 302, **more: Any) -> Any:
    path = f"/dataset/{of['name']}/resource/{file['id']}/download"
    answer = app.get(path, follow_redirects=False, **more)
    assert answer.status_code == status
    return answer


def test_what_is_opened_most_comes_first(app, portal):
    often, seldom, never = (entry(f"公厕第{n}批") for n in "一二三")
    for name in (often["name"], often["name"], seldom["name"]):
        answer = app.get("/api/govdata/search/click", query_string={"entry": name, "q": "公厕"})
        assert answer.status_code == 204
    assert popularity.publish() == 2
    assert popularity.publish() == 0, "nothing was opened since"
    listed = order(app, "/dataset/?q=公厕&sort=used")
    assert listed[:3] == [often["name"], seldom["name"], never["name"]]
    helpers.call_action("package_patch", id=often["id"], notes="新的摘要")
    assert popularity.of_entry(often["id"]) == 2


def test_taking_a_file_counts_as_opening_does(app, portal):
    opened, taken = entry("公厕第一批"), entry("公厕第二批")
    file = file_of(taken)
    app.get("/api/govdata/search/click", query_string={"entry": opened["name"]})
    for _ in range(2):
        take(app, taken, file)
    assert (popularity.of_entry(opened["id"]), popularity.of_entry(taken["id"])) == (1, 2)
    popularity.publish()
    assert order(app, "/dataset/?q=公厕&sort=used")[:2] == [taken["name"], opened["name"]]


def test_an_uploaded_file_and_a_table_count_too(app, portal, create_with_upload):
    of = entry("公厕")
    file = create_with_upload("名称,地址\n一,二\n", "a.csv", package_id=of["id"])
    assert "名称" in take(app, of, file, 200).body
    assert popularity.of_entry(of["id"]) == 1
    path = f"/dataset/{of['name']}/resource/{file['id']}/download/a.csv"
    part = app.get(path, headers={"Range": "bytes=4-8"}, follow_redirects=False)
    assert (part.status_code, popularity.of_entry(of["id"])) == (206, 1), "a part is no second use"
    helpers.call_action(
        "datastore_create", resource_id=file["id"], force=True,
        fields=[{"id": "name"}], records=[{"name": "一"}])
    app.get(f"/datastore/dump/{file['id']}", status=200)
    assert popularity.of_entry(of["id"]) == 2


def test_what_hands_out_nothing_does_not_count(app, portal):
    of = entry("公厕")
    file = file_of(of)
    path = f"/dataset/{of['name']}/resource/{file['id']}/download"
    assert app.test_client().head(path, follow_redirects=False).status_code == 302
    app.get(f"/dataset/{of['name']}", status=200)
    app.get(f"/dataset/{of['name']}/resource/{file['id']}", status=200)
    take(app, of, {"id": "no-such-file"}, 404)
    assert popularity.of_entry(of["id"]) == 0


def test_a_refused_file_does_not_count(app, portal):
    closed = entry(
        "公厕", open_attribute="conditional", open_conditions="仅限研究用途",
        open_basis="《中华人民共和国政府信息公开条例》第十五条")
    file = file_of(closed)
    take(app, closed, file, 403)
    assert popularity.of_entry(closed["id"]) == 0


def test_only_public_entries_count(app, portal):
    hidden = entry("内部", private=True)
    officer = factories.UserWithToken()
    helpers.call_action("organization_member_create", id=hidden["owner_org"],
                        username=officer["name"], role="editor")
    for name in (hidden["name"], "no-such-entry", "x" * 5000, "'; --"):
        app.get("/api/govdata/search/click", query_string={"entry": name})
    take(app, hidden, file_of(hidden), headers={"Authorization": officer["token"]})
    assert popularity.of_entry(hidden["id"]) == 0
    assert popularity.publish() == 0


def test_a_file_is_handed_out_though_it_cannot_be_counted(app, portal, monkeypatch):
    of = entry("公厕")
    file = file_of(of)

    def away(resource_id: str) -> None:
        raise OperationalError("insert", {}, Exception("away"))

    monkeypatch.setattr(popularity, "downloaded", away)
    take(app, of, file)


def test_the_table_holds_nothing_about_people():
    assert set(EntryUse.__table__.c.keys()) == {"package_id", "uses", "indexed"}
