"""Write the catalogue out in the national layout: xlsx, csv, JSON; importing it changes nothing.

The headings are the labels of ``config/imports/headings.yaml``: two merged rows, the entry's own
cells in the first row of its information items. Columns that the import kept follow under their
old headings.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

import ckan.plugins.toolkit as tk
import openpyxl
from ckan.types import Context
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from .. import vocabularies
from ..domain.catalogue import CHOICES, is_true
from ..domain.headings import FieldRule
from . import departments, readers
from .importing import COLUMN_OF
from .text_tables import quoted

PAGE = 200
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
MAX_CELL = 32_767
"""Characters that an xlsx cell can hold."""
LANGUAGE = "zh_Hans_CN"
"""The layout is a national one; its words are Simplified Chinese whatever the reader's language."""
ENTRY_OF = {column: name for name, column in COLUMN_OF.items()}
_LEFT_OUT = {"imported_columns", "items"}
Record = dict[str, Any]
"""Column field → text; ``information_items`` and ``imported_columns`` as they are."""


@dataclass(frozen=True)
class Selection:
    """Which entries: words, a filter, a department."""

    q: str = ""
    fq: str = ""
    organization: str = ""


def entries_of(
    context: Context, selection: Selection, start: int, rows: int
) -> tuple[int, list[Record]]:
    """How many entries there are, and a page of them as records."""
    filters = [selection.fq] if selection.fq else []
    if selection.organization:
        department = departments.get(selection.organization)
        if department is None:
            raise tk.ObjectNotFound(tk._("There is no such department"))
        filters.append(f"owner_org:{department.id}")
    found = tk.get_action("package_search")(
        Context(user=context.get("user", ""), ignore_auth=context.get("ignore_auth", False)),
        {
            "q": selection.q,
            "fq_list": [*filters, "dataset_type:dataset"],
            "start": start,
            "rows": rows,
            "sort": "name asc",
            "facet": "false",
        },
    )
    known = {d.id: d for d in departments.every()}
    return found["count"], [as_record(entry, known) for entry in found["results"]]


def every(context: Context, selection: Selection) -> Iterator[Record]:
    """All records, a page at a time."""
    start, count = 0, 1
    while start < count:
        count, found = entries_of(context, selection, start, PAGE)
        yield from found
        start += PAGE


def as_record(entry: dict[str, Any], known: dict[str, departments.Department]) -> Record:
    """An entry as ``package_show`` gives it, as a row of the national layout."""
    record: Record = {}
    for rule in _rules():
        name = ENTRY_OF.get(rule.name, rule.name)
        if not rule.item and not rule.kept and entry.get(name) not in (None, "", []):
            record[rule.name] = _written(name, entry[name])
    provider = known.get(entry.get("owner_org") or "")
    if provider:
        record["publisher"] = provider.title
        record["publisher_code"] = provider.uscc or provider.name
    tags = entry.get("tags") or []
    record["keywords"] = "、".join(tag["name"] for tag in tags) if tags else ""
    record["information_items"] = entry.get("information_items") or []
    record["imported_columns"] = entry.get("imported_columns") or {}
    return {name: value for name, value in record.items() if value not in ("", None)}


