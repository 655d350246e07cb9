"""One row of a sheet, judged: its entry, what of it cannot be used, and what it does not say.

Everything is given back; nothing is counted or kept here but the values that a reader changed and
the personal data that was seen (``mappings``, ``personal``), which the import tells at its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ... import vocabularies
from ...domain import basis, sheet_row
from ...domain import code as codes
from ...domain.catalogue import EntryRules, Problem, check_entry, shortened
from ...domain.headings import Column, Head
from ...domain.mapping import MappingRecord
from ...domain.records import Reading
from ...domain.row_groups import NO_READING, Record
from ...domain.text import address_fault
from ...sheets.tables import Table
from ...speech import language
from ..entry import judgement, problem_sentences
from ..entry.personal_data import Personal
from . import cell_faults, field_words, problem_cells, sentences
from .cell_faults import HIDDEN_ROW
from .outcome import Gap, RefusedRow
from .providers import NoProvider, Providers
from .sentences import say_cell

MOST_HIDDEN = 50
"""Hidden rows that are named."""


@dataclass(frozen=True)
class JudgedRow:
    """What became of a row."""

    record: Record
    entry: dict[str, Any]
    unread: tuple[RefusedRow, ...]
    """Cells that cannot be read, and a department that cannot be told."""
    wrong: tuple[RefusedRow, ...]
    """What the rules of an entry refuse."""
    gaps: tuple[Gap, ...]
    """What the rules ask for and the row does not say."""


class RowJudge:
    """Judges the rows of one sheet. ``place`` is of what the sheet speaks where a row says none."""

    def __init__(
        self, table: Table, head: Head, providers: Providers, mappings: MappingRecord, place: str
    ) -> None:
        self._columns = head.by_field
        self._headings = {column.index: column.heading for column in head.columns}
        self._labels = sheet_row.labels(head)
        self._faults = cell_faults.by_row(table, head)
        hidden = (row for row, cells in self._faults.items() if cells[-1][1] == HIDDEN_ROW)
        self.hidden_rows = sorted(hidden)[:MOST_HIDDEN]
        """Rows of the body with values that a spreadsheet does not show; some of many."""
        self._providers = providers
        self._mappings = mappings
        self._place = place
        self._rules: dict[str, EntryRules] = {}
        self._empty: dict[Problem, Gap] = {}
        self.personal = Personal()

    def judge(self, reading: Reading, made: Mapping[str, str]) -> JudgedRow:
        """``made`` are the ids of departments that were missing, by their stand-ins."""
        record, entry = reading.record, reading.entry
        unread = [*self._unread(reading), *self._damaged(record)]
        if any(cell.code in NO_READING for cell in reading.unread):
            return JudgedRow(record, entry, tuple(unread), (), ())
        try:
            department = self._provider(record)
            entry["owner_org"] = made.get(department, department)
        except NoProvider as error:
            unread.append(
                self.refused(record.row, "publisher", error.value, error.code, error.detail)
            )
        self._settle(record, entry)
        self._word_bases(entry)
        self.personal.sift_record(record, entry, self._heading)
        wrong, gaps = self._by_the_rules(record, entry)
        if reading.called_by_summary:
            gaps = (Gap(self._heading("title"), "title", sentences.called_by_summary()), *gaps)
        return JudgedRow(record, entry, tuple(unread), wrong, () if unread else gaps)

    def refused(self, row: int, name: str, value: str, code: str, detail: str = "") -> RefusedRow:
        """The refusal of a cell, named by the field of its column."""
        column = self._columns.get(name)
        said = say_cell(code, value, detail)
        return RefusedRow(row, self._heading(name), shortened(value), code, said, _index(column))

    def _unread(self, reading: Reading) -> Iterator[RefusedRow]:
        for cell in reading.unread:
            allowed = self._allowed(cell.field) if cell.code == "unknown_value" else ""
            yield self.refused(cell.row, cell.field, cell.value, cell.code, allowed or cell.detail)

    @staticmethod
    def _allowed(name: str) -> str:
        """The values of a column, as the form of an entry calls them."""
        words, reader = problem_cells.VOCABULARY_OF.get(name), language.of_labels()
        if words is None:
            return tk._("yes, no")
        vocabulary = vocabularies.vocabulary(words)
        return "、".join(vocabulary.label(code, reader) for code in vocabulary.codes)

    def _damaged(self, record: Record) -> Iterator[RefusedRow]:
        """Errors, formulas without a value, merged cells, in columns that have a heading."""
        for row in dict.fromkeys((record.row, *record.item_rows)):
            for index, code, value in self._faults.get(row, ()):
                if index in self._headings:
                    said = say_cell(code, value)
                    yield RefusedRow(row, self._headings[index], value, code, said, index)

    def _provider(self, record: Record) -> str:
        printed = record.values.get("publisher", "")
        place = record.values.get("place", "") or self._place
        department = self._providers.find(printed, record.values.get("publisher_code", ""), place)
        title = self._providers.title(department)
        if printed and printed != title:
            self._mappings.note(self._heading("publisher"), printed, title)
        return department

    def _settle(self, record: Record, entry: dict[str, Any]) -> None:
        """Another portal's code, or an address that is none (见官网), is kept beside the entry."""
        written = record.values.get("catalogue_code", "")
        if codes.parse(written) is not None:
            entry["catalogue_code"] = written
        elif written:
            self._put_beside(entry, "catalogue_code", written)
        if address_fault(entry.get("url")):
            self._put_beside(entry, "url", entry.pop("url"))

    def _put_beside(self, entry: dict[str, Any], name: str, text: str) -> None:
        label = self._labels[self._columns[name].index]
        entry.setdefault("imported_columns", {})[label] = text

    def _word_bases(self, entry: dict[str, Any]) -> None:
        """Grounds that a sheet names by their ids are kept in words, as a form keeps them."""
        rules = self._entry_rules(entry.get("owner_org", ""))
        for name, grounds in (("open_basis", rules.opening), ("share_basis", rules.sharing)):
            if entry.get(name) and grounds:
                entry[name] = basis.worded(entry[name], grounds)

    def _by_the_rules(
        self, record: Record, entry: Mapping[str, Any]
    ) -> tuple[tuple[RefusedRow, ...], tuple[Gap, ...]]:
        """What the one judge of entries says; a gap after a refusal is nobody's concern."""
        wrong: list[RefusedRow] = []
        gaps: list[Gap] = []
        for problem in check_entry(entry, self._entry_rules(entry.get("owner_org", ""))):
            if not problem.gap:
                wrong.append(self._wrong(record, problem))
            elif not wrong:
                gaps.append(self._gap(problem))
        return tuple(wrong), tuple(gaps)

    def _wrong(self, record: Record, problem: Problem) -> RefusedRow:
        column = self._columns.get(problem_cells.column_of(problem, self._columns))
        label = problem_sentences.field_label(problem.field, language.of_labels())
        return RefusedRow(
            row=problem_cells.row_of(problem, record),
            column=column.heading if column else label,
            value=shortened(problem.value),
            code=problem.fault.value,
            message=problem_sentences.say(problem),
            index=_index(column),
        )

    def _gap(self, problem: Problem) -> Gap:
        """A field that is empty is empty in row after row: its sentence is made once."""
        if problem.value:
            return self._said(problem)
        if problem not in self._empty:
            self._empty[problem] = self._said(problem)
        return self._empty[problem]

    def _said(self, problem: Problem) -> Gap:
        column = self._columns.get(problem_cells.column_of(problem, self._columns))
        label = problem_sentences.field_label(problem.field, language.of_labels())
        shown = column.heading if column else label
        return Gap(shown, problem.field, problem_sentences.say(problem))

    def _entry_rules(self, provider: str) -> EntryRules:
        if provider not in self._rules:
            known = provider in self._providers.known
            self._rules[provider] = judgement.entry_rules(
                judgement.chain(provider) if known else ()
            )
        return self._rules[provider]

    def _heading(self, name: str) -> str:
        column = self._columns.get(name)
        return column.heading if column else field_words.label(name)


def _index(column: Column | None) -> int | None:
    return column.index if column else None
