"""What a grant gives: its columns, its rows, marked and recorded; and where data really stands."""
from __future__ import annotations

import http.server
import io
import threading
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.govdata import now
from ckanext.govdata.access import gate, grants, locations, rows, use_log
from ckanext.govdata.catalogue.entry import bulk
from ckanext.govdata.domain.refusal import Refusal
from tests.access.granted_world import (
    SOURCE,
    as_table,
    fetch,
    give,
    make,
    site,
)
from tests.access.granted_world import citizen as citizen  # a fixture

pytestmark = pytest.mark.usefixtures("fresh")


def test_granted_columns_and_rows_marked_and_recorded(app, citizen) -> None:
    entry = make()
    resource_id = as_table(entry)
    grant_id = give(entry, citizen, ("客流量", "线路名称"), 100)
    answer = fetch(app, entry, citizen)
    lines = answer.get_data(as_text=True).splitlines()
    assert answer.status_code == 200
    assert lines[0] == "line,riders"
    assert lines[1] == "0路,0"
    assert len(lines) == 101
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "riders_%E7%91%B6%E6%B0%91%E7%94%B3" in answer.headers["Content-Disposition"]
    assert SOURCE not in str(answer.headers)
    said = tk.get_action("govdata_ledger_list")(site(), {"action": "data_delivered"})["results"][0]
    assert said["object_id"] == grant_id
    assert resource_id in str(said)
    assert tk.get_action("govdata_ledger_verify")(site(), {})


@pytest.mark.parametrize("officer", [False, True])
def test_whose_account_ended_is_nobody_whoever_asks_for_him(citizen, officer) -> None:
    """A job or another program's action names him still; his seat may be left."""
    entry = make()
    as_table(entry)
    if officer:
        tk.get_action("organization_member_create")(site(), {
            "id": entry["owner_org"], "username": citizen["name"], "role": "editor"})
    else:
        give(entry, citizen)
    user, resource = model.User.get(citizen["id"]), entry["resources"][0]["id"]
    named = ({"user": citizen["name"]}, {"user": citizen["name"], "auth_user_obj": user})
    assert not [one for one in named if isinstance(gate.allows(one, resource), Refusal)]
    user.state = "deleted"
    model.Session.commit()
    assert [one for one in named if isinstance(gate.allows(one, resource), Refusal)] == [*named]


def test_rows_by_the_api_stay_within_the_grant(app, citizen) -> None:
    entry = make()
    resource_id = as_table(entry)
    give(entry, citizen, ("线路名称",))
    path = f"/api/3/action/datastore_search?resource_id={resource_id}"
    answer = fetch(app, entry, citizen, path)
    assert answer.status_code == 200
    assert set(answer.json["result"]["records"][0]) == {"line"}
    for more in ("&q=司机7", "&fields=driver", '&filters={"driver":"司机7"}', "&sort=driver",
                 "&fields=line&sort=riders desc", "&fields=line,driver", "&distinct=true&fields=*",
                 "&fields=line&q=司机7"):
        assert fetch(app, entry, citizen, path + more).status_code == 403, more
    assert fetch(app, entry, citizen, f"/datastore/dump/{resource_id}").status_code == 403
    info = fetch(app, entry, citizen, f"/api/3/action/datastore_info?id={resource_id}")
    assert info.status_code == 403


def test_who_took_one_file_did_not_take_another(citizen) -> None:
    entry = make()
    grant_id, file = give(entry, citizen), entry["resources"][0]["id"]
    assert use_log.readers_of(model.Session, entry["id"]) == set(), "what is granted is not taken"
    rows.record(grant_id, "data_read", citizen["id"], {"resource": file})
    assert use_log.readers_of(model.Session, entry["id"], file) == {citizen["id"]}
    assert use_log.readers_of(model.Session, entry["id"], "another") == set()


def test_of_an_uploaded_table_so_many_rows_are_given_and_no_more() -> None:
    lines = ("线路名称,司机\n", "1路,张\n", "2路,王\n", "3路,李\n")
    given = b"".join(rows.narrowed(iter(lines), ["线路名称"], 2)).decode()
    assert given.split() == ["线路名称", "1路", "2路"]


def test_a_grant_of_some_rows_gives_the_first_ones_and_no_others(app, citizen) -> None:
    entry = make()
    resource_id = as_table(entry)
    give(entry, citizen, ("线路名称",), row_limit=10)
    path = f"/api/3/action/datastore_search?resource_id={resource_id}&fields=line"
    for more, status in (
        ("&limit=10", 200), ("&limit=11", 403), ("&limit=5&offset=5", 200),
        ("&limit=5&offset=6", 403), ("&limit=5&sort=line desc", 403),
        ('&limit=5&filters={"line":"7路"}', 403),
    ):
        assert fetch(app, entry, citizen, path + more).status_code == status, more