def _written(name: str, value: Any) -> str:
    if name in CHOICES:
        return vocabularies.vocabulary(CHOICES[name]).label(str(value), LANGUAGE)
    if name == "data_formats":
        return "、".join(value)
    if name == "related_entries":
        return "\n".join(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _rules() -> list[FieldRule]:
    """The fields that have a column of their own, in the order of ``headings.yaml``."""
    return [
        rule
        for rule in readers.heading_rules().fields
        if rule.label != rule.name and not rule.kept and rule.name not in _LEFT_OUT
    ]


def _item_cells(item: dict[str, Any]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in item.items():
        if name in ("sensitive", "opened", "key"):
            known = value in (True, False) or str(value).lower() in ("true", "false")
            cells[f"item_{name}"] = ("是" if is_true(value) else "否") if known else ""
        elif name == "type" and value:
            cells["item_type"] = vocabularies.vocabulary("item_types").label(str(value), LANGUAGE)
        else:
            cells[f"item_{name}"] = str(value or "")
    return cells


def _rows_of(
    record: Record, columns: Sequence[FieldRule], others: Sequence[str]
) -> Iterator[list[str]]:
    """The record's rows: the first with the entry's own cells, one for each information item."""
    kept = record.get("imported_columns", {})
    items = record.get("information_items") or [{}]
    for number, item in enumerate(items):
        cells = _item_cells(item)
        own = number == 0
        row = [
            cells.get(rule.name, "") if rule.item else (record.get(rule.name, "") if own else "")
            for rule in columns
        ]
        yield row + [str(kept.get(name, "")) if own else "" for name in others]


def other_headings(records: Iterator[Record]) -> list[str]:
    """The old headings under which entries keep cells, in the order in which they are met."""
    found: dict[str, None] = {}
    for record in records:
        found.update(dict.fromkeys(record.get("imported_columns", {})))
    return list(found)


def write_csv(records: Iterator[Record], others: Sequence[str]) -> Iterator[bytes]:
    """The file in pieces: UTF-8 with a mark, so that spreadsheets read it rightly."""
    columns = _rules()
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([quoted(h) for h in [*(rule.label for rule in columns), *others]])
    for record in records:
        writer.writerows(
            [quoted(cell) for cell in row] for row in _rows_of(record, columns, others)
        )
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()


def write_json(records: Iterator[Record]) -> Iterator[bytes]:
    """A JSON list, one entry to a line; its keys are what the import takes."""
    before = "[\n"
    for record in records:
        yield (before + json.dumps(record, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]\n" if before == ",\n" else b"[\n]\n"


def write_xlsx(records: Iterator[Record], others: Sequence[str], file: IO[bytes]) -> None:
    """The workbook, written row by row."""
    columns = _rules()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("政务信息资源目录")
    labels = [rule.label for rule in columns] + list(others)
    upper = [
        label.partition("/")[0] if i < len(columns) else label for i, label in enumerate(labels)
    ]
    lower = [label.partition("/")[2] if i < len(columns) else "" for i, label in enumerate(labels)]
    for index, label in enumerate(labels, 1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = 40 if label in ("信息资源摘要",) else 18
    sheet.freeze_panes = "C3"
    for first, last in _groups(upper):
        if last > first:
            sheet.merged_cells.add(_range(1, first, 1, last))
    for index, text in enumerate(lower):
        if not text:
            sheet.merged_cells.add(_range(1, index, 2, index))
    shown = [t if i == 0 or t != upper[i - 1] else "" for i, t in enumerate(upper)]
    sheet.append([_head(sheet, text) for text in shown])
    sheet.append([_head(sheet, text) for text in lower])
    for record in records:
        for row in _rows_of(record, columns, others):
            sheet.append([_text(sheet, cell) for cell in row])
    book.save(file)


def _groups(upper: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = 0
    for index in range(1, len(upper) + 1):
        if index == len(upper) or upper[index] != upper[first]:
            yield first, index - 1
            first = index


def _range(top: int, left: int, bottom: int, right: int) -> str:
    letter = get_column_letter
    return f"{letter(left + 1)}{top}:{letter(right + 1)}{bottom}"


def _head(sheet: Any, text: str) -> Any:
    cell = _text(sheet, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DCE6F1")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return cell


def _text(sheet: Any, text: str) -> Any:
    """A cell that is text whatever it says: never a formula."""
    cell = WriteOnlyCell(sheet, value="")
    cell._value = quoted(text)[:MAX_CELL] if text else None
    cell.data_type = "s" if text else "n"
    return cell


def write(context: Context, selection: Selection, kind: str, file: IO[bytes]) -> None:
    """Write the entries as ``xlsx``, ``csv`` or ``json``."""
    if kind == "json":
        for piece in write_json(every(context, selection)):
            file.write(piece)
        return
    others = other_headings(every(context, selection))
    if kind == "csv":
        for piece in write_csv(every(context, selection), others):
            file.write(piece)
    else:
        write_xlsx(every(context, selection), others, file)
