"""An id that was a file's is never another's, and a file's name is no id.

A department deletes a file, or the operator purges its entry: what was stored stays where it was.
Another department's officer, who knows the id, asks for a file of his own under it.
"""
from __future__ import annotations

import io
from itertools import product
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.govdata import ckan_uploads
from tests.access.granted_world import TABLE, fetch, make, site

pytestmark = pytest.mark.usefixtures("fresh")
CANARY = "13900001111"
NAME = "低保对象名单"


@pytest.fixture
def thief() -> dict[str, Any]:
    """An officer of another department, with an open entry of his own."""
    user = factories.User()
    place = factories.Organization(level="county", region="340103", users=[
        {"name": user["name"], "capacity": "editor"}])
    own = make("unconditional", name="own", owner_org=place["id"], resources=[],
               information_items=[])
    return {"entry": own["id"], "headers": {
        "Authorization": factories.APIToken(user=user["name"])["token"]}}


def put_up(entry: dict[str, Any], stored: str) -> str:
    """A file of the entry: uploaded, or a link with a table."""
    upload = FileStorage(io.BytesIO(f"name,phone\n甲,{CANARY}\n".encode()), "a.csv")
    sent = {"upload": upload} if stored == "file" else {"url": "https://in.example/k"}
    made = tk.get_action("resource_create")(site(), {
        "package_id": entry["id"], "name": NAME, "format": "CSV", **sent})
    if stored == "table":
        tk.get_action("datastore_create")(site(), {
            "resource_id": made["id"], "force": True, "aliases": ["another_name"],
            "fields": [{"id": "line", "type": "text"}, {"id": "riders", "type": "int"},
                       {"id": "driver", "type": "text"}],
            "records": [{**TABLE[0], "driver": CANARY}]})
    return made["id"]


@pytest.mark.parametrize("stored", ["file", "table"])
@pytest.mark.parametrize(("how", "action"), [
    ("resource_delete", "resource_create"), ("resource_delete", "package_revise"),
    ("package_update", "package_patch"), ("dataset_purge", "resource_create"),
    ("dataset_purge", "package_patch"), ("not at all", "resource_create"),
])
def test_what_was_anothers_file_is_nobodys(app, thief, stored: str, how: str, action: str) -> None:
    entry = make(resources=[])
    taken = put_up(entry, stored)
    if how == "resource_delete":
        tk.get_action(how)(site(), {"id": taken})
    elif how == "dataset_purge":
        tk.get_action(how)(site(), {"id": entry["id"]})
    elif how == "package_update":
        tk.get_action("package_patch")(site(), {"id": entry["id"], "resources": []})
    wanted = {"id": taken, "name": "b", "url": "b.csv", "url_type": "upload", "format": "CSV"}
    sent = {
        "resource_create": {"package_id": thief["entry"], **wanted},
        "package_patch": {"id": thief["entry"], "resources": [wanted]},
        "package_revise": {"match": {"id": thief["entry"]}, "update": {"resources": [wanted]}},
    }[action]
    answer = app.post(f"/api/3/action/{action}", json=sent, headers=thief["headers"], status=None)
    if (stored, how) != ("file", "dataset_purge"):  # of which nothing is left
        assert answer.status_code == 409, answer.json
    for path in (f"/dataset/{thief['entry']}/resource/{taken}/download",
                 f"/api/3/action/datastore_search?resource_id={taken}",
                 f"/datastore/dump/{taken}"):
        for reader in (None, thief):
            found = fetch(app, {}, reader, path)
            assert found.status_code < 500, path
            assert CANARY not in found.get_data(as_text=True), path


def test_what_is_purged_leaves_the_disk_with_the_commit(monkeypatch) -> None:
    entry = make(resources=[])
    place = ckan_uploads.place_of(put_up(entry, "file"))
    assert place is not None
    with monkeypatch.context() as patched:
        patched.setattr(model.repo, "commit_and_remove", model.Session.rollback)
        tk.get_action("dataset_purge")(site(), {"id": entry["id"]})
    assert CANARY in place.read_text()
    tk.get_action("dataset_purge")(site(), {"id": entry["id"]})
    assert not place.exists()


