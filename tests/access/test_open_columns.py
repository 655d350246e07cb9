"""Tables of open entries: strangers get the columns whose items are declared open, by no way more.

Asked as an attacker asks: every parameter of a search, every form of the dump, and the oracles of
order, count and refusal.
"""
from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from ckanext.govdata.access import gate
from ckanext.govdata.domain.access import Permitted
from ckanext.govdata.domain.refusal import Refusal
from tests.access.granted_world import as_table, fetch, make, site
from tests.snapshots import restored

pytestmark = pytest.mark.usefixtures("fresh")
ITEMS = [
    {"name": "线路名称", "name_en": "line", "type": "C", "opened": True},
    {"name": "客流量", "name_en": "riders", "type": "N"}]
"""``riders`` is declared and not open; ``driver`` is not declared."""
OPEN = {"_id", "line"}


@pytest.fixture
def table() -> str:
    return restored(
        "open columns", lambda: as_table(make("unconditional", information_items=ITEMS))
    )


def ask(app, action: str, reader: Any = None, **asked: Any) -> Any:
    return app.post(f"/api/3/action/{action}", json=asked, status=None,
                    headers=(reader or {}).get("headers"))


def officer_of(table: str) -> dict[str, Any]:
    user = factories.User()
    entry = tk.get_action("package_show")(site(), {"id": "riders"})
    tk.get_action("organization_member_create")(
        site(), {"id": entry["owner_org"], "username": user["name"], "role": "editor"})
    return {"headers": {"Authorization": factories.APIToken(user=user["name"])["token"]}}


def test_a_file_that_was_deleted_is_given_to_nobody(table) -> None:
    assert isinstance(gate.judged(table, None), Permitted)
    tk.get_action("resource_delete")(site(), {"id": table})
    assert isinstance(gate.judged(table, None), Refusal)


@pytest.mark.parametrize("how", ["resource_id", "id", "alias"])
@pytest.mark.parametrize("form", ["objects", "lists", "csv", "tsv"])
def test_rows_by_the_api(app, table, form: str, how: str) -> None:
    tk.get_action("datastore_create")(
        site(), {"resource_id": table, "force": True, "aliases": ["other_name"]})
    named = {"id": "other_name"} if how == "alias" else {how: table}
    answer = ask(app, "datastore_search", **named, records_format=form)
    assert answer.status_code == 200
    assert {field["id"] for field in answer.json["result"]["fields"]} == OPEN
    assert "司机" not in str(answer.json)
    assert "0路" in str(answer.json)


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_dumps(app, table, form: str) -> None:
    text = fetch(app, {}, None, f"/datastore/dump/{table}?format={form}").get_data(as_text=True)
    assert "249路" in text
    for canary in ("司机", "driver", "riders"):
        assert canary not in text


@pytest.mark.parametrize("filters", ["[]", '[{"driver":"1"}]'])
def test_filters_of_a_dump_that_are_a_list_are_refused(app, table, filters: str) -> None:
    answer = app.get(f"/datastore/dump/{table}", query_string={"filters": filters}, status=None)
    assert answer.status_code == 409


def test_what_the_table_is(app, table) -> None:
    said = ask(app, "datastore_info", id=table)
    assert [field["id"] for field in said.json["result"]["fields"]] == ["line"]
    assert "driver" not in said.get_data(as_text=True)


NAMING: list[dict[str, Any]] = [
    {"fields": ["$"]}, {"fields": "line,$"}, {"fields": '"$"'}, {"sort": "$"},
    {"sort": "line, $ desc"}, {"sort": '"$" desc nulls last'}, {"filters": {"$": "1"}},
    {"filters": [{"line": "1路"}, {"$": "1"}]}, {"filters": {"$or": [{"$": {"gte": "0"}}]}},
    {"filters": {"$and": [{"line": "1路"}, {"$": ["0", "1"]}]}},
    {"fields": ["$"], "distinct": True},
]


@pytest.mark.parametrize("asked", NAMING, ids=json.dumps)
def test_a_hidden_column_is_refused_as_one_that_never_was(app, table, asked) -> None:
    said = []
    for name in ("driver", "riders", "nobody"):
        filled = json.loads(json.dumps(asked).replace('"$"', f'"{name}"')
                            .replace('\\"$\\"', f'\\"{name}\\"').replace("$ desc", f"{name} desc")
                            .replace(",$", f",{name}").replace(", $", f", {name}"))
        answer = ask(app, "datastore_search", resource_id=table, **filled)
        said.append((answer.status_code, answer.get_data(as_text=True).replace(name, "")))
    assert said[0][0] == 409
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize("asked", [
    {"q": "司机7"}, {"full_text": "司机7"}, {"q": {"driver": "司机7"}}, {"q": {"line": "x"}},
    {"q": {"line": "!司机7"}, "plain": False}, {"q": {"line": "x"}, "full_text": "司机7"}],
    ids=json.dumps)
