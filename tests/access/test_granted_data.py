"""What a grant gives: its columns, its rows, marked and recorded; and where data really stands."""
from __future__ import annotations

import http.server
import io
import json
import threading
import time
import uuid
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.govdata import now
from ckanext.govdata.access import gate, grants, locations, rows, use_log
from ckanext.govdata.catalogue.entry import bulk
from ckanext.govdata.domain.access import Permitted
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.domain.scope import Scope
from ckanext.govdata.ledger import book
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("fresh")
SOURCE = "https://example.org/secret-place.csv"
TABLE = [{"line": f"{n}路", "riders": n, "driver": f"司机{n}"} for n in range(250)]


def site() -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"ignore_auth": True, "user": user["name"]}


def make(attribute: str = "conditional", **more: Any) -> dict[str, Any]:
    department = factories.Organization(level="county", region="340102")
    return tk.get_action("package_create")(site(), {
        "name": "riders", "title": "公交线路客流", "notes": "各线路的客流。",
        "owner_org": department["id"],
        "domain": "transport", "update_period": "yearly", "share_type": "unconditional",
        "open_attribute": attribute, "open_conditions": "仅限研究用途使用",
        "open_basis": "瑶政办〔2024〕2号第十五条", "data_formats": ["csv"],
        "information_items": [
            {"name": "线路名称", "name_en": "line", "type": "C", "opened": True},
            {"name": "客流量", "name_en": "riders", "type": "N", "opened": True}],
        "resources": [{"name": "客流", "url": SOURCE, "format": "CSV", "hash": "abc123"}], **more})


def as_table(entry: dict[str, Any]) -> str:
    resource_id = entry["resources"][0]["id"]
    tk.get_action("datastore_create")(site(), {
        "resource_id": resource_id, "force": True, "records": TABLE,
        "fields": [{"id": "line", "type": "text"}, {"id": "riders", "type": "int"},
                   {"id": "driver", "type": "text"}]})
    return resource_id


def case_for(entry: dict[str, Any], user: dict[str, Any]) -> str:
    """A decided case, for a grant to rest on."""
    case_id = str(uuid.uuid4())
    model.Session.execute(sa.text(
        "INSERT INTO govdata_case"
        " (id, kind, state, open, organization_id, jurisdiction, rules_day,"
        " applicant_id, opened, created, modified) VALUES (:id, 'open_application', 'granted',"
        " false, :department, 'yaohai', :day, :user, :day, now(), now())"),
        {"id": case_id, "department": entry["owner_org"], "user": user["id"], "day": now.today()})
    return case_id


def give(entry: dict[str, Any], user: dict[str, Any],
         columns: tuple[str, ...] = ("线路名称", "客流量"),
         row_limit: int | None = None, days: int = 30) -> str:
    """A grant as a decision opens it."""
    resources = tuple(r["id"] for r in entry["resources"])
    first, last = sorted((now.today(), now.today() + timedelta(days)))
    scope = Scope(resources, {r: columns for r in resources if columns}, first, last, row_limit)
    grant_id, opened = grants.open_grant(model.Session, grants.Opening(
        case_for(entry, user), "瑶民申〔2026〕7号", user["id"], entry["id"],
        entry["owner_org"], scope, "研究", "", "download", "2026-1"))
    book.write(model.Session, [opened])
    model.Session.commit()
    return grant_id


def address(entry: dict[str, Any]) -> str:
    return f"/dataset/{entry['name']}/resource/{entry['resources'][0]['id']}/download"


@pytest.fixture
def citizen() -> dict[str, Any]:
    user = factories.User()
    return {**user, "headers": {"Authorization": factories.APIToken(user=user["name"])["token"]}}


def fetch(app, entry, reader: dict[str, Any] | None = None, path: str = "") -> Any:
    return app.get(path or address(entry), headers=(reader or {}).get("headers"),
                   follow_redirects=False, status=None)


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
    assert "瑶政办〔2024〕2号第十五条" in answer.get_data(as_text=True)
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


def asked_of_the_gate(user_id: str, resource: dict[str, Any]) -> tuple[int, float]:
    """Statements of one question, and the processor time of the fastest of many."""
    context = {"auth_user_obj": model.User.get(user_id)}
    took = []
    with statements() as sent:
        for _ in range(40):
            sent.clear()
            started = time.thread_time()
            assert not isinstance(gate.allows(context, resource), Refusal)
            took.append(time.thread_time() - started)
    return len(sent), min(took)


def test_the_gate_costs_a_thousand_grants_what_it_costs_one(citizen) -> None:
    """Milliseconds depend on the machine: what is counted are statements, and what is compared
    is the processor time beside that of somebody with one grant."""
    entry, other = make(), factories.User()
    give(entry, other)
    for _ in range(1000):
        grants.open_grant(model.Session, grants.Opening(
            case_for(entry, citizen), "r", citizen["id"], entry["id"], entry["owner_org"],
            Scope(("another",), {}, now.today(), now.today()), "", "", "download", "1"))
    model.Session.commit()
    give(entry, citizen, ("线路名称",))
    resource = entry["resources"][0]
    one, many = (asked_of_the_gate(user["id"], resource) for user in (other, citizen))
    assert one[0] == many[0] == 2
    assert many[1] < 2 * one[1] + 0.0005
    model.Session.execute(sa.text("ANALYZE govdata_grant, govdata_grant_member"))
    assert blocks_read(citizen["id"], entry["id"], resource["id"]) < 20


