"""Import a catalogue file: look through every row of its sheets, then write all of them or none.

Two passes over the file keep the memory flat: the first reads, judges and counts, the second
writes. Nothing is written by the first, so it is the dry run too. A row goes one way:
read (``domain/records``) → judged (``row_judge``) → planned (``row_plan``) → written
(``row_writer``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timezone

import sqlalchemy as sa
from ckan import model

from ... import now
from . import dependents, row_writer
from .former_rows import FormerRows
from .found_sheets import FoundFile
from .providers import Providers
from .row_plan import MetRows
from .sheet_work import SheetWork

LOCAL_FILE = "govdata_import_file"
"""In an action's context: the path of the file. A request cannot set it."""
PROGRESS = "govdata_import_progress"
"""In a context: a :data:`Progress`."""
WRITTEN = "govdata_import_written"
"""In a context: a function that is given the answer before the commit, where rows were written."""
IMPORT_ID = "govdata_import_id"
"""In a context: the import that can be undone, so that what each row was before is kept."""
_LOCK = 0x676F7669


def take_turn() -> None:
    """Wait until no other import writes or is undone, until the transaction ends: two at once would
    both create the same entry."""
    model.Session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


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


Progress = Callable[[str, int], None]
"""Told ``reading`` or ``writing`` and how many entries are done."""


class CatalogueImport:
    """One import of the sheets of one file.

    ``former`` keeps what each row was before, of an import that can be undone.
    """

    def __init__(
        self,
        file: FoundFile,
        options: Options,
        providers: Providers,
        progress: Progress | None = None,
        former: FormerRows | None = None,
    ) -> None:
        self.file, self.options = file, options
        self._progress, self._former = progress, former
        self.departments_created: list[str] = []
        self.providers = providers
        self.sheets = [
            SheetWork(found, self.providers, options.place, options.organization)
            for found in file.sheets
        ]

    @property
    def refused_rows(self) -> int:
        """How many rows cannot be written."""
        return sum(len(sheet.outcome.refused_rows) for sheet in self.sheets)

    @property
    def dependents(self) -> Sequence[dependents.Dependent]:
        """Rows by which grants end or cases cannot go on, of all sheets."""
        return [one for sheet in self.sheets for one in sheet.outcome.dependents]

    def look(self, *, to_write: bool) -> None:
        """Read and judge every row; nothing is written, departments are not made. Who will write
        waits for his turn before he looks, so that he writes what he saw."""
        if to_write:
            take_turn()
        met, done = MetRows(), 0
        for sheet in self.sheets:
            plan = sheet.new_plan(self.options.allowed, met)
            sheet.outcome = plan.outcome
            for batch in sheet.batches(plan, {}):
                rows = ((one.row, one.existing, one.entry) for one in plan.plan(batch))
                sheet.outcome.dependents += dependents.of(rows)
                self._tell("reading", done + sheet.outcome.rows)
            done += sheet.outcome.rows
            sheet.mappings = sheet.reader.mappings.rows()

    def write(self) -> None:
        """Write what :meth:`look` found good, in one transaction; the caller commits.

        Refuses (writes nothing) if a row was refused, unless ``partial`` was asked for.
        """
        if self.refused_rows and not self.options.partial:
            for sheet in self.sheets:
                sheet.outcome.created = sheet.outcome.updated = 0
            return
        made, self.departments_created = self.providers.make_missing(self.options.user_name)
        instant = now.now().astimezone(timezone.utc).replace(tzinfo=None)
        met, done = MetRows(), 0
        for sheet in self.sheets:
            sheet.personal.clear()
            plan = sheet.new_plan(self.options.allowed, met)
            for batch in sheet.batches(plan, made):
                planned = plan.plan(batch)
                before = self._former.before(planned) if self._former else {}
                known, user = self.providers.known, self.options.user_id
                row_writer.write(planned, known, user, instant)
                if self._former:
                    self._former.keep(sheet.name, planned, before)
                self._tell("writing", done + plan.outcome.rows)
            done += plan.outcome.rows
            sheet.outcome.take_counts(plan.outcome)

    def _tell(self, what: str, done: int) -> None:
        if self._progress:
            self._progress(what, done)
