"""Which rows of a sheet are written, and over what: one pass over the sheet, counted.

A row goes to its judge and comes back with all that is to be said of it; here it is set beside the
other rows and beside what the portal has.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk

from ...domain.catalogue import shortened
from ..entry.entry_rows import Stored, differing, differs
from . import conflicts, entry_match, left_fields
from .entry_match import NOTHING, EntryMatch, Identity
from .outcome import ImportOutcome, RefusedRow
from .row_judge import JudgedRow
from .sentences import say_cell
from .shared_keys import Shared

Refusal = Callable[[int, str, str, str, str], RefusedRow]
"""Makes the refusal of a cell: row, field of its column, value, code, detail."""
Place = tuple[str, int]
"""A sheet and a row of it."""
MOST_CHANGES = 1000
"""Entries that are named as new or changed; more are counted."""
CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


class PlannedChange(NamedTuple):
    """A row that makes or changes an entry; ``fields`` are those that it changes."""

    row: int
    act: str
    name: str
    title: str
    fields: tuple[str, ...]


@dataclass
class MetRows:
    """What one pass has met so far, on all sheets of the file."""

    seen: dict[Identity, tuple[Place, bytes, str]] = field(
        default_factory=dict[Identity, tuple[Place, bytes, str]]
    )
    """By what rows are known: where the first stands, a digest of it, its title."""
    written: dict[str, Place] = field(default_factory=dict[str, Place])


@dataclass
class Planned:
    """A row that can be written: its entry, who it is, and what the portal has of it."""

    row: int
    identity: Identity
    entry: dict[str, Any]
    blank: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    """As :class:`JudgedRow` tells them."""
    match: EntryMatch = NOTHING

    @property
    def existing(self) -> Stored | None:
        """What the portal has of it."""
        return self.match.existing

    @property
    def unchanged(self) -> bool:
        """Whether the portal has all of it already."""
        old = self.existing
        return bool(old and old.state == "active" and not differs(self.entry, old))


class RowPlan:
    """The rows of one sheet in one pass, with the counts of them in ``outcome``."""

    def __init__(
        self,
        sheet: str,
        shared: Shared,
        allowed: Collection[str] | None,
        refused: Refusal,
        met: MetRows,
        weak: Mapping[str, str],
    ) -> None:
        self._weak = weak
        self.outcome = ImportOutcome()
        self.changes: list[PlannedChange] = []
        self.departments: Counter[tuple[str, str]] = Counter()
        """How many rows of a department (its id) are created, updated or unchanged."""
        self._sheet = sheet
        self._shared = shared
        self._allowed = allowed
        self._refused = refused
        self._met = met

    def plan(self, batch: Iterable[JudgedRow]) -> list[Planned]:
        """The rows of the batch that are good, with what the portal has of them."""
        candidates = [one for one in map(self._candidate, batch) if one is not None]
        found = entry_match.find((one.identity, one.entry) for one in candidates)
        for one in candidates:
            one.match = found[one.identity]
        good = [one for one in candidates if self._is_good(one)]
        for one in good:
            self._leave(one)
            self._count(one)
        return good

    def _leave(self, planned: Planned) -> None:
        """What the row does not say stays, and is told."""
        found = planned.existing
        if found is None or found.state != "active":
            return
        entry, row = planned.entry, planned.row
        for one in left_fields.leave(entry, found, planned.blank, planned.written, self._weak):
            self.outcome.note_left(row, one)

    def _candidate(self, judged: JudgedRow) -> Planned | None:
        self.outcome.rows += 1
        row = judged.record.row
        if judged.unread:
            self.outcome.refuse(row, *judged.unread, *judged.wrong)
            return None
        identity = entry_match.identity_of(judged.record.values, judged.entry, self._shared)
        if self._is_repeated(judged, identity):
            return None
        for gap in judged.gaps:
            self.outcome.note_gap(row, gap)
        if judged.wrong:
            self.outcome.refuse(row, *judged.wrong)
            return None
        return Planned(row, identity, judged.entry, judged.blank, judged.written)

    def _is_repeated(self, judged: JudgedRow, identity: Identity) -> bool:
        record = judged.record
        content = (judged.entry, record.values, record.others, record.items)
        digest = hashlib.sha256(repr(content).encode("utf-8", "replace")).digest()[:12]
        place = (self._sheet, record.row)
        first = self._met.seen.setdefault(identity, (place, digest, identity.title))
        if first[0] == place:
            return False
        if first[1] == digest:
            self.outcome.repeated += 1
            self.outcome.unchanged += 1
        else:
            name = entry_match.COLUMN_OF[identity.kind]
            shown = record.values.get(name, "")
            numbered = identity.kind in ("number", "code") and first[2] != identity.title
            said = self._twice(first[0], numbered=numbered)
            refused = self._refused(record.row, name, shown, *said)
            self.outcome.refuse(record.row, refused)
        return True

    def _is_good(self, planned: Planned) -> bool:
        """Whether the row may be written over what the portal has, or beside it."""
        fault, value, detail = conflicts.found(planned.match, planned.entry, self._allowed)
        key = planned.existing.id if planned.existing else planned.match.name
        place = (self._sheet, planned.row)
        first = self._met.written.setdefault(key, place)
        if not fault and first != place:
            (fault, detail), value = self._twice(first), ""
        if not fault:
            self.outcome.retitle(planned.row, planned.existing, planned.entry)
            return True
        said = say_cell(fault, value, detail)
        key = shortened(planned.identity.key)
        self.outcome.refuse(planned.row, RefusedRow(planned.row, "", key, fault, said))
        return False

    def _twice(self, first: Place, *, numbered: bool = False) -> tuple[str, str]:
        """Code and detail of a row that stands at that place already, or its number only."""
        here = first[0] == self._sheet
        if here and not numbered:
            return "duplicate", str(first[1])
        where = (tk._("row {row}") if here else tk._("sheet “{sheet}”, row {row}")).format(
            sheet=first[0], row=first[1])
        return "number_twice" if numbered else "duplicate_elsewhere", where

    def _count(self, planned: Planned) -> None:
        existing = planned.existing
        if existing is None or existing.state != "active":  # what was withdrawn comes anew
            self.outcome.created += 1
            self._note(planned, CREATED, ())
        elif planned.unchanged:
            self.outcome.unchanged += 1
            self._note(planned, UNCHANGED, ())
        else:
            self.outcome.updated += 1
            changed = differing(planned.entry, existing) if len(self.changes) < MOST_CHANGES else ()
            self._note(planned, UPDATED, tuple(changed))

    def _note(self, planned: Planned, act: str, fields: tuple[str, ...]) -> None:
        self.departments[str(planned.entry.get("owner_org") or ""), act] += 1
        if act != UNCHANGED and len(self.changes) < MOST_CHANGES:
            existing = planned.existing
            name = existing.name if existing else planned.match.name
            title = planned.entry.get("title") or (existing.columns["title"] if existing else "")
            self.changes.append(PlannedChange(planned.row, act, name, str(title), fields))
