"""What an enemy asks of a table costs little, is answered in words, and tells nothing more."""
from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckanext.datastore.backend.postgres import get_write_engine
from explorer_world import HEAD, buses, entry, numbers, readable
from test_long_tables import ROWS
from test_page_of_a_table import address

from ckanext.govdata.domain.explorer.question import Order, Question
from ckanext.govdata.explorer import column_profile, table_page, table_rows
from ckanext.govdata.explorer.readable_table import readable_table
from ckanext.govdata.explorer.table_rows import TooSlowError, UnfitError, connected, held
from ckanext.govdata.pager import Pager
from ckanext.govdata.tables import datastore_table
from tests.tables.table_world import upload

pytestmark = pytest.mark.usefixtures("at_once")
LARGEST = 150_000
"""Bytes of a page that says no."""


def ask(app: Any, file: str, *pairs: tuple[str, str]) -> Any:
    return app.get(f"{address(file)}?{urlencode(pairs)}", status=None, follow_redirects=False)


@pytest.mark.parametrize("pairs", [
    [(f"n{n}", "1") for n in range(1_600)],
    [(f"_n{n}", "1") for n in range(1_600)],
    [("_column", f"n{n}") for n in range(1_600)],
    [("_sort", f"n{n}") for n in range(1_600)],
    [pair for n in range(500) for pair in (("客流量__from", f"{1000 + n}"),
                                           ("客流量__until", f"{n}"))],
    [("客流量", f"{n}") for n in range(1_600)],
], ids=["conditions", "parameters", "columns", "orders", "ends", "values"])
def test_long_questions_are_refused_briefly(app, pairs: list[tuple[str, str]]) -> None:
    file = buses()
    ask(app, file)
    begun = time.process_time()
    answer = ask(app, file, *pairs)
    assert time.process_time() - begun < 2
    assert answer.status_code == 400
    assert len(answer.body) < LARGEST
    assert 1 <= len(BeautifulSoup(answer.body, "html.parser").select(".gd-wrong li")) <= 10
    with pytest.raises(tk.ValidationError) as found:
        tk.get_action("govdata_table_rows")({"user": ""}, {
            "resource_id": file, "query": urlencode(pairs[:900])})
    assert len(str(found.value.error_dict)) < 2_000


UNSORTED = {"j": ("json", '{"a": 1}'), "b": ("box", "(2,2),(1,1)"), "p": ("point", "(1,2)")}


def test_columns_that_the_database_cannot_sort_are_texts(app) -> None:
    file = buses(information_items=[])
    with get_write_engine().begin() as connection:
        for name, (kind, value) in UNSORTED.items():
            connection.exec_driver_sql(f'ALTER TABLE "{file}" ADD "{name}" {kind}')
            connection.exec_driver_sql(
                f'UPDATE "{file}" SET "{name}" = %s::{kind} WHERE _id < 4', (value,))
    assert ask(app, file).status_code == 200
    assert ask(app, file, ("_view", "columns")).status_code == 200
    assert ask(app, file, ("_view", "chart")).status_code == 200
    for name, (_kind, value) in UNSORTED.items():
        for pair in (("_sort", name), ("_sort", f"{name}.desc"), (f"{name}__contains", value),
                     (name, value), (f"{name}__empty", "1"), ("_column", name)):
            assert ask(app, file, pair).status_code == 200, (name, pair)
            assert ask(app, file, ("_view", "chart"), ("_chart", "bars"), ("_by", name),
                       pair).status_code == 200, (name, pair)
        order = Question(orders=(Order(name, True),))
        assert sorted(numbers(readable(file), order)[:3]) == [1, 2, 3], name


def test_what_cannot_be_worked_out_is_said() -> None:
    with pytest.raises(UnfitError), connected(1) as connection:
        connection.exec_driver_sql("SELECT 1 / 0")


