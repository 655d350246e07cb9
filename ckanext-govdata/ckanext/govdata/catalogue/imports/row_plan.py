"""Which rows of a sheet are written, and over what: one pass over the sheet, counted.

A row goes to its judge and comes back with all that is to be said of it; here it is set beside the
other rows and beside what the portal has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from ...domain.catalogue import shortened
from ..entry.entry_rows import Stored, differs
from . import conflicts, entry_match
from .entry_match import NOTHING, EntryMatch, Identity
from .outcome import ImportOutcome, RefusedRow
from .row_judge import JudgedRow
from .sentences import say_cell
from .shared_keys import Shared

Refusal = Callable[[int, str, str, str, str], RefusedRow]
"""Makes the refusal of a cell: row, field of its column, value, code, detail."""


@dataclass
class Planned:
    """A row that can be written: its entry, who it is, and what the portal has of it."""

    row: int
    identity: Identity
    entry: dict[str, Any]
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
    """The rows of one pass, with the counts of them in ``outcome``."""

    def __init__(
        self, shared: Shared, allowed: Collection[str] | None, refused: Refusal
    ) -> None:
        self.outcome = ImportOutcome()
        self._shared = shared
        self._allowed = allowed
        self._refused = refused
        self._seen: dict[Identity, tuple[int, bytes]] = {}
        self._written: dict[str, int] = {}

    def plan(self, batch: Iterable[JudgedRow]) -> list[Planned]:
        """The rows of the batch that are good, with what the portal has of them."""
        candidates = [one for one in map(self._candidate, batch) if one is not None]
        found = entry_match.find((one.identity, one.entry) for one in candidates)
        for one in candidates:
            one.match = found[one.identity]
        good = [one for one in candidates if self._is_good(one)]
        for one in good:
            self._count(one)
        return good

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
        return Planned(row, identity, judged.entry)

    def _is_repeated(self, judged: JudgedRow, identity: Identity) -> bool:
        record = judged.record
        content = (judged.entry, record.values, record.others, record.items)
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
            refused = self._refused(record.row, name, shown, "duplicate", str(first[0]))
            self.outcome.refuse(record.row, refused)
        return True

    def _is_good(self, planned: Planned) -> bool:
        """Whether the row may be written over what the portal has, or beside it."""
        fault, value, detail = conflicts.found(planned.match, planned.entry, self._allowed)
        key = planned.existing.id if planned.existing else planned.match.name
        first = self._written.setdefault(key, planned.row)
        if not fault and first != planned.row:
            fault, value, detail = "duplicate", "", str(first)
        if not fault:
            self.outcome.retitle(planned.row, planned.existing, planned.entry)
            return True
        said = say_cell(fault, value, detail)
        key = shortened(planned.identity.key)
        self.outcome.refuse(planned.row, RefusedRow(planned.row, "", key, fault, said))
        return False

    def _count(self, planned: Planned) -> None:
        if planned.existing is None:
            self.outcome.created += 1
        elif planned.unchanged:
            self.outcome.unchanged += 1
        else:
            self.outcome.updated += 1
