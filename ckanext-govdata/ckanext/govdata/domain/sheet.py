"""A small published table: its columns, rows, and the totals that readers watch."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import moments
from .moments import SHOWN, Unclear

_NUMBER = re.compile(r"[+-]?(\d{1,3}([, ]\d{3})+|\d+)(\.\d+)?")
_CODE = re.compile(r"0\d+")
_SCALED = re.compile(r"(?P<number>[+-]?[\d, ]+(?:\.\d+)?)\s*(?P<scale>[万萬亿億千百])?\s*"
                     r"(?P<unit>[^\d\s,.+-]{0,6})")  # fmt: skip
_SCALE = {"": 1, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_ABOUT = re.compile(r"[余餘多约約近超逾~～≈?？]|左右|以上|以下|大概|不足|以内|至|到")
_UNITS = frozenset(("m", "km", "mm", "cm", "m2", "km2", "m3", "m3/s", "kg", "g", "t", "kw", "kwh",
                    "mw", "l", "ml", "h", "min", "s", "mg/l", "°c"))  # fmt: skip
"""Units in Latin letters; other letters beside digits are a slip (3OO) or a code."""
_NOTHING = frozenset(
    ("", "-", "--", "—", "——", "–", "/", "\\", "…", "……", "*", "无", "無", "暂无", "暫無", "未报",
     "未報", "未统计", "未統計", "缺", "缺测", "n/a", "na", "nan", "null", "none")
)  # fmt: skip
"""What says that there is no figure."""
_TOTAL = re.compile(
    r"(.{0,12}(合计|合計|总计|總計|小计|小計|共计|共計|总和|總和|总数|總數|汇总|匯總))"
    r"|累计|累計|总|全[省市区區县縣镇鎮国國部]|其中.{0,12}|(grand |sub-?)?total|sum",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sheet:
    """Cells as texts; every row is as long as ``columns``."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def number(cell: str) -> float | None:
    """The cell as a number, or ``None``; a code with a leading nought is no number.

    Full-width digits, separators of thousands and 万 are read: 1.2万 is 12000.
    """
    found = _quantity(cell)
    return found[0] if found and not found[1] else None


def quantity(cell: str) -> float | None:
    """The cell's figure, also with a unit behind it: 300人 is 300."""
    found = _quantity(cell)
    return found[0] if found else None


def _quantity(cell: str) -> tuple[float, str] | None:
    """Value and unit; nothing for what only nears a number (约300, 300余)."""
    text = unicodedata.normalize("NFKC", cell).strip()
    found = _SCALED.fullmatch(text)
    if not found or _ABOUT.search(text):
        return None
    written = found["number"].strip()
    if not _NUMBER.fullmatch(written) or _CODE.fullmatch(written):
        return None
    plain = float(written.replace(",", "").replace(" ", ""))
    scale = _SCALE[found["scale"] or ""]
    unit = found["unit"].strip()
    if re.search(r"[A-Za-z]", unit) and unit.lower() not in _UNITS:
        return None
    return (round(plain * scale, 6) if scale > 1 else plain), unit


def _says_nothing(cell: str) -> bool:
    return unicodedata.normalize("NFKC", cell).strip().lower() in _NOTHING


def is_total(row: Sequence[str]) -> bool:
    """Whether the row sums others, or tells a part of one (其中): adding it would count twice."""
    for cell in row:
        text = unicodedata.normalize("NFKC", cell)
        text = re.sub(r"[\s:()【】\[\]*]+", "", text)
        if text and _TOTAL.fullmatch(text):
            return True
    return False


def without_totals(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The rows that are no sums of others; all of them where there are only sums."""
    every = tuple(rows)
    return tuple(row for row in every if not is_total(row)) or every


def latest_rows(sheet: Sheet, time_column: str) -> tuple[tuple[str, ...], ...]:
    """The rows of the newest time, without sums; all rows where no column tells the time.

    Raises :class:`~.moments.Unclear` where the newest cannot be told; rows are counted from 1.
    """
    if time_column not in sheet.columns:
        return without_totals(sheet.rows)
    index = sheet.columns.index(time_column)
    dated = [
        row for row, cells in enumerate(sheet.rows)
        if not (is_total(cells) and moments.read(cells[index]) is None)
    ]  # fmt: skip
    try:
        newest = moments.newest([sheet.rows[row][index] for row in dated])
    except Unclear as error:
        raise Unclear(error.code, [dated[row - 1] + 1 for row in error.rows]) from None
    return without_totals(sheet.rows[dated[row]] for row in newest)


def totals(sheet: Sheet, time_column: str, figures: Sequence[str]) -> Mapping[str, float]:
    """The sum of each figure over the newest rows; a column without any number has none.

    Raises :class:`FigureUnclear` or :class:`~.moments.Unclear` rather than leave a cell out.
    """
    wanted = [name for name in figures if name in sheet.columns]
    if not wanted:
        return {}
    rows = latest_rows(sheet, time_column)
    if len(rows) > 1 and all(is_total(row) for row in rows):
        raise OnlySums("totals_only", [sheet.rows.index(row) + 1 for row in rows])
    found: dict[str, float] = {}
    for name in wanted:
        values = _values(sheet, name, rows)
        if values:
            found[name] = sum(values)
    return found


class OnlySums(Unclear):
    """The newest rows are sums only: which of them counts cannot be told."""


@dataclass(eq=False)
class FigureUnclear(Exception):
    """Cells of a figure that are no numbers: ``cells`` as (row from 1, text)."""

    column: str
    cells: Sequence[tuple[int, str]]


def _values(sheet: Sheet, name: str, rows: Sequence[tuple[str, ...]]) -> list[float]:
    index = sheet.columns.index(name)
    read = [(row, _quantity(row[index])) for row in rows if not _says_nothing(row[index])]
    units = {found[1] for _row, found in read if found}
    wrong = [row for row, found in read if found is None or len(units - {""}) > 1]
    if wrong:
        shown = tuple((sheet.rows.index(row) + 1, row[index]) for row in wrong[:SHOWN])
        raise FigureUnclear(name, shown)
    return [found[0] for _row, found in read if found]
