"""From the rows of a recognised sheet to catalogue entries.

A row is an entry, or, in the layout of the national guide, one information item of an entry whose
other cells stand only in its first row. What no field of ours can hold stays with the entry under
its old heading (``imported_columns``): nothing that a department wrote is lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from . import mapping
from .headings import Head, HeadingRules
from .mapping import Became, CannotRead, MappingRecord, ValueRules

NumberedRow = tuple[int, Sequence[str]]
"""The row's number as the sheet shows it (from 1), and its cells."""

SortedRow = tuple[int, dict[str, str], dict[str, str]]
"""Its number, its cells by field, its cells by unknown heading."""

IDENTITY = ("id", "catalogue_code", "title", "publisher", "url")
TEXTS = {
    "title": "title",
    "notes": "notes",
    "url": "url",
    "open_conditions": "open_conditions",
    "open_basis": "open_basis",
    "usage_requirements": "usage_requirements",
    "share_conditions": "share_conditions",
    "share_basis": "share_basis",
    "theme_database": "theme_database",
    "shared_from": "shared_from",
}
"""Column field → entry field, taken as written."""
CODES = {
    "catalogue_class": ("catalogue_class", "catalogue_classes"),
    "share_type": ("share_type", "share_types"),
    "share_mode": ("share_mode", "share_modes"),
    "base_database": ("base_database", "base_databases"),
    "data_grade": ("data_grade", "data_grades"),
    "sensitivity": ("sensitivity", "sensitivities"),
    "source_type": ("source_type", "source_types"),
}
"""Column field → entry field and vocabulary."""
LONGEST_TITLE_FROM_SUMMARY = 100
DATES = {"issued": "issued", "modified": "modified"}


@dataclass(frozen=True)
class Record:
    """What the sheet says of one entry. ``others`` are cells that no field of ours takes."""

    row: int
    values: Mapping[str, str]
    others: Mapping[str, str]
    items: tuple[Mapping[str, str], ...] = ()
    item_rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Unread:
    """A cell that could not be read. ``field`` is the column's field in ``headings.yaml``."""

    row: int
    field: str
    value: str
    code: str


@dataclass
class Reading:
    """The entry that a record became, and what was wrong with it."""

    record: Record
    entry: dict[str, Any] = field(default_factory=dict[str, Any])
    unread: list[Unread] = field(default_factory=list[Unread])
    called_by_summary: bool = False
    """Whether its title was missing, so that its summary stands there."""


def records(rows: Iterable[NumberedRow], head: Head, rules: HeadingRules) -> Iterator[Record]:
    """Group the rows into records; empty rows are passed over."""
    by_item = "item_name" in head.by_field
    group: list[SortedRow] = []
    identity: tuple[str, ...] = ()
    for number, cells in rows:
        values, others = _sorted_cells(cells, head)
        if not values and not others:
            continue
        own = tuple(values.get(name, "") for name in IDENTITY)
        continues = by_item and group and (not any(own) or own == identity)
        if group and not continues:
            yield _record(group, rules)
            group = []
        if not continues:
            identity = own
        group.append((number, values, others))
    if group:
        yield _record(group, rules)


def _sorted_cells(cells: Sequence[str], head: Head) -> tuple[dict[str, str], dict[str, str]]:
    values: dict[str, str] = {}
    others: dict[str, str] = {}
    for column in head.columns:
        text = cells[column.index].strip() if column.index < len(cells) else ""
        if text and column.field:
            values[column.field] = text
        elif text:
            others[column.heading] = text
    return values, others


def _record(group: Sequence[SortedRow], rules: HeadingRules) -> Record:
    item_fields = {rule.name for rule in rules.fields if rule.item}
    number, first, _ = group[0]
    items: list[Mapping[str, str]] = []
    item_rows: list[int] = []
    others: dict[str, str] = {}
    for row, values, more in group:
        item = {name: values[name] for name in values if name in item_fields}
        if item:
            items.append(item)
            item_rows.append(row)
        for heading, text in more.items():
            others.setdefault(heading, text)
    values = {name: text for name, text in first.items() if name not in item_fields}
    return Record(number, values, others, tuple(items), tuple(item_rows))