def test_a_grant_in_force_is_found_behind_many_that_were_stopped(citizen) -> None:
    entry = make()
    resource = entry["resources"][0]["id"]
    scope = Scope((resource,), {}, now.today(), now.today() + timedelta(days=400))
    for _ in range(60):
        grants.open_grant(model.Session, grants.Opening(
            case_for(entry, citizen), "r", citizen["id"], entry["id"], entry["owner_org"],
            scope, "", "", "download", "1"))
    model.Session.execute(sa.text("UPDATE govdata_grant SET revoked = valid_from"))
    model.Session.commit()
    reader = model.User.get(citizen["id"])
    assert isinstance(gate.judged(resource, reader), Refusal)
    give(entry, citizen)
    assert isinstance(gate.judged(resource, reader), Permitted)


def blocks_read(user_id: str, package_id: str, resource_id: str) -> int:
    """Blocks of the database that are read to find a reader's grants of a file."""
    values = {"user": user_id, "package": package_id, "today": now.today()}
    values["resource"] = json.dumps(resource_id)
    explain = sa.text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {grants.OF_READER.text}")
    plan = model.Session.scalar(explain, values)[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def test_a_stream_ends_when_its_reader_goes() -> None:
    resource_id = as_table(make())
    taken = rows.stream(resource_id, ["line"], None)
    next(taken)
    taken.close()
    assert b"".join(rows.stream(resource_id, ["line"], 1)) == "line\n0路\n".encode()


def closed_columns(**more: Any) -> dict[str, Any]:
    """An entry whose table has a sensitive column, one that is not open, and one undeclared."""
    return make(information_items=[
        {"name": "线路名称", "name_en": "line", "type": "C", "opened": True},
        {"name": "客流量", "name_en": "riders", "type": "N"},
        {"name": "司机", "name_en": "driver", "type": "C", "sensitive": True}], **more)


@pytest.mark.parametrize("columns", [(), ("司机", "客流量"), ("driver", "undeclared")])
def test_a_grant_hands_out_nothing_that_is_not_declared_open(app, citizen, columns) -> None:
    """Also an old one that names no columns, which meant all of them."""
    entry = closed_columns()
    resource_id = as_table(entry)
    grant_id = give(entry, citizen, columns)
    assert fetch(app, entry, citizen).status_code == 409
    search = f"/api/3/action/datastore_search?resource_id={resource_id}"
    assert fetch(app, entry, citizen, search).status_code == 403
    page = fetch(app, entry, citizen, f"/grants/{grant_id}/data/{resource_id}")
    assert "司机" not in page.get_data(as_text=True)
    token = tk.get_action("govdata_grant_token_create")(
        {"user": citizen["name"], "auth_user_obj": model.User.get(citizen["name"])},
        {"id": grant_id, "name": "x"})["token"]
    for more in ("", "?format=json"):
        answer = app.get(f"/api/govdata/granted/{resource_id}{more}", status=None,
                         headers={"X-Grant-Token": token})
        assert answer.status_code == 409
        assert "司机" not in answer.get_data(as_text=True)


def test_an_item_that_was_closed_after_the_grant_is_given_no_more(app, citizen) -> None:
    entry = make()
    as_table(entry)
    give(entry, citizen, ("线路名称", "客流量"))
    assert fetch(app, entry, citizen).get_data(as_text=True).startswith("line,riders")
    tk.get_action("package_patch")(site(), {"id": entry["id"], "information_items": [
        {"name": "线路名称", "name_en": "line", "type": "C", "opened": True},
        {"name": "客流量", "name_en": "riders", "type": "N", "sensitive": True}]})
    assert fetch(app, entry, citizen).get_data(as_text=True).splitlines()[0] == "line"


def test_a_file_that_cannot_be_divided_is_given_only_where_nothing_is_closed(
    app, citizen
) -> None:
    entry = closed_columns()
    upload = FileStorage(io.BytesIO(b"PK whole"), "a.xlsx")
    tk.get_action("resource_update")(site(), {
        "id": entry["resources"][0]["id"], "name": "客流", "format": "XLSX", "url_type": "upload",
        "url": "a.xlsx", "upload": upload})
    give(entry, citizen, ("线路名称",))
    assert fetch(app, entry, citizen).status_code == 409
    tk.get_action("package_patch")(site(), {"id": entry["id"], "information_items": [
        {"name": "线路名称", "name_en": "line", "type": "C", "opened": True}]})
    assert fetch(app, entry, citizen).status_code == 200


@pytest.mark.parametrize("name", ["limit", "offset", "total_estimation_threshold"])
@pytest.mark.parametrize("value", [[3], {"a": 1}])
def test_a_number_that_is_a_list_is_refused_in_words(app, citizen, name, value) -> None:
    entry = make()
    resource_id = as_table(entry)
    give(entry, citizen, ("线路名称",))
    user = {"user": citizen["name"], "auth_user_obj": model.User.get(citizen["name"])}
    with pytest.raises(tk.ValidationError, match=name):
        tk.get_action("datastore_search")(user, {"resource_id": resource_id, name: value})
