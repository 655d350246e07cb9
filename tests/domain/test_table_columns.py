"""Headings, ids and types of columns, in instances that no single file shows."""
from __future__ import annotations

import random
import unicodedata
from datetime import date, timedelta

import pytest

from ckanext.govdata.domain import table_head
from ckanext.govdata.domain.column_ids import column_id, column_ids, plain
from ckanext.govdata.domain.column_type import ColumnType, ColumnValues
from ckanext.govdata.domain.items import folded

SIGNS = "名称数量（）():：\"'%_ aB1\\ＡＢ㍿ﬁ·、，\u200b\n\t—…臺灣\u00ad\u2066\ue000"


def kind(values: list[str], declared: ColumnType | None = None, piece: int = 7) -> ColumnType:
    seen = ColumnValues(declared)
    for at in range(0, len(values), piece):
        part = values[at : at + piece]
        seen.look(part, range(at + 2, at + 2 + len(part)))
    return seen.type


@pytest.mark.parametrize("seed", range(200))
def test_any_heading_is_an_id_that_is_still_its_items(seed: int) -> None:
    rng = random.Random(seed)
    heading = plain("".join(rng.choice(SIGNS) for _ in range(rng.randrange(1, 60))))
    if not heading:
        return
    name = column_id(heading)
    assert 0 < len(name.encode()) <= 63
    assert not set(name) & set('":%\\')
    assert not name.startswith("_")
    assert name == name.strip()
    assert not any(unicodedata.category(sign).startswith("C") for sign in name)
    assert folded(name) == folded(heading)


@pytest.mark.parametrize("seed", range(50))
def test_no_two_columns_have_one_name(seed: int) -> None:
    rng = random.Random(seed)
    row = ["".join(rng.choice("名Aa（2） ") for _ in range(rng.randrange(4))) for _ in range(30)]
    found = column_ids(row)
    assert len({folded(one.id) for one in found}) == 30
    assert [one.place for one in found] == list(range(1, 31))


def test_long_headings_that_begin_alike_are_two() -> None:
    one, other = "长" * 40 + "甲", "长" * 40 + "乙"
    assert column_id(one) != column_id(other)
    assert folded(one) != folded(other)


@pytest.mark.parametrize("seed", range(40))
def test_a_type_holds_whatever_the_pieces(seed: int) -> None:
    """The same values have the same type in whatever pieces they come."""
    rng = random.Random(seed)
    days = [(date(1950, 1, 1) + timedelta(rng.randrange(40000))).isoformat() for _ in range(50)]
    pools = [["1", "20", "-3", ""], ["1.5", "2", ""], days, ["true", "false"], ["甲", "01"]]
    values = [rng.choice(rng.choice([pools[seed % 5], pools[seed % 5]])) for _ in range(60)]
    if seed > 30:
        values.insert(rng.randrange(60), "x")
    assert len({kind(values, piece=piece) for piece in (1, 3, 17, 100)}) == 1
    if seed > 30:
        assert kind(values) is ColumnType.TEXT


@pytest.mark.parametrize("value", [
    "007", "+1", "1e5", "１２", "1,000", "12%", "1.", ".5", "-0", "1234567890123456", "0x1F", " 1",
    "2023-13-01", "2023-02-30", "23/5/1", "2023-5", "2023", "112年5月1日", "5月1日", "2023年5月1",
    "2023-05-01T08:00Z", "2023-05-01 24:00", "2023-5-18:30", "TRUE ", "yes", "1\n2", "NaN", "∞",
    "٣", "1２", "२०२३", "２０２３-05-01", "2023-0５-01", "2023-05-01 0８:00",
])
def test_what_would_lose_something_is_text(value: str) -> None:
    expected = ColumnType.INTEGER if value == "2023" else ColumnType.TEXT
    assert kind([value, ""]) is expected


def test_the_first_value_that_is_otherwise_is_told() -> None:
    seen = ColumnValues()
    for at in range(0, 900_000, 5000):
        seen.look([str(n) for n in range(5000)], range(at, at + 5000))
    seen.look(["1", "约2", "3"], [900_001, 900_002, 900_003])
    assert seen.type is ColumnType.TEXT
    assert seen.misfit is not None
    assert (seen.misfit.row, seen.misfit.value) == (900_002, "约2")


@pytest.mark.parametrize(("rows", "place"), [
    ([["合肥市养老机构一览表", "", ""], ["单位：张", "", ""], ["名称", "床位", "电话"],
      ["甲", "1", "2"], ["乙", "3", ""]], 2),
    ([["", ""], ["名称", "数"], ["甲", "1"]], 1),
    ([["名称"], ["甲"], ["乙"]], 0),
    ([["", ""], ["", ""]], None),
    ([["序号", "备注", "", "", ""], ["1", "a", "", "", ""], ["2", "", "", "", ""]], 0),
])
def test_where_the_headings_stand(rows: list[list[str]], place: int | None) -> None:
    assert table_head.head_place(rows, frozenset()) == place


def test_known_headings_go_before_filled_cells() -> None:
    rows = [["说明", "本表", "由", "市局"], ["名称", "数", "", ""], ["甲", "1", "", ""]]
    assert table_head.head_place(rows, frozenset({"名称", "数"})) == 1


@pytest.mark.parametrize("name", ["xmin", "xmax", "cmin", "cmax", "ctid", "tableoid"])
def test_a_column_that_every_table_has_is_written_otherwise(name: str) -> None:
    assert column_id(name) != name
    assert folded(column_id(name)) == folded(name)
    assert [one.id for one in column_ids([f"\u2066{name}\u2069"])] == [column_id(name)]


@pytest.mark.parametrize("declared", [None, *ColumnType])
def test_no_type_takes_digits_that_the_database_does_not(declared: ColumnType | None) -> None:
    for value in ("１", "٣", "2023-0５-01", "２０２３年5月1日", "202３0501", "2023-05-01 0８:00"):
        assert kind([value], declared) is ColumnType.TEXT
