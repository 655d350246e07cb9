"""A download that is on its way when its data is withdrawn breaks off, and is seen to be broken."""
from __future__ import annotations

import io
from datetime import timedelta
from itertools import product
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.govdata import now
from ckanext.govdata.access import answer_watch, grants, rows
from tests.access.granted_world import (  # noqa: F401
    citizen,
    give,
    make,
    site,
)

pytestmark = pytest.mark.usefixtures("fresh", "always")


@pytest.fixture
def always(monkeypatch) -> None:
    """Asked before each piece; in the portal as often as time or amount says."""
    monkeypatch.setattr(answer_watch, "SECONDS", 0.0)


def table(entry: dict[str, Any]) -> str:
    """A table of a few megabytes."""
    resource_id = entry["resources"][0]["id"]
    tk.get_action("datastore_create")(site(), {
        "resource_id": resource_id, "force": True,
        "records": [{"line": "x" * 20_000} for _ in range(100)],
        "fields": [{"id": "line", "type": "text"}]})
    return resource_id


def upload(entry: dict[str, Any], text: bytes = b"line\n" + b"canary\n" * 300_000) -> str:
    resource_id = entry["resources"][0]["id"]
    file = FileStorage(io.BytesIO(text), "big.csv", content_type="text/csv")
    tk.get_action("resource_patch")(site(), {
        "id": resource_id, "url_type": "upload", "url": "big.csv", "upload": file})
    return resource_id


def patch(entry: dict[str, Any], **fields: Any) -> None:
    tk.get_action("package_patch")(site(), {"id": entry["id"], **fields})


def move(entry: dict[str, Any]) -> None:
    other = factories.Organization(level="county", region="340102")
    tk.get_action("package_owner_org_update")(
        site(), {"id": entry["id"], "organization_id": other["id"]})


def member_removed(entry: dict[str, Any]) -> None:
    model.Session.execute(sa.text("DELETE FROM govdata_grant_member"))
    model.Session.commit()


def expire(entry: dict[str, Any]) -> None:
    now.move(now.today() + timedelta(31))


def revoke(entry: dict[str, Any]) -> None:
    grant_id = model.Session.scalar(sa.text("SELECT id FROM govdata_grant"))
    grants.end(model.Session, grant_id, "revoked", "转给他人使用", "", now.today())
    model.Session.commit()


def delete_user(entry: dict[str, Any]) -> None:
    name = model.Session.scalar(sa.text(
        "SELECT u.name FROM govdata_grant g JOIN \"user\" u ON u.id = g.holder_id"))
    tk.get_action("user_delete")(site(), {"id": name})


def replace(entry: dict[str, Any]) -> None:
    tk.get_action("resource_patch")(site(), {
        "id": entry["resources"][0]["id"], "url_type": "upload", "url": "other.csv",
        "upload": FileStorage(io.BytesIO(b"new"), "other.csv")})


CHANGES = {
    "private": lambda entry: patch(entry, private=True),
    "deleted": lambda entry: tk.get_action("package_delete")(site(), {"id": entry["id"]}),
    "non_open": lambda entry: patch(
        entry, open_attribute="non_open", information_items=[]),
    "moved": move,
    "file deleted": lambda entry: tk.get_action("resource_delete")(
        site(), {"id": entry["resources"][0]["id"]}),
    "file replaced": replace,
    "revoked": revoke,
    "expired": expire,
    "holder deleted": delete_user,
}
BROKEN = (answer_watch.WithdrawnError, tk.NotAuthorized, tk.ObjectNotFound)
"""The last two where CKAN's own dump asks for the next rows."""
OPEN_CHANGES = ("private", "deleted", "non_open", "file deleted", "file replaced")
GOES_ON = ("file", "file replaced")
"""An uploaded file that is open stays as it is: who began it gets it to the end."""


@pytest.fixture(autouse=True)
def same_day():
    yield
    now.move(None)


def taken(app, path: str, headers: dict[str, str] | None, change: Any, entry: Any) -> bytes:
    """What comes of an answer during which something happens after the first piece."""
    client = app.flask_app.test_client()
    answer = client.get(path, headers=headers or {}, buffered=False)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    pieces = iter(answer.response)
    try:
        found = next(pieces)
        while len(found) < 100:  # the mark of a table comes by itself
            found += next(pieces)
        change(entry)
        with pytest.raises(BROKEN):
            found += next(pieces)
    finally:
        answer.close()
    return found


def granted_at(entry: Any, resource_id: str, citizen: Any, way: str) -> tuple[str, dict[str, str]]:  # noqa: F811
    """The address of the data under a new grant, and the headers with which it is asked for."""
    grant_id = give(entry, citizen)
    if way == "page":
        return f"/grants/{grant_id}/data/{resource_id}", citizen["headers"]
    if way == "token":
        user = model.User.get(citizen["name"])
        made = tk.get_action("govdata_grant_token_create")(
            {"user": user.name, "auth_user_obj": user}, {"id": grant_id, "name": "x"})
        return f"/api/govdata/granted/{resource_id}", {"X-Grant-Token": made["token"]}
    return f"/dataset/{entry['name']}/resource/{resource_id}/download", citizen["headers"]


@pytest.mark.parametrize("way", ["download", "page", "token"])
@pytest.mark.parametrize(("form", "change"), [
    one for one in product(("table", "file"), CHANGES) if one != GOES_ON])
def test_a_granted_download_breaks_off(app, citizen, change, way, form) -> None:  # noqa: F811
    entry = make()
    resource_id = (table if form == "table" else upload)(entry)
    path, headers = granted_at(entry, resource_id, citizen, way)
    found = taken(app, path, headers, CHANGES[change], entry)
    assert len(found) < 1_000_000, "the rest did not come"