def test_the_other_name_of_a_table_is_no_new_id(app, thief) -> None:
    put_up(make(resources=[]), "table")
    answer = app.post("/api/3/action/resource_create", status=None, headers=thief["headers"], json={
        "package_id": thief["entry"], "id": "another_name", "name": "b", "url": "b.csv"})
    assert answer.status_code == 409


@pytest.mark.parametrize("written", [lambda name: [name], lambda name: f"free, {name}"])
def test_an_id_of_a_file_is_no_other_name_of_a_table(app, thief, written) -> None:
    """Nobody's table is handed out, or in the way, under the id of another's file."""
    official = put_up(make("unconditional", resources=[], information_items=[]), "link")
    own = app.post("/api/3/action/datastore_create", headers=thief["headers"], json={
        "resource": {"package_id": thief["entry"], "name": "b"},
        "fields": [{"id": "line", "type": "text"}], "records": [{"line": "forged"}]})
    answer = app.post("/api/3/action/datastore_create", status=None, headers=thief["headers"],
                      json={"resource_id": own.json["result"]["resource_id"], "force": True,
                            "aliases": written(official)})
    assert answer.status_code == 409
    assert "aliases" in answer.json["error"]
    dump = fetch(app, {}, None, f"/datastore/dump/{official}")
    assert "forged" not in dump.get_data(as_text=True)
    tk.get_action("datastore_create")(site(), {
        "resource_id": official, "force": True, "fields": [{"id": "a", "type": "text"}]})


def test_ones_own_id_stays_and_a_new_one_may_be_chosen(app, thief) -> None:
    chosen = "7c6f3f52-1d54-4d0e-9c6e-0f5d0c9a1b11"
    sent = {"id": chosen, "name": "b", "url": "https://a.example/b.csv", "format": "CSV"}
    for asked in ([sent], [], [sent]):  # put up, taken away, put up again
        answer = app.post("/api/3/action/package_patch", status=None, headers=thief["headers"],
                          json={"id": thief["entry"], "resources": asked})
        assert answer.status_code == 200, answer.json
        assert [one["id"] for one in answer.json["result"]["resources"]] == [
            one["id"] for one in asked]


NAMED = ["resource_show", "resource_view_list", "datastore_create", "datastore_delete",
         "datastore_upsert", "resource_update", "resource_patch", "resource_delete",
         "govdata_access_check", "govdata_access_location", "datastore_records_delete"]


@pytest.mark.parametrize("hidden", ["private", "deleted", "non_open"])
def test_a_files_name_is_no_id(app, thief, hidden: str) -> None:
    entry = make("non_open" if hidden == "non_open" else "conditional", resources=[],
                 private=hidden == "private")
    put_up(entry, "file")
    if hidden == "deleted":
        tk.get_action("package_delete")(site(), {"id": entry["id"]})
    words = (NAME, "低保对象名册")
    for action, headers in product(NAMED, ({}, thief["headers"])):
        said = []
        for name in words:
            sent = {"id": name, "resource_id": name, "force": True, "filters": {}, "records": []}
            answer = app.post(f"/api/3/action/{action}", status=None, headers=headers, json=sent)
            said.append((answer.status_code, str(answer.json).replace(name, "X")))
        assert said[0] == said[1], action
    for name in words:
        assert fetch(app, {}, None, f"/dataset/x/resource/{name}/download").status_code == 404


def test_deleting_a_keyword_asks_first(app, thief) -> None:
    make("conditional", private=True, tags=[{"name": "隐藏词"}])
    said = [app.post("/api/3/action/tag_delete", json={"id": word}, status=None,
                     headers=thief["headers"]) for word in ("隐藏词", "从未有过")]
    assert [one.status_code for one in said] == [403, 403]
    assert said[0].json["error"] == said[1].json["error"]
