"""Import a catalogue file: look through every row, then write all of them or none.

Two passes over the file keep the memory flat: the first reads, judges and counts, the second
writes. Nothing is written by the first, so it is the dry run too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timezone
from itertools import islice
from typing import Any

import sqlalchemy as sa
from ckan import model

from ... import now
from ...departments import tree
from ...domain import code as codes
from ...domain import records
from ...domain.catalogue import EntryRules, Problem, check_entry, shortened
from ...domain.headings import Head
from ...domain.records import Reading, Record
from ...domain.text import address_fault
from ...vocabularies import divisions
from ..entry import bulk, judgement, problem_sentences
from ..entry import codes as code_numbers
from ..entry.entry_rows import Stored, differs
from ..entry.personal_data import Personal
from . import cell_faults, conflicts, dependents, entry_match, problem_cells, readers
from .entry_match import NOTHING, Identity, Match
from .outcome import Outcome, Refused
from .providers import NoProvider, Providers, place_of_sheet
from .sentences import say_cell
from .shared_keys import Shared
from .tables import Row, Table

BATCH = bulk.PAGE
SAMPLE = 2000
"""Rows whose names and titles tell of which place a sheet speaks."""
_LOCK = 0x676F7669
"""Two imports at once would both create the same entry; the second waits for the first."""


@dataclass(frozen=True)
class Options:
    """How to import. ``organization`` is an id; ``allowed`` the ids for which this user may."""

    partial: bool = False
    create_departments: bool = False
    organization: str = ""
    place: str = ""
    allowed: frozenset[str] | None = None
    user_id: str = ""
    user_name: str = ""


@dataclass
class Planned:
    """A row that can be written: its entry, who it is, and what the portal has of it."""

    row: int
    identity: Identity
    entry: dict[str, Any]
    match: Match = NOTHING

    @property
    def existing(self) -> Stored | None:
        """What the portal has of it."""
        return self.match.existing


Progress = Callable[[str, int], None]
"""Told ``reading`` or ``writing`` and how many entries are done."""


@dataclass
class CatalogueImport:
    """One import of one table."""

    table: Table
    head: Head
    options: Options
    progress: Progress | None = None
    outcome: Outcome = field(default_factory=Outcome)
    departments_created: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self._by_field = self.head.by_field
        self._reader = records.Reader(self.head, readers.heading_rules(), readers.value_rules())
        self.personal = Personal()
        self._providers = Providers(
            self.options.allowed, self.options.organization, self.options.create_departments
        )
        self._rules: dict[str, EntryRules] = {}
        self._seen: dict[Identity, tuple[int, bytes]] = {}
        self._written: dict[str, int] = {}
        self._shared = Shared(self._rows(), self.head, readers.heading_rules())
        self._faults = cell_faults.by_row(self.table, self.head)
        self.place = self._place()
        self.mappings: list[dict[str, Any]] = []

    @property
    def missing_departments(self) -> list[str]:
        """Full names of departments that the import would make."""
        return list(self._providers.missing)

    def look(self) -> Outcome:
        """Read and judge every row; nothing is written, departments are not made."""
        for batch in _batches(self._readings()):
            planned = self._planned(batch)
            self._count(planned)
            rows = ((item.row, item.existing, item.entry) for item in planned)
            self.outcome.dependents += dependents.of(rows)
            self._tell("reading", self.outcome.rows)
        self.mappings = self._reader.mappings.rows()
        return self.outcome

    def write(self) -> Outcome:
        """Write what :meth:`look` found good, in one transaction; the caller commits.

        Refuses (writes nothing) if a row was refused, unless ``partial`` was asked for.
        """
        outcome = self.outcome
        if outcome.refused_rows and not self.options.partial:
            outcome.created = outcome.updated = 0
            return outcome
        model.Session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        made, self.departments_created = self._providers.make_missing(self.options.user_name)
        refused, self.outcome = outcome, Outcome()
        self._seen.clear()
        self._written.clear()
        self.personal.clear()
        instant = now.now().astimezone(timezone.utc).replace(tzinfo=None)
        for batch in _batches(self._readings()):
            planned = self._planned(batch, made)
            self._count(planned)
            self._write_batch(planned, instant)
            self._tell("writing", self.outcome.rows)
        refused.created, refused.updated = self.outcome.created, self.outcome.updated
        refused.unchanged, refused.repeated = self.outcome.unchanged, self.outcome.repeated
        self.outcome = refused
        return refused

    def _readings(self) -> Iterator[Reading]:
        for record in records.records(self._rows(), self.head, readers.heading_rules()):
            yield self._reader.read(record)

    def _rows(self) -> Iterator[Row]:
        return islice(iter(self.table.rows), self.head.row + self.head.depth, None)

    def _planned(self, batch: list[Reading], made: dict[str, str] | None = None) -> list[Planned]:
        """The rows of the batch that are good, with what the portal has of them."""
        candidates: list[Planned] = []
        for reading in batch:
            self.outcome.rows += 1
            planned = self._plan(reading, made or {})
            if planned is not None:
                candidates.append(planned)
        found = entry_match.find((p.identity, p.entry) for p in candidates)
        for planned in candidates:
            planned.match = found[planned.identity]
        return [planned for planned in candidates if self._is_good(planned)]

    def _plan(self, reading: Reading, made: dict[str, str]) -> Planned | None:
        record, entry = reading.record, reading.entry
        for unread in reading.unread:
            self._refuse(record, unread.row, unread.field, unread.value, unread.code)
        self._refuse_faults(record)
        try:
            department = self._provider(record)
            entry["owner_org"] = made.get(department, department)
        except NoProvider as error:
            self._refuse(record, record.row, "publisher", error.value, error.code, error.detail)
        self._settle(record, entry)
        self.personal.sift_record(record, entry, self._heading)
        if record.row in self.outcome.refused_rows:
            self._judge(record, entry)
            return None
        identity = entry_match.identity_of(record.values, entry, self._shared)
        if self._is_repeated(record, identity, entry):
            return None
        return Planned(record.row, identity, entry) if self._judge(record, entry) else None

    def _is_good(self, planned: Planned) -> bool:
        """Whether the row may be written over what the portal has, or beside it."""
        fault, value, detail = conflicts.found(planned.match, planned.entry, self.options.allowed)
        key = planned.existing.id if planned.existing else planned.match.name
        first = self._written.setdefault(key, planned.row)
        if not fault and first != planned.row:
            fault, value, detail = "duplicate", "", str(first)
        if not fault:
            self.outcome.retitle(planned.row, planned.existing, planned.entry)
            return True
        said = say_cell(fault, value, detail)
        self.outcome.refuse(
            Refused(planned.row, "", shortened(planned.identity.key), fault, said), planned.row
        )
        return False

    def _count(self, planned: Iterable[Planned]) -> None:
        for item in planned:
            if item.existing is None:
                self.outcome.created += 1
            elif self._is_unchanged(item):
                self.outcome.unchanged += 1
            else:
                self.outcome.updated += 1

    @staticmethod
    def _is_unchanged(item: Planned) -> bool:
        old = item.existing
        return bool(old and old.state == "active" and not differs(item.entry, old))

    def _write_batch(self, planned: list[Planned], instant: Any) -> None:
        new = [item for item in planned if item.existing is None]
        changed = [i for i in planned if i.existing is not None and not self._is_unchanged(i)]
        numbers = self._numbers(new)
        bulk.create(
            [bulk.NewEntry(i.match.name, i.entry, numbers[i.row]) for i in new],
            self.options.user_id,
            instant,
        )
        if changed:
            bulk.change(
                [bulk.ChangedEntry(i.existing.id, i.entry) for i in changed if i.existing], instant
            )

    def _numbers(self, new: list[Planned]) -> dict[int, str]:
        """The catalogue code of each new entry: its own, or one that is given out now."""
        numbers: dict[int, str] = {}
        wanted: dict[str, list[int]] = {}
        for item in new:
            written = item.entry.get("catalogue_code")
            if written:
                numbers[item.row] = written
            else:
                provider = self._providers.known.get(item.entry["owner_org"])
                prefix = code_numbers.prefix_for(item.entry, provider)
                wanted.setdefault(prefix, []).append(item.row)
        for prefix, rows in wanted.items():
            numbers.update(zip(rows, code_numbers.allocate(prefix, len(rows)), strict=True))
        return numbers

    # One row

    def _provider(self, record: Record) -> str:
        printed = record.values.get("publisher", "")
        place = record.values.get("place", "") or self.place
        department = self._providers.find(printed, record.values.get("publisher_code", ""), place)
        title = self._providers.title(department)
        if printed and printed != title:
            self._reader.mappings.note(self._heading("publisher"), printed, title)
        return department

    def _settle(self, record: Record, entry: dict[str, Any]) -> None:
        """Another portal's code, or an address that is none (见官网), is kept beside the entry."""
        written = record.values.get("catalogue_code", "")
        if codes.parse(written) is not None:
            entry["catalogue_code"] = written
        elif written:
            entry.setdefault("imported_columns", {})[self._heading("catalogue_code")] = written
        if address_fault(entry.get("url")):
            entry.setdefault("imported_columns", {})[self._heading("url")] = entry.pop("url")

    def _is_repeated(self, record: Record, identity: Identity, entry: dict[str, Any]) -> bool:
        content = (entry, record.values, record.others, record.items)
        digest = hashlib.sha256(repr(content).encode("utf-8", "replace")).digest()[:12]
        first = self._seen.setdefault(identity, (record.row, digest))
        if first[0] == record.row:
            return False
        if first[1] == digest:
            self.outcome.repeated += 1
            self.outcome.unchanged += 1
        else:
            name = entry_match.COLUMN_OF[identity.kind]
            shown = record.values.get(name, "")
            self._refuse(record, record.row, name, shown, "duplicate", str(first[0]))
        return True

    def _judge(self, record: Record, entry: dict[str, Any]) -> bool:
        """Ask the one judge; gaps are noted, everything else refuses the row."""
        good = True
        for problem in check_entry(entry, self._entry_rules(entry.get("owner_org", ""))):
            name = problem_cells.column_of(problem)
            if problem.gap:
                if record.row not in self.outcome.refused_rows:
                    self._note_gap(record, name, problem)
                continue
            good = False
            column = self._by_field.get(name)
            self.outcome.refuse(
                Refused(
                    row=problem_cells.row_of(problem, record),
                    column=column.heading if column else problem.field,
                    value=shortened(problem.value),
                    code=problem.fault.value,
                    message=problem_sentences.say(problem),
                    index=column.index if column else None,
                ),
                record.row,
            )
        return good

    def _note_gap(self, record: Record, name: str, problem: Problem) -> None:
        column = self._by_field.get(name)
        label = problem_sentences.field_label(problem.field, problem_sentences.language())
        shown = column.heading if column else label
        self.outcome.gap(record.row, shown, problem.field, problem_sentences.say(problem))

    def _entry_rules(self, provider: str) -> EntryRules:
        if provider not in self._rules:
            known = provider in self._providers.known
            self._rules[provider] = judgement.entry_rules(
                judgement.chain(provider) if known else ()
            )
        return self._rules[provider]

    def _refuse(
        self, record: Record, row: int, name: str, value: str, code: str, detail: str = ""
    ) -> None:
        column = self._by_field.get(name)
        self.outcome.refuse(
            Refused(
                row=row,
                column=column.heading if column else name,
                value=shortened(value),
                code=code,
                message=say_cell(code, value, detail),
                index=column.index if column else None,
            ),
            record.row,
        )

    def _heading(self, name: str) -> str:
        column = self._by_field.get(name)
        return column.heading if column else name

    def _refuse_faults(self, record: Record) -> None:
        headings = {column.index: column.heading for column in self.head.columns}
        for row in dict.fromkeys((record.row, *record.item_rows)):
            for index, code, value in self._faults.get(row, ()):
                if index not in headings:
                    continue
                self.outcome.refuse(
                    Refused(row, headings[index], value, code, say_cell(code, value), index),
                    record.row,
                )

    def _place(self) -> str:
        if self.options.place:
            return self.options.place
        if "place" in self._by_field:
            return ""
        region = tree.region_of(self.options.organization or "")
        if region:
            return divisions().full_name(region)
        wanted = [self._by_field[n].index for n in ("title", "publisher") if n in self._by_field]
        sample = islice(iter(self.table.rows), self.head.row + self.head.depth, SAMPLE)
        texts = [cells[i] for _, cells in sample for i in wanted if i < len(cells)]
        return place_of_sheet(texts) or self._providers.own_place()

    def _tell(self, what: str, done: int) -> None:
        if self.progress:
            self.progress(what, done)


def _batches(readings: Iterator[Reading]) -> Iterator[list[Reading]]:
    while batch := list(islice(readings, BATCH)):
        yield batch