@pytest.mark.parametrize("way", ["download", "page", "token"])
def test_a_file_that_is_replaced_goes_on_to_its_end(app, citizen, way) -> None:  # noqa: F811
    entry = make()
    path, headers = granted_at(entry, upload(entry), citizen, way)
    answer = app.flask_app.test_client().get(path, headers=headers, buffered=False)
    pieces = iter(answer.response)
    found = next(pieces)
    replace(entry)
    found += b"".join(pieces)
    answer.close()
    assert found.count(b"canary") == 300_000
    assert b"new" not in found


def test_a_file_whose_place_a_link_takes_breaks_off(app, citizen) -> None:  # noqa: F811
    entry = make()
    path, headers = granted_at(entry, upload(entry), citizen, "download")

    def link(_entry: Any) -> None:
        tk.get_action("resource_patch")(site(), {
            "id": entry["resources"][0]["id"], "url": "https://a.example/", "clear_upload": True})

    assert len(taken(app, path, headers, link, entry)) < 1_000_000


@pytest.mark.parametrize(("form", "change"), [
    one for one in product(("file", "dump"), OPEN_CHANGES) if one != GOES_ON])
def test_an_open_download_breaks_off(app, change, form, ckan_config, monkeypatch) -> None:
    monkeypatch.setitem(ckan_config, "ckan.datastore.search.rows_max", 10)
    entry = make("unconditional")
    resource_id = table(entry) if form == "dump" else upload(entry)
    path = f"/dataset/{entry['name']}/resource/{resource_id}/download"
    if form == "dump":
        path = f"/datastore/dump/{resource_id}"
    assert len(taken(app, path, None, CHANGES[change], entry)) < 2_000_000


def test_a_token_that_was_taken_back_gives_no_more(app, citizen) -> None:  # noqa: F811
    """The grant stands and so does its holder; the secret was lost."""
    entry = make()
    resource_id = upload(entry)
    grant_id = give(entry, citizen)
    person = {"user": citizen["name"], "auth_user_obj": model.User.get(citizen["id"])}
    made = tk.get_action("govdata_grant_token_create")(
        dict(person), {"id": grant_id, "name": "x"})

    def take_back(_entry: Any) -> None:
        person["auth_user_obj"] = model.User.get(citizen["id"])
        tk.get_action("govdata_grant_token_revoke")(
            dict(person), {"id": grant_id, "token": made["id"]})

    headers = {"X-Grant-Token": made["token"]}
    found = taken(app, f"/api/govdata/granted/{resource_id}", headers, take_back, entry)
    assert len(found) < 1_000_000


@pytest.mark.ckan_config("ckan.datastore.search.rows_max", 10)
@pytest.mark.parametrize("attribute", ["conditional", "unconditional"])
def test_a_column_that_was_closed_goes_out_no_more(app, citizen, attribute) -> None:  # noqa: F811
    entry = make(attribute)
    resource_id = table(entry)
    path = f"/datastore/dump/{resource_id}"
    if attribute == "conditional":
        give(entry, citizen)
        path = f"/dataset/{entry['name']}/resource/{resource_id}/download"

    def close(_entry: Any) -> None:
        line, other = entry["information_items"]
        patch(entry, information_items=[{**line, "opened": False}, other])

    found = taken(app, path, citizen["headers"], close, entry)
    assert len(found) < 1_000_000


def test_a_member_who_was_taken_off_gets_no_more(app, citizen) -> None:  # noqa: F811
    entry = make()
    resource_id = upload(entry)
    grant_id = give(entry, factories.User())
    grants.add_member(model.Session, grant_id, citizen["id"], "")
    model.Session.commit()
    for path in (f"/dataset/{entry['name']}/resource/{resource_id}/download",
                 f"/grants/{grant_id}/data/{resource_id}"):
        found = taken(app, path, citizen["headers"], member_removed, entry)
        assert len(found) < 1_000_000
        grants.add_member(model.Session, grant_id, citizen["id"], "")
        model.Session.commit()


def test_an_officer_who_left_the_department_gets_no_more(app) -> None:
    entry = make()
    resource_id = upload(entry)
    officer = factories.User()
    tk.get_action("organization_member_create")(
        site(), {"id": entry["owner_org"], "username": officer["name"], "role": "editor"})
    headers = {"Authorization": factories.APIToken(user=officer["name"])["token"]}

    def leave(_entry: Any) -> None:
        tk.get_action("organization_member_delete")(
            site(), {"id": entry["owner_org"], "username": officer["name"]})

    path = f"/dataset/{entry['name']}/resource/{resource_id}/download"
    assert len(taken(app, path, headers, leave, entry)) < 1_000_000


def test_what_goes_on_comes_whole(app, citizen) -> None:  # noqa: F811
    entry = make()
    resource_id = upload(entry)
    give(entry, citizen)
    path = f"/dataset/{entry['name']}/resource/{resource_id}/download"
    whole = app.get(path, headers=citizen["headers"]).get_data()
    assert whole.count(b"canary") == 300_000


def test_the_gate_is_asked_by_time_and_by_amount(monkeypatch) -> None:
    monkeypatch.setattr(answer_watch, "SECONDS", 3600)
    monkeypatch.setattr(answer_watch, "BYTES", 3 * rows.CHUNK)
    asked: list[int] = []
    monkeypatch.setattr(answer_watch, "_check", lambda ask: asked.append(len(given)))
    given: list[bytes] = []
    for piece in answer_watch.watched([b"x" * rows.CHUNK] * 10, lambda: None):  # type: ignore[arg-type]
        given.append(piece)
    assert asked == [0, 3, 6, 9], "what was closed before the file was opened gives no byte"
