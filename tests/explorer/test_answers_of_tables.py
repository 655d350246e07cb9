"""Which rows a table answers to a question, in which order; only what the reader may read."""
from __future__ import annotations

import itertools

import pytest
from explorer_world import ALL, asked, buses, numbers, readable

from ckanext.govdata.domain.explorer.column import Kind
from ckanext.govdata.domain.explorer.question import Order, Question
from ckanext.govdata.domain.explorer.question import Test as Asks
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.explorer.readable_table import readable_table
from ckanext.govdata.explorer.table_rows import batches
from tests.tables.conftest import Standing


@pytest.fixture
def files(standing: Standing) -> list[str]:
    """The table with a column kept back, and the one whose rows are whole."""
    return standing("buses", lambda: [buses(), buses(information_items=[])])


@pytest.fixture
def file(files: list[str]) -> str:
    return files[0]


def test_a_reader_gets_the_columns_that_are_open(file: str) -> None:
    table = readable(file)
    assert [one.name for one in table.columns] == ALL[:-1]
    assert [one.title for one in table.columns][:3] == ["线路名称", "区", "客流量"]
    assert [one.code for one in table.columns][:4] == ["line", "district", "riders", "opened"]
    assert [one.kind for one in table.columns] == [
        Kind.TEXT, Kind.TEXT, Kind.NUMBER, Kind.DAY, Kind.MOMENT, Kind.FLAG]
    assert table.columns[0].notes == "如1路"
    assert not table.whole
    assert not table.words, "the index of words is of whole rows"


CONDITIONS = [
    ((("line", Asks.EQUALS, "1路"),), [1]),
    ((("line", Asks.EQUALS, "1"),), []),
    ((("line", Asks.CONTAINS, "路"),), [1, 2, 3]),
    ((("line", Asks.CONTAINS, "brt"),), [4]),
    ((("line", Asks.CONTAINS, "%"),), []),
    ((("区", Asks.EMPTY),), [4]),
    ((("区", Asks.FILLED),), [1, 2, 3, 5]),
    ((("客流量", Asks.EQUALS, "7.50"),), [5]),
    ((("客流量", Asks.FROM, "7.5"),), [1, 3, 5]),
    ((("客流量", Asks.UNTIL, "７"),), [2]),
    ((("客流量", Asks.FROM, "1e3"),), []),
    ((("客流量", Asks.FROM, "8"), ("客流量", Asks.UNTIL, "50")), [1]),
    ((("开通日期", Asks.EQUALS, "2020"),), [2, 3]),
    ((("开通日期", Asks.EQUALS, "2020年3月"),), [2, 3]),
    ((("开通日期", Asks.EQUALS, "2020/3/31"),), [3]),
    ((("开通日期", Asks.FROM, "2020-03-02"),), [3, 5]),
    ((("开通日期", Asks.UNTIL, "2020-03"),), [1, 2, 3]),
    ((("开通日期", Asks.UNTIL, "2020-03-01"),), [1, 2]),
    ((("开通日期", Asks.FROM, "2020-03-31 08:00"),), [5]),
    ((("更新时刻", Asks.EQUALS, "2026-05-01"),), [1, 2]),
    ((("更新时刻", Asks.EQUALS, "2026-05-01 09:00"),), [2]),
    ((("更新时刻", Asks.EQUALS, "2026-06-01T12:00:30"),), [5]),
    ((("更新时刻", Asks.UNTIL, "2026-05-01"),), [1, 2]),
    ((("更新时刻", Asks.FROM, "2026-05-01 09:00"),), [2, 3, 5]),
    ((("在用", Asks.EQUALS, "是"),), [1, 3]),
    ((("在用", Asks.EQUALS, "false"),), [2, 5]),
    ((("区", Asks.EQUALS, "瑶海区"), ("在用", Asks.EQUALS, "否")), [2]),
]


@pytest.mark.parametrize(("conditions", "rows"), CONDITIONS)
def test_conditions(file: str, conditions, rows: list[int]) -> None:
    assert numbers(readable(file), asked(*conditions)) == rows


@pytest.mark.parametrize("office", [False, True], ids=["columns kept back", "whole rows"])
@pytest.mark.parametrize(("words", "rows"), [
    ("蜀山", [3, 5]), ("蜀山 机场", [5]), ("路", [1, 2, 3]), ("312", [3]), ("场机", []),
    ("BRT快线", [4]), ("BRT", [4]), ("快线 brt", [4]), ("-", [1, 2, 3, 5]), ("，", []), ("the", []),
    ("海区", [1, 2]), ("机场巴士", [5]), ("士机场巴", []), ("水", []), ("2026-05-02", [3]),
])
def test_words(files: list[str], office: bool, words: str, rows: list[int]) -> None:
    table = readable(files[office])
    assert table.words is office
    assert numbers(table, asked(words=words)) == rows


ORDERS = [
    ("客流量", False, [2, 5, 1, 3, 4]), ("客流量", True, [3, 1, 5, 2, 4]),
    ("区", False, [1, 2, 3, 5, 4]), ("区", True, [5, 3, 2, 1, 4]),
    ("开通日期", True, [5, 3, 2, 1, 4]), ("在用", False, [2, 5, 1, 3, 4]),
]


@pytest.mark.parametrize(("column", "down", "rows"), ORDERS)
def test_rows_are_sorted_and_those_without_a_value_come_last(
    file: str, column: str, down: bool, rows: list[int]
) -> None:
    assert numbers(readable(file), asked(sort=column, descending=down)) == rows


def test_by_several_columns(file: str) -> None:
    orders = (Order("区", True), Order("客流量", True))
    assert numbers(readable(file), Question(orders=orders)) == [3, 5, 1, 2, 4]


def test_shown_columns_stand_in_the_order_of_the_table(file: str) -> None:
    question = asked(columns=("客流量", "line"), sort="区")
    rows = list(itertools.chain(*batches(readable(file), question)))
    assert [row[:2] for row in rows][:2] == [(1, "1路"), (2, "2路")]
    assert [len(row) for row in rows] == [3] * 5


def test_the_whole_table_comes_by_pieces(file: str) -> None:
    assert [len(part) for part in batches(readable(file), Question(), 2)] == [2, 2, 1]


def test_a_column_that_is_kept_back_is_none(file: str) -> None:
    for question in (asked(("司机", Asks.EQUALS, "张三")), asked(sort="司机")):
        with pytest.raises(KeyError):
            list(batches(readable(file), question))
    assert numbers(readable(file), asked(words="张三")) == []


def test_an_entry_without_items_gives_all_columns(files: list[str]) -> None:
    assert [one.name for one in readable(files[1]).columns] == ALL


@pytest.mark.usefixtures("at_once")
def test_what_is_no_table_is_none_and_what_is_closed_is_refused() -> None:
    assert isinstance(readable_table({"user": ""}, "gone"), Refusal)
    closed = buses(open_attribute="conditional", open_conditions="仅限研究用途使用",
                   open_basis="《中华人民共和国政府信息公开条例》第十五条")
    assert isinstance(readable_table({"user": ""}, closed), Refusal)
