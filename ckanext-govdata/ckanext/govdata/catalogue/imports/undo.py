"""The undo of an import: each of its rows is what it was before, unless something came of it since.

An entry that somebody changed after the import, a new one that is used already, one of a department
for which the officer may write no more: each is left as it is and named. All is one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ... import now, settings
from ...bulk_sql import array
from ...database import Session
from ...departments import succession
from ...ledger import book
from ..answers import LeftRow, UndoAnswer
from ..entry import bulk, codes
from ..entry.entry_rows import Stored
from ..model import ImportRow
from . import dependents, former_rows, import_rows, importer, sentences
from .former_rows import FormerRow

MOST = 500
"""Entries that are named as left; more are counted."""
USED = sa.text("""
SELECT w.id FROM unnest(CAST(:ids AS text[])) AS w (id) WHERE EXISTS (
    SELECT FROM resource x WHERE x.package_id = w.id AND x.state = 'active'
) OR EXISTS (SELECT FROM govdata_case x WHERE x.package_id = w.id)
OR EXISTS (SELECT FROM govdata_grant x WHERE x.package_id = w.id)
OR EXISTS (SELECT FROM govdata_emergency_dataset x WHERE x.package_id = w.id)
OR EXISTS (SELECT FROM user_following_dataset x WHERE x.object_id = w.id)
""")
"""Those of these entries that have files, cases, grants or followers, or stand in an event."""


@dataclass
class Undo:
    """The undo of one import by its officer, who may write for the departments ``allowed`` (None:
    all)."""

    session: Session
    user_id: str
    allowed: Collection[str] | None
    restored: int = 0
    withdrawn: int = 0
    left: int = 0
    rows: list[LeftRow] = field(default_factory=list[LeftRow])

    def carry_out(self, import_id: str, progress: importer.Progress) -> UndoAnswer:
        """Take the rows back, the last batch first; the caller commits."""
        importer.take_turn()
        instant = now.now().astimezone(timezone.utc).replace(tzinfo=None)
        for batch in former_rows.read(self.session, import_id):
            self._take_back(batch, instant)
            progress("undoing", self.restored + self.withdrawn + self.left)
        self.rows.sort(key=lambda one: (one["sheet"], one["row"]))
        facts = {"restored": self.restored, "withdrawn": self.withdrawn, "left": self.left}
        entry = book.LedgerEntry("import_undone", "import", import_id, self.user_id, facts)
        book.write(self.session, [entry])
        return {
            "restored": self.restored,
            "withdrawn": self.withdrawn,
            "left": self.left,
            "rows": self.rows,
        }

    def _take_back(self, batch: Sequence[FormerRow], instant: datetime) -> None:
        found = former_rows.locked(self.session, [row.id for row in batch])
        current = {one.id: one for one in found}
        against = self._against(batch, current)
        back: list[Stored] = []
        new: list[str] = []
        for row in batch:
            if why := against.get(row.id):
                self._leave(row, current.get(row.id), why)
            elif row.before is None:
                new.append(row.id)
            else:
                back.append(row.before)
        succession.insist(self.session, {one.columns["owner_org"] for one in back} - {""})
        bulk.restore(back, instant)
        bulk.withdraw(new, instant)
        came_back = sum(1 for one in back if one.state != "active")
        self.restored += len(back) - came_back
        self.withdrawn += len(new) + came_back

    def _against(
        self, batch: Sequence[FormerRow], current: dict[str, Stored]
    ) -> dict[str, str]:
        """What stands against taking an entry back, by its id."""
        against = {
            row.id: why for row in batch if (why := self._why_not(row, current.get(row.id)))
        }
        fine = [row for row in batch if row.id not in against]
        made = [row.id for row in fine if row.before is None or row.before.state != "active"]
        used = self.session.scalars(USED, {"ids": array(made)}) if made else ()
        against |= dict.fromkeys(used, "used_since")
        against |= dict.fromkeys(self._depended_on(fine, current), "used_since")
        return against | dict.fromkeys(self._without_code(fine), "code_taken")

    def _why_not(self, row: FormerRow, found: Stored | None) -> str:
        if found is None:
            return "gone"
        owners = {found.columns["owner_org"]}
        owners |= {row.before.columns["owner_org"]} if row.before else set()
        if self.allowed is not None and not owners <= set(self.allowed):
            return "not_yours"
        return "" if former_rows.digest(found) == row.after else "changed_since"

    def _depended_on(
        self, rows: Sequence[FormerRow], current: dict[str, Stored]
    ) -> Iterator[str]:
        """Entries whose grants would end, or whose cases could not go on, by what they were."""
        ids = {current[row.id].name: row.id for row in rows}
        asked = (
            (row.row, current[row.id], {"open_attribute": row.before.extras.get("open_attribute")})
            for row in rows
            if row.before is not None
        )
        yield from (ids[one.name] for one in dependents.of(asked))

    def _without_code(self, rows: Sequence[FormerRow]) -> list[str]:
        """Entries whose code of before another entry has by now."""
        wanted = {
            row.id: row.before.extras.get("catalogue_code", "") for row in rows if row.before
        }
        owners = codes.owners(code for code in wanted.values() if code)
        return [each for each, code in wanted.items() if owners.get(code, each) != each]

    def _leave(self, row: FormerRow, found: Stored | None, why: str) -> None:
        self.left += 1
        if len(self.rows) < MOST:
            self.rows.append({
                "sheet": row.sheet,
                "row": row.row,
                "title": found.columns["title"] if found else row.title,
                "name": found.name if found else "",
                "why": why,
                "message": sentences.say_left(why),
            })


def until(session: Session, row: ImportRow) -> datetime | None:
    """Until when the import can be undone; None where it cannot be."""
    if row.state not in (import_rows.DONE, import_rows.INDEXING) or row.written is None:
        return None
    end = row.written + timedelta(hours=settings.hours_of_undo())
    return end if not is_over(row) and former_rows.is_kept(session, row.id) else None


def is_over(row: ImportRow) -> bool:
    """Whether the hours are over in which it can be undone; also while an undo is under way."""
    end = row.written and row.written + timedelta(hours=settings.hours_of_undo())
    return end is None or now.real() >= end


def say_why_not(row: ImportRow) -> str:
    """Why it cannot be undone."""
    hours = settings.hours_of_undo()
    if row.written is None:
        return tk._("Nothing of this import was written, so there is nothing to undo")
    if not hours:
        return tk._("This portal undoes no imports")
    said = tk.ungettext(
        "An import can be undone for {n} hour after it was written; that time is over",
        "An import can be undone for {n} hours after it was written; that time is over",
        hours,
    )
    return said.format(n=hours)
