"""A table is offered where it can be made, and else it is said why not."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from table_world import CSV, make, show, site, upload

from ckanext.govdata import ckan_uploads, settings
from ckanext.govdata.tables import follow, load_rows

pytestmark = pytest.mark.usefixtures("at_once")
HTML = "<!DOCTYPE html><html><body>维护中</body></html>"


@pytest.fixture
def never_looked_at(monkeypatch) -> None:
    """Files come, and nobody has looked yet whether they are tables."""
    monkeypatch.setattr(follow, "entry_written", lambda *_entry, **_more: None)


def page(app, entry: dict[str, object], file: str) -> str:
    user = factories.UserWithToken()
    tk.get_action("organization_member_create")(site(), {
        "id": entry["owner_org"], "username": user["name"], "role": "editor"})
    return app.get(f"/en/dataset/{entry['name']}/resource/{file}",
                   headers={"Authorization": user["token"]}).body


def is_offered(body: str, file: str) -> bool:
    return f"/resource/{file}/table" in body


def refusal(file: str) -> str:
    with pytest.raises(tk.ValidationError) as found:
        tk.get_action("govdata_table_load")(site(), {"resource_id": file})
    return found.value.error_dict["resource_id"][0]


@pytest.mark.usefixtures("never_looked_at")
def test_what_can_be_made_is_offered(app) -> None:
    entry = make()
    file = upload(entry, CSV)
    body = page(app, entry, file)
    assert is_offered(body, file)
    assert "is no table yet" in body


@pytest.mark.usefixtures("never_looked_at")
@pytest.mark.parametrize(("attribute", "content", "name", "words"), [
    ("non_open", CSV, "a.csv", "neither open nor open on conditions"),
    ("unconditional", HTML, "a.csv", "web page (HTML)"),
    ("unconditional", b"%PDF-1.7\n", "a.xlsx", "PDF"),
    ("unconditional", b"\x89PNG\r\n", "a.json", "a picture"),
    ("unconditional", CSV + "3路,1,王五\n" * 200_000, "a.csv", "at most 1 MiB"),
])
def test_of_what_cannot_it_is_said_why_not(
        app, monkeypatch, attribute: str, content: str | bytes, name: str, words: str) -> None:
    of_tables = settings.of_tables
    monkeypatch.setattr(settings, "of_tables", lambda it: 1 if it == "size" else of_tables(it))
    entry = make(attribute)
    file = upload(entry, content, name)
    body = page(app, entry, file)
    assert not is_offered(body, file)
    assert "is no table." in body
    assert words in body
    assert words in refusal(file)


@pytest.mark.usefixtures("never_looked_at")
def test_where_another_plugin_does_it_nothing_is_offered(app, monkeypatch) -> None:
    entry = make()
    file = upload(entry, CSV)
    monkeypatch.setattr(settings, "makes_tables", lambda: False)
    assert not is_offered(page(app, entry, file), file)
    assert "makes no tables" in refusal(file)


@pytest.mark.usefixtures("never_looked_at")
def test_nor_where_the_file_is_not_there(app) -> None:
    entry = make()
    file = upload(entry, CSV)
    place = ckan_uploads.place_of(file)
    assert place is not None
    place.unlink()
    body = page(app, entry, file)
    assert not is_offered(body, file)
    assert "upload it again" in body


def test_a_link_is_refused_in_its_own_words() -> None:
    file = tk.get_action("resource_create")(site(), {
        "package_id": make()["id"], "url": "https://example.invalid/a.csv", "format": "CSV"})["id"]
    assert "is a link" in refusal(file)


@pytest.mark.parametrize(("content", "name"), [
    (HTML, "a.csv"), ('甲,乙\n"1,2\n', "a.csv"), ("[1, 2]", "a.json"),
    (b"PK\x03\x04 broken", "a.xlsx"), (b"\xff\xff\xfe\x81", "a.csv"),
])
def test_what_was_refused_is_refused_the_next_time_too(
        app, content: str | bytes, name: str) -> None:
    """So the button would but say the same again; the reason stands there."""
    entry = make()
    file = upload(entry, content, name)
    body = page(app, entry, file)
    assert show(file)["state"] == "failed"
    assert "did not become a table" in body
    assert not is_offered(body, file)


def failed(file: str, code: str, **detail: str) -> None:
    row = load_rows.find(model.Session, file)
    assert row is not None
    load_rows.change(model.Session, row, state="failed", error={"code": code, "detail": detail})
    model.Session.commit()


@pytest.mark.parametrize(("code", "limit", "offered"), [
    ("died", "", True), ("unexpected", "", True), ("too_slow", "", True),
    ("too_many_rows", "10", True), ("too_many_rows", "1500000", False),
    ("too_many_columns", "10", True), ("too_many_columns", "300", False),
    ("too_many_nul_rows", "1000", False), ("too_many_bad_rows", "10", True),
])
def test_what_may_be_over_is_offered_again(app, code: str, limit: str, offered: bool) -> None:
    """Also what the operator allows by now."""
    entry = make()
    file = upload(entry, CSV)
    failed(file, code, **({"limit": limit, "row": "3", "count": "400"} if limit else {}))
    assert is_offered(page(app, entry, file), file) is offered