def test_words_are_not_looked_for_in_hidden_columns(app, table, asked) -> None:
    hit = ask(app, "datastore_search", resource_id=table, **asked)
    missed = json.loads(json.dumps(asked, ensure_ascii=False).replace("司机7", "无人"))
    assert hit.status_code == 409
    assert hit.get_data() == ask(app, "datastore_search", resource_id=table, **missed).get_data()


def test_order_and_count_say_nothing(app, table) -> None:
    found = ask(app, "datastore_search", resource_id=table, distinct=True, fields=["line"],
                sort="line desc", filters={"line": ["1路", "2路"]}).json["result"]
    assert found["total"] == 2
    assert [row["line"] for row in found["records"]] == ["2路", "1路"]


def test_the_page_of_the_entry(app, table) -> None:
    for path in ("/dataset/riders", f"/dataset/riders/resource/{table}"):
        text = fetch(app, {}, None, path).get_data(as_text=True)
        assert "司机" not in text
        assert "0路" in text


def test_the_department_reads_its_own(app, table) -> None:
    officer = officer_of(table)
    row = ask(app, "datastore_search", officer, resource_id=table, q="司机7").json["result"]
    assert row["records"][0]["driver"] == "司机7"
    dump = fetch(app, {}, officer, f"/datastore/dump/{table}")
    assert "司机249" in dump.get_data(as_text=True)


def test_the_operator_has_no_seat(app, table) -> None:
    admin = factories.SysadminWithToken()
    answer = ask(app, "datastore_search", {"headers": {"Authorization": admin["token"]}},
                 resource_id=table)
    assert "司机" not in str(answer.json)


def test_an_entry_that_declares_no_items_gives_its_table_whole(app) -> None:
    table = as_table(make("unconditional", information_items=[]))
    assert "司机" in str(ask(app, "datastore_search", resource_id=table).json)


def test_closing_an_item_closes_its_column(app, table) -> None:
    tk.get_action("package_patch")(site(), {"id": "riders", "information_items": [
        {**ITEMS[0], "opened": False}, {**ITEMS[1], "opened": True}]})
    answer = ask(app, "datastore_search", resource_id=table)
    assert {field["id"] for field in answer.json["result"]["fields"]} == {"_id", "riders"}
    assert "路" not in str(answer.json)


@pytest.fixture
def uploaded(create_with_upload) -> dict[str, Any]:
    """An open entry with an uploaded file of three columns that is a table too."""
    entry = make("unconditional", information_items=ITEMS, resources=[])
    file = create_with_upload(
        "line,riders,driver\n1路,5,司机甲\n", "客流.csv", package_id=entry["id"], context=site(),
        format="CSV")
    as_table({"resources": [file]})
    return file


def taken(app, file: dict[str, Any], reader: dict[str, Any] | None = None) -> Any:
    path = f"/dataset/riders/resource/{file['id']}/download/{file['url'].rpartition('/')[2]}"
    return app.get(path, headers=(reader or {}).get("headers"), status=None)


def test_a_file_that_is_a_table_leaves_with_its_open_columns(app, uploaded) -> None:
    answer = taken(app, uploaded)
    assert answer.status_code == 200
    assert "1路" in answer.get_data(as_text=True)
    for canary in ("司机", "driver", "riders"):
        assert canary not in answer.get_data(as_text=True)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_its_department_takes_the_file_itself(app, uploaded) -> None:
    answer = taken(app, uploaded, officer_of(uploaded["id"]))
    assert "司机甲" in answer.get_data(as_text=True)


def test_a_file_with_open_columns_alone_is_taken_as_it_is(app, uploaded) -> None:
    open_ = [{"name": name, "type": "C", "opened": True} for name in ("line", "riders", "driver")]
    tk.get_action("package_patch")(site(), {"id": "riders", "information_items": open_})
    assert taken(app, uploaded).get_data(as_text=True) == "line,riders,driver\n1路,5,司机甲\n"
