"""What an import found and did, put together over its sheets for an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...domain import column_choice, sheet_row
from ...domain.column_letters import letters
from ...domain.mapping import MappingCount
from ..answers import (
    DepartmentCount,
    EntryChange,
    ImportAnswer,
    KeptSettings,
    SheetAnswer,
    SheetCell,
    SheetColumn,
)
from . import outcome, readers, row_plan
from .importer import CatalogueImport
from .kept_headings import NOTHING_KEPT, KeptChoices
from .outcome import OutcomeAnswer
from .sheet_work import SheetWork


def of(work: CatalogueImport, *, dry_run: bool, written: bool = False) -> ImportAnswer:
    """The answer of ``govdata_catalogue_import``; what was just written is not indexed yet."""
    told = [(sheet, sheet.outcome.as_answer()) for sheet in work.sheets]
    found = [answer for _sheet, answer in told]
    return {
        "rows": sum(one["rows"] for one in found),
        "created": sum(one["created"] for one in found),
        "updated": sum(one["updated"] for one in found),
        "unchanged": sum(one["unchanged"] for one in found),
        "repeated": sum(one["repeated"] for one in found),
        "rejected_rows": sum(one["rejected_rows"] for one in found),
        "rejected_cells": sum(one["rejected_cells"] for one in found),
        "rejected": _cells(told)[: outcome.MOST],
        "retitled": _each(told, "retitled"),
        "passed_rows": _each(told, "passed_rows"),
        "consequences": _each(told, "consequences"),
        "incomplete": _each(told, "incomplete"),
        "left": _each(told, "left"),
        "sheets": [_sheet(sheet, found) for sheet, found in told],
        "sheets_passed_over": [
            {"name": one.name, "why": one.why, "rows": one.rows, "pickable": one.pickable}
            for one in work.file.passed_over
        ],
        "departments": _departments(work),
        "changes": _changes(work.sheets),
        "dry_run": dry_run,
        "written": written,
        "indexed": not written,
        "headings": _headings(work.sheets),
        "unknown_columns": _unknown(work.sheets),
        "mappings": _mappings(work.sheets),
        "personal": _personal(work.sheets),
        "departments_created": work.departments_created,
        "departments_missing": [] if written else list(work.providers.missing),
        "place": next((sheet.place for sheet in work.sheets if sheet.place), ""),
        "sheet": "、".join(sheet.name for sheet in work.sheets),
        "sheets_left_out": [one.name for one in work.file.passed_over],
    }


def _cells(told: Iterable[tuple[SheetWork, OutcomeAnswer]]) -> list[SheetCell]:
    return [{**cell, "sheet": sheet.name} for sheet, found in told for cell in found["rejected"]]


def _personal(sheets: Sequence[SheetWork]) -> list[Any]:
    return [
        {**row, **_named(sheets, sheet)} for sheet in sheets for row in sheet.personal.rows()
    ]


def _each(told: Sequence[tuple[SheetWork, OutcomeAnswer]], name: str) -> list[Any]:
    """The rows of that list of each sheet."""
    found: list[Any] = []
    for sheet, answer in told:
        rows: Sequence[Mapping[str, Any]] = answer[name]  # type: ignore[literal-required]
        found += [{**row, **_named(told, sheet)} for row in rows]
    return found


def _named(sheets: Sequence[object], sheet: SheetWork) -> dict[str, str]:
    """The sheet's name, where there are several."""
    return {"sheet": sheet.name} if len(sheets) > 1 else {}


def _sheet(work: SheetWork, told: OutcomeAnswer) -> SheetAnswer:
    found = work.found
    return {
        "name": work.name,
        "head_row": found.first_row,
        "rows": told["rows"],
        "created": told["created"],
        "updated": told["updated"],
        "unchanged": told["unchanged"],
        "repeated": told["repeated"],
        "rejected_rows": told["rejected_rows"],
        "rejected_cells": told["rejected_cells"],
        "columns": _columns(work),
        "hidden_rows": work.hidden_rows,
        "hidden_columns": [letters(index + 1) for index in found.hidden_columns()],
        "without_heading": [
            letters(index + 1) for index in found.without_heading()
        ],
        "kept": _kept(found.kept),
    }


