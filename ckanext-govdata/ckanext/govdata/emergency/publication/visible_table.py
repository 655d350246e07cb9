"""The one visible table of a workbook, as a person sees it; else why not, by sheet and cell."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...domain.column_letters import letters
from ...domain.refusal import Refusal
from ...sheets import sentences, sheet_files
from ...sheets.refused_files import CellFault, Unreadable
from ...sheets.tables import Table

SHOWN = 8
"""Places named for one fault."""


class Unusable(Exception):
    """What was given cannot be published; ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True)
class Chosen:
    """What the officer said of a workbook: which sheet, and that hidden parts are left out."""

    sheet: str = ""
    leave_hidden: bool = False


@dataclass(frozen=True)
class Seen:
    """What a person sees of a workbook, and what it has beside that, by the officer's choice:
    names of ``sheets``, numbers of ``rows``, letters of ``columns``."""

    rows: list[list[str]]
    left_out: Mapping[str, list[str]]


def chosen(data: Mapping[str, object]) -> Chosen:
    """The choice of a request."""
    leave = str(data.get("leave_hidden") or "").strip().lower() in ("true", "yes", "on", "1")
    return Chosen(str(data.get("sheet") or "").strip()[:100], leave)


def seen(content: bytes, kind: str, choice: Chosen) -> Seen:
    """The rows of the visible sheet, and what is left out; raises :class:`Unusable`."""
    with tempfile.TemporaryDirectory(prefix="govdata-emergency-") as folder:
        path = Path(folder) / f"sheet.{kind}"
        path.write_bytes(content)
        try:
            tables = list(sheet_files.book_tables(path, kind))
            return _seen(_one(tables, choice), tables, choice)
        except Unreadable as error:
            why = sentences.say_file(error.code, error.detail)
            raise Unusable(Refusal("workbook", "upload", facts={"why": why})) from None


def _full(tables: list[Table]) -> list[Table]:
    return [one for one in tables if any(any(cells) for _number, cells in one.rows)]


def _one(tables: list[Table], choice: Chosen) -> Table:
    """The sheet that is meant: the only one that is seen and not empty, or the one named."""
    full = _full(tables)
    seen = [one for one in full if not one.hidden.sheet]
    veiled = [one.name for one in full if one.hidden.sheet]
    if veiled and not choice.leave_hidden:
        raise Unusable(_hidden("hidden_sheets", veiled))
    if choice.sheet:
        seen = [one for one in seen if one.name == choice.sheet]
        if not seen:
            raise Unusable(Refusal("sheet_unknown", "sheet", choice.sheet))
    if len(seen) > 1:
        names = "、".join(one.name for one in seen[:SHOWN])
        raise Unusable(Refusal("sheets_several", "sheet", facts={"names": names}))
    if not seen:
        raise Unusable(Refusal("table_empty", "upload"))
    return seen[0]


def _seen(table: Table, tables: list[Table], choice: Chosen) -> Seen:
    """Its rows as a spreadsheet shows them, without what the officer leaves out."""
    rows = [(number, cells) for number, cells in table.rows if any(cells)]
    width = max((len(cells) for _number, cells in rows), default=0)
    columns = [c for c in range(1, width + 1) if table.hidden.column(c)]
    columns = [c for c in columns if any(len(r) >= c and r[c - 1] for _number, r in rows)]
    veiled = [number for number, _cells in rows if table.hidden.row(number)]
    if not choice.leave_hidden:
        _refuse_hidden(table, veiled, columns)
    told = {number for number, _cells in rows} | {one.row for one in table.faults}
    _refuse_faults(table, {number for number in told if not table.hidden.row(number)})
    kept = [
        [text for column, text in enumerate(cells, 1) if column not in columns]
        for number, cells in rows if number not in veiled
    ]  # fmt: skip
    others = [one.name for one in _full(tables) if one is not table]
    called = [letters(column) for column in columns]
    parts = {"sheets": others, "rows": [*map(str, veiled)], "columns": called}
    return Seen(kept, {name: values for name, values in parts.items() if values})


def _refuse_hidden(table: Table, rows: list[int], columns: list[int]) -> None:
    if rows:
        raise Unusable(_hidden("hidden_rows", map(str, rows), table.name))
    if columns:
        raise Unusable(_hidden("hidden_columns", map(letters, columns), table.name))


def _hidden(code: str, names: Iterable[str], sheet: str = "") -> Refusal:
    return Refusal(code, "upload", sheet, facts={"what": _listed(names)})


def _refuse_faults(table: Table, rows: set[int]) -> None:
    """Cells that a reader of values alone would publish empty or as another number."""
    hidden = table.hidden.column
    merged = [
        f"{letters(left)}{top}:{letters(right)}{bottom}"
        for top, left, bottom, right in table.merges
        if any(top <= number <= bottom for number in rows)
    ]
    places = {
        code: [
            f"{letters(one.column)}{one.row}{_error(one)}"
            for one in table.faults
            if one.code == code and one.row in rows and not hidden(one.column)
        ]
        for code in _UNUSABLE
    }
    for code, found in (("merged", merged), *places.items()):
        if found:
            raise Unusable(Refusal(f"cells_{code}", "upload", table.name,
                                   facts={"cells": _listed(found)}))  # fmt: skip


_UNUSABLE = ("formula_without_value", "cell_error", "shown_otherwise", "struck_out", "unseen")


def _error(fault: CellFault) -> str:
    return f" {fault.value}" if fault.code == "cell_error" else ""


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    return "、".join(every[:SHOWN]) + (" …" if len(every) > SHOWN else "")
