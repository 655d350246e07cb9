"""Write the catalogue out in the national layout: xlsx, csv, JSON; importing it changes nothing.

The headings are the labels of ``config/imports/headings.yaml``: two merged rows, the entry's own
cells in the first row of its information items. Columns that the import kept follow under their
old headings.
"""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ... import progress, vocabularies
from ...departments import tree
from ...domain.catalogue import CHOICES, is_true
from ...domain.headings import FieldRule
from ...domain.locales import SIMPLIFIED
from ...sheets.text_tables import quoted
from ..imports import readers
from ..imports.problem_cells import COLUMN_OF

PAGE = 200
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
LANGUAGE = SIMPLIFIED
"""The layout is a national one; its words are Simplified Chinese whatever the reader's language."""
ENTRY_OF = {column: name for name, column in COLUMN_OF.items()}
_LEFT_OUT = {"imported_columns", "items"}
log = logging.getLogger(__name__)


def _are(kind: type, value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


_WHOLE: dict[str, Callable[[object], bool]] = {
    "information_items": lambda value: _are(dict, value),
    "data_formats": lambda value: _are(str, value),
    "related_entries": lambda value: _are(str, value),
    "imported_columns": lambda value: isinstance(value, dict),
}
"""The shape that each of these fields has."""
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
        department = tree.get(selection.organization)
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
    known = {d.id: d for d in tree.every()}
    return found["count"], [as_record(entry, known) for entry in found["results"]]


def every(context: Context, selection: Selection) -> Iterator[Record]:
    """All records, a page at a time, until there are no hits behind.

    What is counted does not tell: hits that the reader may not know of any more, the index being
    behind, are counted off it on their page. Counted without the hits shown are those of other
    pages, and where they are more than those before, some are behind.
    """
    start, behind = 0, True
    while behind:
        count, found = entries_of(context, selection, start, PAGE)
        behind = count - len(found) > start
        yield from found
        start += PAGE


def _sound(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry without fields that are damaged in the database, which the log names."""
    found = dict(entry)
    for name, is_whole in _WHOLE.items():
        if entry.get(name) and not is_whole(entry[name]):
            log.warning("export: %s of entry %s is damaged and left out", name, entry.get("name"))
            del found[name]
    return found


def as_record(entry: dict[str, Any], known: dict[str, tree.Department]) -> Record:
    """An entry as ``package_show`` gives it, as a row of the national layout."""
    record: Record = {}
    entry = _sound(entry)
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
    if entry.get("imported_columns"):
        record["imported_columns"] = entry["imported_columns"]
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


def _item_cells(item: Mapping[str, object]) -> dict[str, str]:
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
    from . import national_workbook  # here: 22 MiB of openpyxl, which an import does without

    columns = _rules()
    parts = [rule.label.partition("/") for rule in columns]
    heads = [(upper, lower) for upper, _, lower in parts] + [(name, "") for name in others]
    rows = (row for record in records for row in _rows_of(record, columns, others))
    national_workbook.write(heads, rows, file)


def write(
    context: Context,
    selection: Selection,
    kind: str,
    file: IO[bytes],
    tell: progress.Tell = progress.silent,
) -> None:
    """Write the entries as ``xlsx``, ``csv`` or ``json``."""

    def read(what: str) -> Iterator[Record]:
        return progress.counted(every(context, selection), what, tell)

    if kind == "json":
        file.writelines(write_json(read("writing")))
        return
    others = other_headings(read("reading"))
    if kind == "csv":
        file.writelines(write_csv(read("writing"), others))
    else:
        write_xlsx(read("writing"), others, file)