class RecordReader:
    """Reads records into entries, and keeps the record of what became what."""

    def __init__(self, head: Head, headings: HeadingRules, values: ValueRules) -> None:
        self.mappings = MappingRecord()
        self._rules = values
        self._heading = {name: column.heading for name, column in head.by_field.items()}
        self._kept = [rule.name for rule in headings.fields if rule.kept]
        self._present = frozenset(self._heading)
        self._has_others = bool(head.unknown or set(self._kept) & self._present)

    def read(self, record: Record) -> Reading:
        """The entry, without its department, which is not for this module to find."""
        reading = Reading(record)
        entry, values = reading.entry, record.values
        for name, target in TEXTS.items():
            if name in self._present:
                entry[target] = values.get(name, "")
        self._title(reading)
        if "keywords" in self._present:
            entry["tags"] = mapping.keywords(values.get("keywords", ""))
        rules = self._rules
        for name, (target, vocabulary) in CODES.items():
            self._put(reading, name, target, lambda t, v=vocabulary: mapping.code(v, t, rules))
        for name, target in DATES.items():
            self._put(reading, name, target, self._day)
        self._put(reading, "frequency", "update_period", lambda t: mapping.update_period(t, rules))
        self._put(reading, "formats", "data_formats", lambda t: mapping.formats(t, rules), [])
        self._put(reading, "category", "domain", lambda t: mapping.domain(t, rules))
        self._put(reading, "open_type", "open_attribute", lambda t: self._open(reading, t))
        self._lists(reading)
        self._items(reading)
        self._keep(reading)
        return reading

    def _title(self, reading: Reading) -> None:
        """Some portals leave the title empty and print it as the summary: it is told by its row."""
        entry = reading.entry
        summary = entry.get("notes", "")
        fits = summary and "\n" not in summary and len(summary) <= LONGEST_TITLE_FROM_SUMMARY
        if not entry.get("title") and fits:
            entry["title"] = summary
            reading.called_by_summary = True
            self.mappings.note(self._heading["title"], "", summary)

    def _put(
        self,
        reading: Reading,
        name: str,
        target: str,
        read: Callable[[str], Became],
        empty: object = "",
    ) -> None:
        """Read one cell into the entry, if the sheet has such a column."""
        if name not in self._present:
            return
        text = reading.record.values.get(name, "")
        reading.entry[target] = empty
        if not text:
            return
        try:
            became = read(text)
        except CannotRead as error:
            reading.unread.append(Unread(reading.record.row, name, text, error.code))
            return
        reading.entry[target] = became.value
        self.mappings.note(self._heading[name], text, became.value, became.known)
        if not became.known:
            self._columns(reading)[self._heading[name]] = text

    def _day(self, text: str) -> Became:
        return Became("" if self._rules.says_nothing(text) else mapping.day(text))

    def _open(self, reading: Reading, text: str) -> Became:
        given = reading.record.values.get("open_conditions", "")
        became, condition = mapping.open_attribute(text, self._rules, given)
        if condition and not given:
            reading.entry["open_conditions"] = condition
        return became

    def _lists(self, reading: Reading) -> None:
        values, entry = reading.record.values, reading.entry
        if "related_entries" in self._present:
            entry["related_entries"] = mapping.split(values.get("related_entries", ""))
        if "application_materials" in self._present:
            written = values.get("application_materials", "")
            entry["application_materials"] = _objects(written) or [
                {"name": name} for name in mapping.split(written)
            ]

    def _items(self, reading: Reading) -> None:
        """The information items: of the record's rows, or of one cell that lists their names."""
        if "item_name" in self._present:
            pairs = zip(reading.record.items, reading.record.item_rows, strict=True)
            reading.entry["information_items"] = [self._item(reading, i, row) for i, row in pairs]
        elif "items" in self._present:
            written = reading.record.values.get("items", "")
            objects = _objects(written)
            names = [] if objects else list(dict.fromkeys(mapping.split(written)))
            if any(len(name) > 50 for name in names):  # prose, not a list of names
                self._columns(reading)[self._heading["items"]] = written
                names = []
            reading.entry["information_items"] = objects or [{"name": name} for name in names]

    def _item(self, reading: Reading, cells: Mapping[str, str], row: int) -> dict[str, Any]:
        item: dict[str, Any] = {}
        for name, text in cells.items():
            target = name.removeprefix("item_")
            try:
                if target == "type":
                    item[target] = mapping.code("item_types", text, self._rules).value
                elif target in ("sensitive", "opened", "key"):
                    item[target] = _written_flag(mapping.flag(text, self._rules))
                else:
                    item[target] = text
            except CannotRead as error:
                reading.unread.append(Unread(row, name, text, error.code))
                continue
            self.mappings.note(self._heading[name], text, item[target])
        return item

    def _keep(self, reading: Reading) -> None:
        """Cells without a field of ours stay under their old headings.

        A sheet that has no such column says nothing of those that the entry has.
        """
        record = reading.record
        kept = reading.entry.get("imported_columns", {})
        kept.update(record.others)
        for name in self._kept:
            if name in record.values:
                kept[self._heading[name]] = record.values[name]
        for key, text in _object(record.values.get("imported_columns", "")).items():
            kept.setdefault(key, text)
        if kept or self._has_others:
            reading.entry["imported_columns"] = kept

    @staticmethod
    def _columns(reading: Reading) -> dict[str, str]:
        return reading.entry.setdefault("imported_columns", {})


def _written_flag(value: bool | None) -> bool | str:
    return "" if value is None else value


def _objects(text: str) -> list[dict[str, Any]]:
    """A JSON list of objects, as our own export writes it; empty for anything else."""
    if not text.startswith("["):
        return []
    found = _parsed(text)
    if not isinstance(found, list):
        return []
    listed = cast("list[Any]", found)
    return listed if all(isinstance(item, dict) for item in listed) else []


def _object(text: str) -> dict[str, str]:
    found = _parsed(text) if text.startswith("{") else None
    if not isinstance(found, dict):
        return {}
    return {str(key): str(value) for key, value in cast("dict[Any, Any]", found).items()}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