def test_all_statements_of_a_page_have_one_end(monkeypatch) -> None:
    assert table_rows.SECONDS < datastore_table.WAITED, "who replaces the table waits for a page"
    monkeypatch.setattr(table_rows, "SECONDS", 1)
    table = readable(buses())
    begun = time.monotonic()
    with pytest.raises(TooSlowError), held(table, Question()) as (connection, _asked):
        [connection.exec_driver_sql("SELECT pg_sleep(0.3)") for _ in range(20)]
    assert 0.8 < time.monotonic() - begun < 1.3
    with pytest.raises(TooSlowError), held(table, Question(), table_rows.within(-1)):
        pass


@pytest.mark.parametrize("action", ["govdata_table_rows", "datastore_search"])
def test_rows_that_programs_get_are_kept_by_no_cache(app, action: str) -> None:
    answer = app.get(f"/api/3/action/{action}?resource_id={buses()}")
    assert answer.json["success"]
    assert "public" not in answer.headers["Cache-Control"]
    assert "public" not in ask(app, buses()).headers["Cache-Control"]


def test_what_was_deleted_is_named_no_more(monkeypatch) -> None:
    monkeypatch.setattr(column_profile, "COUNTED", 100)
    file = upload(entry(), HEAD + ROWS)
    assert "瑶海区" in str(column_profile.of_columns(readable(file), Pager(1, 20)))
    with get_write_engine().begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM \"{file}\" WHERE 区 = '瑶海区'")
    found = column_profile.of_columns(readable(file), Pager(1, 20))
    assert not found[0].exact
    assert "瑶海区" not in str(found)
    assert "蜀山区" in str(found)


def rows(file: str, query: str = "", **more: object) -> list[list[object]]:
    return tk.get_action("govdata_table_rows")({"user": ""}, {
        "resource_id": file, "query": query, **more})["rows"]


def test_long_cells_are_cut_by_the_database_and_no_choices(monkeypatch) -> None:
    long = "长" * 5_000
    file = upload(entry(information_items=[]), "甲,乙\n" + f"{long},短\n" * 4 + "别,文\n" * 4)
    page = table_page.page_of(readable(file), Question(), Pager(1, 20), cut=201)
    assert len(str(page.rows[0][1])) == 201
    assert [one.column.name for one in page.facets] == ["乙"]
    assert rows(file)[0][1] == long
    monkeypatch.setattr(table_page, "LARGEST", 50_000)
    assert len(rows(file, page_size=3)) == 3
    with pytest.raises(tk.ValidationError) as found:
        rows(file)
    assert "query" in found.value.error_dict


def test_a_column_is_sorted_by_whatever_it_is_called() -> None:
    file = upload(entry(information_items=[]), "甲,c0,c1\n1,3,x\n2,2,y\n3,1,z\n")
    assert [row[0] for row in rows(file, "_sort=c0")] == [3, 2, 1]
    assert numbers(readable(file), Question(orders=(Order("c0"),), columns=("c1",))) == [3, 2, 1]


@pytest.mark.parametrize(("written", "value"), [
    ("7" * 5_000, "7" * 5_000), ("9" * 400 + ".5", "9" * 400 + ".5"), ("0.1", 0.1), ("12", 12),
    ("1234567890123456789", "1234567890123456789"), ("9007199254740992", 2**53),
    ("0.12345678901234567890", "0.12345678901234567890"), ("-7.50", -7.5),
])
def test_numbers_are_handed_out_as_they_are(written: str, value: object) -> None:
    file = buses(information_items=[])
    with get_write_engine().begin() as connection:
        connection.exec_driver_sql(f'UPDATE "{file}" SET 客流量 = {written} WHERE _id = 1')
    assert rows(file, "_column=客流量")[0][1] == value


def test_only_tables_of_the_datastore_are_read() -> None:
    file = buses()
    with get_write_engine().begin() as connection:
        connection.exec_driver_sql(f'ALTER TABLE "{file}" RENAME _id TO id')
    assert readable_table({"user": ""}, file) is None