@pytest.mark.parametrize("case", ["nobody", "stranger", "expired", "revoked", "closed"])
def test_without_a_grant_in_force_nothing(app, citizen, case: str) -> None:
    entry = make()
    as_table(entry)
    reader: dict[str, Any] | None = citizen
    if case == "nobody":
        reader = None
    elif case != "stranger":
        grant_id = give(entry, citizen, days=-2 if case == "expired" else 30)
        if case == "expired":
            now.move(now.today() + timedelta(1))
        if case == "revoked":
            grants.end(model.Session, grant_id, "revoked", "转给他人使用", "", now.today())
            model.Session.commit()
        if case == "closed":
            tk.get_action("package_patch")(site(), {"id": entry["id"],
                                                    "open_attribute": "non_open",
                                                    "information_items": []})
    try:
        answer = fetch(app, entry, reader)
    finally:
        now.move(None)
    assert answer.status_code == 403
    assert entry["open_basis"] in answer.get_data(as_text=True)
    assert "司机" not in answer.get_data(as_text=True)


def test_an_uploaded_file_whole_or_by_column(app, citizen) -> None:
    entry = make(information_items=[])
    upload = FileStorage(io.BytesIO("线路,司机\n1路,王\n2路,李\n".encode("gb18030")),
                         "secret-name.csv", content_type="text/csv")
    tk.get_action("resource_update")(site(), {
        "id": entry["resources"][0]["id"], "name": "客流", "format": "CSV", "url_type": "upload",
        "url": "secret-name.csv", "upload": upload})
    grant_id = give(entry, citizen)
    assert "王" in fetch(app, entry, citizen).get_data().decode("gb18030")
    assert "secret-name" not in str(tk.get_action("package_show")(site(), {"id": entry["id"]}))
    grants.end(model.Session, grant_id, "revoked", "范围缩小后重新授权", "", now.today())
    tk.get_action("package_patch")(site(), {"id": entry["id"], "information_items": [
        {"name": "线路", "type": "C", "opened": True}]})
    give(entry, citizen, ("线路",))
    answer = fetch(app, entry, citizen)
    assert answer.get_data(as_text=True).splitlines() == ["线路", "1路", "2路"]


def test_a_link_is_fetched_and_its_address_stays_here(
    app, citizen, ckan_config, monkeypatch
) -> None:
    class Source(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"line\n1\n")

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Source)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/secret-place.csv"
    entry = make(resources=[{"name": "客流", "url": url, "format": "CSV"}])
    give(entry, citizen, ("线路名称", "客流量"))
    try:
        assert fetch(app, entry, citizen).status_code == 409, "this machine is not reached"
        monkeypatch.setitem(ckan_config, "ckanext.govdata.access.source_hosts", ["127.0.0.1"])
        answer = fetch(app, entry, citizen)
    finally:
        server.shutdown()
    assert answer.get_data() == b"line\n1\n"
    assert "secret-place" not in str(answer.headers)


def test_the_true_place_is_in_our_table_only_and_comes_back() -> None:
    entry = make("unconditional")
    resource_id = entry["resources"][0]["id"]
    assert entry["resources"][0]["url"] == SOURCE
    for attribute in ("conditional", "non_open"):
        changed = tk.get_action("package_patch")(
            site(), {"id": entry["id"], "open_attribute": attribute, "information_items": []})
        assert SOURCE not in str(changed)
        stored = model.Session.get(model.Resource, resource_id, populate_existing=True)
        assert (stored.url, stored.hash) == (locations.HELD, "")
        assert locations.find(resource_id)["url"] == SOURCE
    tk.get_action("resource_patch")(site(), {"id": resource_id, "description": "一句话"})
    assert locations.find(resource_id)["url"] == SOURCE, "a change of words keeps the place"
    tk.get_action("resource_patch")(site(), {"id": resource_id, "url": SOURCE + "?2"})
    opened = tk.get_action("package_patch")(
        site(), {"id": entry["id"], "open_attribute": "unconditional"})
    assert opened["resources"][0]["url"] == SOURCE + "?2"
    assert opened["resources"][0]["hash"] == "abc123"
    assert locations.find(resource_id) is None


def test_an_import_closes_the_files_too() -> None:
    entry = make("unconditional")
    resource_id = entry["resources"][0]["id"]
    bulk.change([bulk.ChangedEntry(entry["id"], {"open_attribute": "non_open"})],
                now.now().replace(tzinfo=None))
    model.Session.commit()
    stored = model.Session.get(model.Resource, resource_id, populate_existing=True)
    assert stored.url == locations.HELD
    assert locations.find(resource_id)["url"] == SOURCE


def test_a_stream_ends_when_its_reader_goes() -> None:
    resource_id = as_table(make())
    taken = rows.stream(resource_id, ["line"], None)
    next(taken)
    taken.close()
    assert b"".join(rows.stream(resource_id, ["line"], 1)) == "line\n0路\n".encode()


@pytest.mark.parametrize("name", ["limit", "offset", "total_estimation_threshold"])
@pytest.mark.parametrize("value", [[3], {"a": 1}])
def test_a_number_that_is_a_list_is_refused_in_words(app, citizen, name, value) -> None:
    entry = make()
    resource_id = as_table(entry)
    give(entry, citizen, ("线路名称",))
    user = {"user": citizen["name"], "auth_user_obj": model.User.get(citizen["name"])}
    with pytest.raises(tk.ValidationError, match=name):
        tk.get_action("datastore_search")(user, {"resource_id": resource_id, name: value})
