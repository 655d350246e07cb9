"""From the records of a sheet to catalogue entries.

What no field of ours can hold stays with the entry under its old heading (``imported_columns``):
nothing that a department wrote is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from . import cell_date, cell_list, mapping, record_items, sheet_row
from .cell_value import Became, CannotRead
from .headings import Head, HeadingRules, is_last_resort
from .mapping import MappingRecord, ValueRules
from .row_groups import Record, Unread

TEXTS = {
    "title": "title",
    "notes": "notes",
    "url": "url",
    "open_conditions": "open_conditions",
    "open_basis": "open_basis",
    "usage_requirements": "usage_requirements",
    "share_reason": "share_reason",
    "share_scope": "share_scope",
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
LINES = frozenset({"title", "url", "theme_database", "shared_from"})
"""Of these, what is one line."""
MANY = 3
"""Fields of a sheet that is so wide that an entry fills more than one of them."""
LONGEST_TITLE_FROM_SUMMARY = 100
ANSWERS = frozenset({"open_type", "frequency", "items", "imported_columns"})
"""Columns in which 无 is one of the answers, or is told of as it is written."""
DATES = {"issued": "issued", "modified": "modified"}
COLUMN_OF = {
    **{target: name for name, target in (*TEXTS.items(), *DATES.items())},
    **{target: name for name, (target, _vocabulary) in CODES.items()},
    "update_period": "frequency", "data_formats": "formats", "domain": "category",
    "open_attribute": "open_type", "tags": "keywords", "related_entries": "related_entries",
    "application_materials": "application_materials", "information_items": "items",
}  # fmt: skip
"""Entry field → column field."""


@dataclass
class Reading:
    """The entry that a record became, and what was wrong with it."""

    record: Record
    entry: dict[str, Any] = field(default_factory=dict[str, Any])
    unread: list[Unread] = field(default_factory=list[Unread])
    conditions: str = ""
    """What the row says of them, also where that is nothing: -, 待定."""
    called_by_summary: bool = False
    """Whether its title was missing, so that its summary stands there."""
    blank: frozenset[str] = frozenset()
    """Fields of the entry whose cells are empty: they say nothing of what the portal has."""
    written: frozenset[str] = frozenset()
    """What the columns are called in whose cells something stands."""


class RecordReader:
    """Reads records into entries, and keeps the record of what became what.

    ``epoch`` is the day 0 of the sheet's count of days; ``codes_of_two_lists``: digits below the
    open attribute are read as nothing (:func:`.mapping.is_of_two_lists`).
    """

    def __init__(
        self,
        head: Head,
        headings: HeadingRules,
        values: ValueRules,
        epoch: date = cell_date.EPOCH,
        codes_of_two_lists: bool = False,
    ) -> None:
        self.mappings = MappingRecord()
        self._rules = values
        self._epoch = epoch
        self._codes_of_two_lists = codes_of_two_lists
        self._dates: dict[tuple[str, str], tuple[str, Became]] = {}
        labels = sheet_row.labels(head)
        self._heading = {name: labels[column.index] for name, column in head.by_field.items()}
        self._kept = [rule.name for rule in headings.fields if rule.kept]
        self._present = frozenset(self._heading)
        self._as_written = ANSWERS.union(self._kept)
        self.weak = {
            TEXTS[name]: self._heading[name] for name, column in head.by_field.items()
            if name in TEXTS and is_last_resort(column.heading, headings[name], headings)
        }  # fmt: skip
        """Fields of the entry that were read from a remark, by its heading."""
        self._has_others = bool(head.unknown or set(self._kept) & self._present)

    def read(self, record: Record) -> Reading:
        """The entry, without its department, which is not for this module to find."""
        reading = self._entry(self._said(record), record.values.get("open_conditions", ""))
        given = {*record.values, *(["items"] if record.items else [])}
        reading.blank = frozenset(
            target for target, value in reading.entry.items()
            if value in ("", []) and COLUMN_OF.get(target, target) not in given
        )  # fmt: skip
        columns = (self._heading[name] for name in record.values if name in self._heading)
        reading.written = frozenset({*record.others, *columns})
        return reading

    def _entry(self, record: Record, conditions: str) -> Reading:
        reading = Reading(record, unread=list(record.unread), conditions=conditions)
        rules = self._rules
        if self._says_one_thing(record) and "title" in record.values and not record.unread:
            reading.unread.append(Unread(record.row, "title", record.values["title"], "lone_title"))
        self._texts(reading)
        self._title(reading)
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

    def _said(self, record: Record) -> Record:
        """The record without cells that say nothing (-, 无, 不适用), each of which is told, and
        without items of which all do."""
        values = dict(record.values)
        items = [
            (item, row) for item, row in zip(record.items, record.item_rows, strict=True)
            if not all(record_items.says_nothing(*cell, self._rules) for cell in item.items())
        ]  # fmt: skip
        for name, text in record.values.items():
            if name not in self._as_written and self._rules.says_nothing(text):
                self.mappings.note(self._heading.get(name, ""), text, "")
                del values[name]
        return replace(
            record, values=values, items=tuple(item for item, _ in items),
            item_rows=tuple(row for _, row in items),
        )  # fmt: skip

    def _says_one_thing(self, record: Record) -> bool:
        """Whether one cell is all that the row has, of a sheet of many columns: a caption."""
        return len(self._present) >= MANY and not record.items and (
            len(record.values) + len(record.others) == 1)

    def _texts(self, reading: Reading) -> None:
        """As they are written, but line ends that stand there as signs, or within a line."""
        for name, target in TEXTS.items():
            if name in self._present:
                text = reading.record.values.get(name, "")
                seen = cell_list.one_line(text) if name in LINES else cell_list.unescaped(text)
                reading.entry[target] = seen.strip()
                self.mappings.note(self._heading[name], text, seen.strip())

    def _title(self, reading: Reading) -> None:
        """Some portals leave the title empty and print it as the summary: it is told by its row."""
        entry = reading.entry
        summary = entry.get("notes", "")
        fits = "\n" not in summary and 0 < len(summary) <= LONGEST_TITLE_FROM_SUMMARY
        if fits and not entry.get("title") and not self._says_one_thing(reading.record):
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
        self._note(name, text, became)
        if not became.known:
            self._columns(reading)[self._heading[name]] = text

    def _note(self, name: str, text: str, became: Became) -> None:
        """Days are told by their ways of writing, with an example: each column has hundreds."""
        if name in DATES:
            if text.startswith(str(became.value)):
                return
            form = name, re.sub(r"\d", "9", text)
            text, became = self._dates.setdefault(form, (text, became))
        self.mappings.note(self._heading[name], text, became.value, became.known)

    def _day(self, text: str) -> Became:
        return Became(cell_date.day(text, self._epoch))

    def _open(self, reading: Reading, text: str) -> Became:
        given = reading.record.values.get("open_conditions", "")
        if self._rules.says_nothing(text) and "条件" not in self._heading["open_type"]:
            raise CannotRead("unknown_value")  # no conditions, or not open? only a heading tells
        if self._codes_of_two_lists and text.strip().isdecimal():
            raise CannotRead("codes_of_two_lists")
        became, condition = mapping.open_attribute(text, self._rules, reading.conditions)
        if condition and not given:
            reading.entry["open_conditions"] = condition
        return became

    def _lists(self, reading: Reading) -> None:
        values, entry = reading.record.values, reading.entry
        if "keywords" in self._present:
            self._keywords(reading, values.get("keywords", ""))
        if "related_entries" in self._present:
            entry["related_entries"] = cell_list.split(values.get("related_entries", ""))
        if "application_materials" in self._present:
            written = values.get("application_materials", "")
            entry["application_materials"] = record_items.objects(written) or [
                {"name": name} for name in cell_list.names(written)
            ]

    def _keywords(self, reading: Reading, written: str) -> None:
        reading.entry["tags"], whole = cell_list.keywords(written)
        if not whole:
            heading = self._heading["keywords"]
            self.mappings.note(heading, written, reading.entry["tags"], known=False)
            self._columns(reading)[heading] = written

    def _items(self, reading: Reading) -> None:
        """The information items: of the record's rows, or of one cell that lists their names."""
        if "item_name" in self._present:
            pairs = zip(reading.record.items, reading.record.item_rows, strict=True)
            reading.entry["information_items"] = [self._item(reading, i, row) for i, row in pairs]
        elif "items" in self._present:
            written = reading.record.values.get("items", "")
            items, whole = record_items.listed(written, self._rules)
            reading.entry["information_items"] = items
            if not whole and written:
                shown = "、".join(str(item.get("name")) for item in items)
                self.mappings.note(self._heading["items"], written, shown, bool(items))
            if written and not items:  # prose, not a list of names
                self._columns(reading)[self._heading["items"]] = written

    def _item(self, reading: Reading, cells: Mapping[str, str], row: int) -> dict[str, Any]:
        def became(name: str, text: str, value: object) -> None:
            self.mappings.note(self._heading[name], text, value)

        def refused(name: str, text: str, code: str) -> None:
            reading.unread.append(Unread(row, name, text, code))

        return record_items.of_row(cells, self._rules, became, refused)

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
        for key, text in record_items.columns(record.values.get("imported_columns", "")).items():
            kept.setdefault(key, text)
        if kept or self._has_others:
            reading.entry["imported_columns"] = kept

    @staticmethod
    def _columns(reading: Reading) -> dict[str, str]:
        return reading.entry.setdefault("imported_columns", {})
