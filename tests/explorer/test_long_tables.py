"""Long tables have indexes, are counted as far as is worth it, and told about beyond; a table that
is replaced meanwhile is read to its end."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckanext.datastore.backend.postgres import get_read_engine, get_write_engine
from explorer_world import ALL, HEAD, asked, entry, numbers, readable

from ckanext.govdata.domain.explorer.question import Condition, Order, Question
from ckanext.govdata.domain.explorer.question import Test as Asks
from ckanext.govdata.explorer import column_profile, facets, table_page
from ckanext.govdata.explorer.facets import RowCount
from ckanext.govdata.explorer.readable_table import ReadableTable
from ckanext.govdata.explorer.table_rows import TooSlowError, batches, connected, row_numbers
from ckanext.govdata.pager import Pager
from ckanext.govdata.tables import column_indexes, datastore_table
from tests.tables.table_world import replace, upload

pytestmark = pytest.mark.usefixtures("at_once")
AREAS = ("瑶海区", "蜀山区", "庐阳区", "包河区")
ROWS = "".join(f"{n}路,{AREAS[n * n % 4]},{n % 97},20{10 + n % 15}-01-01,,{'是否'[n % 2]},司机{n}\n"
               for n in range(1, 601))


@pytest.fixture
def file(monkeypatch) -> str:
    monkeypatch.setattr(column_indexes, "FROM_ROWS", 100)
    monkeypatch.setattr(facets, "COUNTED", 100)
    monkeypatch.setattr(column_profile, "COUNTED", 100)
    return upload(entry(), HEAD + ROWS)


def page(table: ReadableTable, question: Question, number: int = 1) -> table_page.TablePage:
    return table_page.page_of(table, question, Pager(number, 20))


def test_columns_have_indexes_by_which_rows_are_sorted(file: str) -> None:
    with get_write_engine().connect() as connection:
        made = connection.scalars(sa.text(
            "SELECT indexdef FROM pg_indexes WHERE tablename = :file"), {"file": file}).all()
        connection.exec_driver_sql("SET enable_seqscan = off")
        plan = "\n".join(connection.scalars(sa.text(
            f'EXPLAIN SELECT _id FROM "{file}" ORDER BY 客流量, _id LIMIT 20')).all())
    columns = [line.rpartition("(")[2] for line in made if "btree" in line]
    assert sorted(columns) == sorted([
        "_id)", "line, _id)", *(f'"{name}", _id)' for name in ALL[1:])])
    assert "Sort" not in plan
    datastore_table.index_words(file)  # once more, as the look does


def test_a_short_table_and_long_texts_have_none(monkeypatch) -> None:
    short = upload(entry(), HEAD + ROWS)
    monkeypatch.setattr(column_indexes, "FROM_ROWS", 2)
    wide = upload(entry(information_items=[]), "甲,乙\n" + f"1,{'长' * 200}\n" * 5)
    with get_read_engine().connect() as connection:
        made = dict(connection.execute(sa.text(
            "SELECT tablename, count(*) FROM pg_indexes "
            "WHERE indexname ~ '^c[0-9a-f]{40}$' GROUP BY 1"
        )).all())
    assert made.get(short) is None
    assert made[wide] == 1


def test_what_is_long_is_told_about(file: str) -> None:
    table = readable(file)
    assert table.estimate == 600
    whole = page(table, Question())
    assert whole.count == RowCount(100, exact=False, about=600)
    assert [one.column.name for one in whole.facets] == ["区", "开通日期", "在用"]
    area = whole.facets[0]
    assert not area.exact
    assert {one.value for one in area.values} <= {*AREAS}
    assert sum(one.count for one in area.values) == pytest.approx(600, rel=0.05)
    narrow = page(table, asked(("客流量", Asks.EQUALS, "5")))
    assert narrow.count == RowCount(7)
    assert all(one.exact for one in narrow.facets)
    assert sum(one.count for one in narrow.facets[0].values) == 7


def test_pages_reach_as_far_as_rows_are_counted(file: str) -> None:
    far = page(readable(file), Question(), 20)
    assert far.numbers == list(range(381, 401))
    assert far.count.number == 440
    last = page(readable(file), Question(), 30)
    assert (last.numbers[-1], last.count) == (600, RowCount(600))


@pytest.mark.parametrize("question", [
    Question(), asked(sort="客流量"), asked(sort="开通日期", descending=True),
    asked(sort="更新时刻", descending=True), asked(("区", Asks.EQUALS, "蜀山区"), sort="客流量"),
    asked(("客流量", Asks.UNTIL, "9"), sort="开通日期", descending=True),
    Question(orders=(Order("区", True), Order("客流量"))), asked(words="路 蜀山"),
])
def test_pages_and_pieces_have_the_same_rows_in_the_same_order(
    file: str, question: Question
) -> None:
    table = readable(file)
    whole = numbers(table, question, 50)
    assert list(row_numbers(table, question)) == whole
    turned: list[int] = []
    for number in range(1, 32):
        turned += page(table, question, number).numbers
    assert turned == whole


def test_what_stands_in_columns_is_told_about(file: str) -> None:
    profiles = {one.column.name: one for one in column_profile.of_columns(
        readable(file), Pager(1, 20))}
    assert not profiles["客流量"].exact
    assert (profiles["客流量"].first, profiles["客流量"].last) == ("0", "96")
    assert profiles["客流量"].distinct == 97
    assert profiles["更新时刻"].empty == 600
    assert "司机" not in profiles


def test_what_takes_too_long_is_broken_off() -> None:
    with pytest.raises(TooSlowError), connected(1) as connection:
        connection.exec_driver_sql("SELECT pg_sleep(5)")


def test_a_table_that_is_taken_away_is_not_there(file: str) -> None:
    table = readable(file)
    with get_write_engine().begin() as connection:
        connection.exec_driver_sql(f'DROP TABLE "{file}" CASCADE')
    with pytest.raises(tk.ObjectNotFound):
        page(table, Question())


def test_numbers_beyond_all_are_compared() -> None:
    file = upload(entry(information_items=[]), "甲,乙\n1,1.5\n2,2.5\n")
    with get_write_engine().begin() as connection:
        connection.exec_driver_sql(f'ALTER TABLE "{file}" ALTER 乙 TYPE double precision')
    table = readable(file)
    for column in ("甲", "乙"):
        assert numbers(table, asked((column, Asks.UNTIL, "1e999"))) == [1, 2]
        assert numbers(table, asked((column, Asks.FROM, "-1e999"))) == [1, 2]
        assert numbers(table, asked((column, Asks.FROM, "1e999"))) == []
        assert numbers(table, asked((column, Asks.EQUALS, "-1e999"))) == []


def test_a_table_that_is_replaced_is_read_to_its_end(file: str) -> None:
    table = readable(file)
    question = Question(conditions=(Condition("区", Asks.FILLED),), orders=(Order("客流量"),))
    pieces = [batches(table, asked, 100) for asked in (Question(), question)]
    begun = [next(one) for one in pieces]
    replace(file, "line,人数\n9路,1\n")
    for first, rest in zip(begun, pieces, strict=True):
        assert sum(map(len, [first, *rest])) == 600
    assert len(page(table, question).rows) == 20, "of the columns that are known"
    assert [one.name for one in readable(file).columns] == ["line"]
