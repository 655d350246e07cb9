"""Sheets that hypothesis makes up: what is read is what was shown, hidden parts are known, and
nothing is otherwise without a fault that says so.

``GOVDATA_SHEETS`` is the number of sheets (by default a few; a long run has 50,000).
"""

from __future__ import annotations

import datetime
import os
import tempfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from tests.sheets.books import tables

EXAMPLES = int(os.environ.get("GOVDATA_SHEETS", "60"))
WIDTH, HEIGHT = 5, 6
EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet has no zones
Shown = tuple[object, str, str]
"""Value, format, and what Excel shows of it."""


def rounded(value: Decimal, places: int) -> str:
    text = f"{value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):f}"
    return text.removeprefix("-") if not float(text) else text


decimals = st.decimals(-99_999, 99_999, places=3)
days = st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2090, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)


def placed(value: Decimal, places: int, unit: str) -> Shown:
    code = "0" + ("." + "0" * places if places else "")
    return float(value), code + (f'"{unit}"' if unit else ""), rounded(value, places) + unit


def grouped(value: Decimal, sign: str) -> Shown:
    text = rounded(value, 2)
    minus = "-" if text.startswith("-") else ""
    return float(value), f"{sign}#,##0.00", minus + sign + text.removeprefix("-")


def percent(value: Decimal, places: int) -> Shown:
    code = "0" + ("." + "0" * places if places else "") + "%"
    return float(value), code, rounded(value * 100, places) + "%"


def numbered(value: int, size: int) -> Shown:
    return value, "0" * size, str(value).zfill(size)


def accounted(value: Decimal) -> Shown:
    text = rounded(abs(value), 1)
    shown = f"({text})" if value < 0 else text if value else "-"
    return float(value), '0.0_);(0.0);"-"', shown


def day(at: datetime.datetime, code: str, shown: str) -> Shown:
    return at, code, f"{at:{shown}}"


def span(minutes: int) -> Shown:
    return minutes / 1440, "[h]:mm", f"{minutes // 60}:{minutes % 60:02}"


texts = st.text(st.sampled_from("巢湖水位307-/.%年月日 Aa"), min_size=1, max_size=8).filter(
    lambda text: text == text.strip()
)
CELLS: st.SearchStrategy[Shown] = st.one_of(
    st.builds(placed, decimals, st.integers(0, 3), st.sampled_from(["", "人", "米", "℃"])),
    st.builds(grouped, decimals, st.sampled_from(["", "¥", "$"])),
    st.builds(percent, st.decimals(-2, 2, places=4), st.integers(0, 2)),
    st.builds(numbered, st.integers(0, 99_999), st.integers(1, 8)),
    st.builds(accounted, decimals),
    st.builds(day, days, st.sampled_from(["yyyy-mm-dd", "yyyy/m/d", "m/d/yy", 'm"月"d"日"']),
              st.just("%Y-%m-%d")),
    st.builds(day, days, st.just("yyyy/m/d h:mm"), st.just("%Y-%m-%d %H:%M")),
    st.builds(day, days, st.just("h:mm:ss"), st.just("%H:%M:%S")),
    st.builds(day, days, st.just("yyyy-mm"), st.just("%Y-%m")),
    st.builds(span, st.integers(0, 100_000)),
    st.builds(lambda v: (v, "General", str(v)), st.integers(-(10**11), 10**11)),
    st.builds(lambda v: (float(v), "General", f"{v.normalize():f}"), decimals),
    st.builds(lambda v: (v, "General", v), texts),
    st.builds(lambda v: (v, "General", str(v).upper()), st.booleans()),
)  # fmt: skip
sheets = st.fixed_dictionaries({
    "cells": st.dictionaries(
        st.tuples(st.integers(1, HEIGHT), st.integers(1, WIDTH)), CELLS, min_size=1, max_size=18),
    "rows": st.sets(st.integers(1, HEIGHT), max_size=3),
    "columns": st.sets(st.integers(1, WIDTH), max_size=2),
    "hidden": st.booleans(),
    "merged": st.none() | st.tuples(st.integers(1, HEIGHT - 1), st.integers(1, WIDTH)),
})  # fmt: skip


def write_new(path: Path, made: dict) -> None:
    book = openpyxl.Workbook()
    book.active.append(["另一张"])
    sheet = book.create_sheet("表", 0)
    for (row, column), (value, code, _) in made["cells"].items():
        cell = sheet.cell(row, column)
        cell.value, cell.number_format = value, code
        if isinstance(value, str):  # "=…" would be a formula
            cell.data_type = "s"
    for row in made["rows"]:
        sheet.row_dimensions[row].hidden = True
    for column in made["columns"]:
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    sheet.sheet_state = "veryHidden" if made["hidden"] else "visible"
    if made["merged"]:
        row, letter = made["merged"][0], get_column_letter(made["merged"][1])
        sheet.merged_cells.add(f"{letter}{row}:{letter}{row + 1}")
    book.save(path)


def write_old(path: Path, made: dict) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表", cell_overwrite_ok=True)
    book.add_sheet("另一张").write(0, 0, "x")
    for (row, column), (value, code, _) in made["cells"].items():
        sheet.write(row - 1, column - 1, value, xlwt.easyxf(num_format_str=code))
    for row in made["rows"]:
        sheet.row(row - 1).hidden = True
    for column in made["columns"]:
        sheet.col(column - 1).hidden = True
    sheet.visibility = 2 if made["hidden"] else 0
    if made["merged"]:
        row, column = made["merged"]
        sheet.merged_ranges.append((row - 1, row, column - 1, column - 1))
    book.save(str(path))


@settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES <= 60, print_blob=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(made=sheets, old=st.booleans())
def test_what_is_read_is_what_is_shown(made: dict, old: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        (write_old if old else write_new)(path, made)
        table = next(one for one in tables(path) if one.name == "表")
        found = {(n, c): text for n, cells in table.rows
                 for c, text in enumerate(cells, 1) if text}  # fmt: skip
    told = {(one.row, one.column) for one in table.faults}
    expected = {place: shown for place, (_, _, shown) in made["cells"].items()}
    wrong = {place: (text, made["cells"].get(place)) for place, text in found.items()
             if text != expected.get(place) and place not in told}  # fmt: skip
    lost = expected.keys() - found.keys() - told
    assert (wrong, lost) == ({}, set())
    assert not told, "these formats are all sure"
    assert table.hidden.sheet is made["hidden"]
    assert {row for row in range(1, HEIGHT + 1) if table.hidden.row(row)} == made["rows"]
    assert {c for c in range(1, WIDTH + 1) if table.hidden.column(c)} == made["columns"]
    merged = made["merged"]
    assert table.merges == (((merged[0], merged[1], merged[0] + 1, merged[1]),) if merged else ())
