"""Import a catalogue file: look through every row, then write all of them or none.

Two passes over the file keep the memory flat: the first reads, judges and counts, the second
writes. Nothing is written by the first, so it is the dry run too. A row goes one way:
read (``domain/records``) → judged (``row_judge``) → planned (``row_plan``) → written
(``row_writer``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timezone
from itertools import islice

import sqlalchemy as sa
from ckan import model

from ... import now
from ...departments import tree
from ...domain import records
from ...domain.body_rows import NoEntry
from ...domain.headings import Head
from ...domain.mapping import MappingCount
from ...vocabularies import divisions
from ..entry import bulk
from . import dependents, readers, row_writer
from .outcome import ImportOutcome
from .providers import Providers, place_of_sheet
from .row_judge import JudgedRow, RowJudge
from .row_plan import RowPlan
from .shared_keys import Shared
from .tables import Row, Table

BATCH = bulk.PAGE
SAMPLE = 2000
"""Rows whose names and titles tell of which place a sheet speaks."""
LOCAL_FILE = "govdata_import_file"
"""In an action's context: the path of the file. A request cannot set it."""
PROGRESS = "govdata_import_progress"
"""In a context: a :data:`Progress`."""
WRITTEN = "govdata_import_written"
"""In a context: a function that is given the answer before the commit, where rows were written."""
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


Progress = Callable[[str, int], None]
"""Told ``reading`` or ``writing`` and how many entries are done."""


@dataclass
class CatalogueImport:
    """One import of one table."""

    table: Table
    head: Head
    options: Options
    progress: Progress | None = None
    outcome: ImportOutcome = field(default_factory=ImportOutcome)
    departments_created: list[str] = field(default_factory=list[str])
    mappings: list[MappingCount] = field(default_factory=list[MappingCount])

    def __post_init__(self) -> None:
        self._reader = records.RecordReader(
            self.head, readers.heading_rules(), readers.value_rules(), self.table.epoch
        )
        self._providers = Providers(
            self.options.allowed, self.options.organization, self.options.create_departments
        )
        self._shared = Shared(self._rows(), self.head, readers.heading_rules())
        self.place = self._place()
        self._judge = RowJudge(
            self.table, self.head, self._providers, self._reader.mappings, self.place
        )
        self.personal = self._judge.personal

    @property
    def missing_departments(self) -> list[str]:
        """Full names of departments that the import would make."""
        return list(self._providers.missing)

    def look(self) -> ImportOutcome:
        """Read and judge every row; nothing is written, departments are not made."""
        plan = self._new_plan()
        self.outcome = plan.outcome
        for batch in self._batches({}, plan.outcome.pass_over):
            rows = ((one.row, one.existing, one.entry) for one in plan.plan(batch))
            self.outcome.dependents += dependents.of(rows)
            self._tell("reading", self.outcome.rows)
        self.mappings = self._reader.mappings.rows()
        return self.outcome

    def write(self) -> ImportOutcome:
        """Write what :meth:`look` found good, in one transaction; the caller commits.

        Refuses (writes nothing) if a row was refused, unless ``partial`` was asked for.
        """
        outcome = self.outcome
        if outcome.refused_rows and not self.options.partial:
            outcome.created = outcome.updated = 0
            return outcome
        model.Session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        made, self.departments_created = self._providers.make_missing(self.options.user_name)
        self.personal.clear()
        instant = now.now().astimezone(timezone.utc).replace(tzinfo=None)
        plan = self._new_plan()
        for batch in self._batches(made, plan.outcome.pass_over):
            planned = plan.plan(batch)
            row_writer.write(planned, self._providers.known, self.options.user_id, instant)
            self._tell("writing", plan.outcome.rows)
        outcome.take_counts(plan.outcome)
        return outcome

    def _new_plan(self) -> RowPlan:
        return RowPlan(self._shared, self.options.allowed, self._judge.refused)

    def _batches(
        self, made: Mapping[str, str], passed: Callable[[NoEntry], None]
    ) -> Iterator[list[JudgedRow]]:
        found = records.records(self._rows(), self.head, readers.heading_rules(), passed)
        judged = (self._judge.judge(self._reader.read(record), made) for record in found)
        while batch := list(islice(judged, BATCH)):
            yield batch

    def _rows(self) -> Iterator[Row]:
        return islice(iter(self.table.rows), self.head.row + self.head.depth, None)

    def _place(self) -> str:
        """Of which place the sheet speaks, where its rows do not say."""
        by_field = self.head.by_field
        if self.options.place:
            return self.options.place
        if "place" in by_field:
            return ""
        region = tree.region_of(self.options.organization or "")
        if region:
            return divisions().full_name(region)
        wanted = [by_field[name].index for name in ("title", "publisher") if name in by_field]
        sample = islice(iter(self.table.rows), self.head.row + self.head.depth, SAMPLE)
        texts = [cells[i] for _, cells in sample for i in wanted if i < len(cells)]
        return place_of_sheet(texts) or self._providers.own_place()

    def _tell(self, what: str, done: int) -> None:
        if self.progress:
            self.progress(what, done)