def _columns(work: SheetWork) -> list[SheetColumn]:
    """The columns of a sheet, in their order; of those with personal data, and those that are not
    read and so not looked through for any, no value is shown or kept."""
    found, fold = work.found, readers.heading_rules().fold
    personal = {one["column"] for one in work.personal.rows()}
    labels = sheet_row.labels(found.head)
    read = {
        column.index for column in found.head.columns
        if not {column.heading, labels[column.index]} & personal
    }  # fmt: skip
    samples = found.samples()
    was = column_choice.recognised(found.seen, fold)
    return [
        {
            "key": key,
            "letter": letters(column.index + 1),
            "heading": column.heading,
            "field": found.choices.get(key, was[key]),
            "recognised": was[key],
            "samples": samples[column.index] if column.index in read else [],
        }
        for key, column in column_choice.keyed(found.seen.columns, fold).items()
    ]


def without_samples(answer: ImportAnswer) -> ImportAnswer:
    """The answer as it is kept when all is done: values of columns helped to choose only."""
    sheets: list[SheetAnswer] = [
        {**sheet, "columns": [{**column, "samples": []} for column in sheet["columns"]]}
        for sheet in answer["sheets"]
    ]
    return {**answer, "sheets": sheets}


def _kept(kept: KeptChoices) -> KeptSettings | None:
    if kept is NOTHING_KEPT:
        return None
    return {
        "id": kept.id,
        "applied": bool(kept.choices),
        "by": kept.by,
        "saved": kept.saved,
        "missing": list(kept.missing),
        "unknown": list(kept.unknown),
        "several": kept.several,
        "others": kept.others,
    }


def _departments(work: CatalogueImport) -> list[DepartmentCount]:
    counts: Counter[tuple[str, str]] = Counter()
    for sheet in work.sheets:
        if sheet.plan:
            counts.update(sheet.plan.departments)
    ids = dict.fromkeys(department for department, _act in counts)
    return [
        {
            "id": each,
            "title": work.providers.title(each),
            "created": counts[each, row_plan.CREATED],
            "updated": counts[each, row_plan.UPDATED],
            "unchanged": counts[each, row_plan.UNCHANGED],
        }
        for each in ids
    ]


def _changes(sheets: Iterable[SheetWork]) -> list[EntryChange]:
    found: list[EntryChange] = [
        {
            "sheet": sheet.name,
            "row": change.row,
            "act": change.act,
            "name": change.name,
            "title": change.title,
            "fields": list(change.fields),
        }
        for sheet in sheets
        for change in (sheet.plan.changes if sheet.plan else ())
    ]
    return found[: row_plan.MOST_CHANGES]


def _headings(sheets: Iterable[SheetWork]) -> dict[str, str]:
    found: dict[str, str] = {}
    for sheet in sheets:
        for heading, field in readers.headings_of(sheet.found.head).items():
            found.setdefault(heading, field)
    return found


def _unknown(sheets: Iterable[SheetWork]) -> list[str]:
    return list(
        dict.fromkeys(
            heading for sheet in sheets for heading in readers.unknown_of(sheet.found.head)
        )
    )


def _mappings(sheets: Iterable[SheetWork]) -> list[MappingCount]:
    """What values became, counted over all sheets."""
    found: dict[tuple[str, str, str, bool], MappingCount] = {}
    for sheet in sheets:
        for one in sheet.mappings:
            key = (one["column"], one["value"], one["became"], one["known"])
            known = found.setdefault(key, {**one, "count": 0})
            known["count"] += one["count"]
    return list(found.values())
