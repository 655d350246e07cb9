"""One sheet of an import: its reader, its judge, and what was found in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from ...departments import tree
from ...domain import mapping, records, row_groups
from ...domain.mapping import MappingCount
from ...vocabularies import divisions
from ..entry import bulk
from . import readers
from .found_sheets import FoundSheet
from .outcome import ImportOutcome
from .providers import Providers, place_of_sheet
from .row_judge import JudgedRow, RowJudge
from .row_plan import MetRows, RowPlan
from .shared_keys import Shared

BATCH = bulk.PAGE


class SheetWork:
    """A sheet with what is needed to go through its rows, more than once.

    ``place`` is what the officer says of which place it speaks, ``organization`` the department
    that is meant where a row names none.
    """

    def __init__(
        self, found: FoundSheet, providers: Providers, place: str, organization: str
    ) -> None:
        self.found = found
        self.outcome = ImportOutcome()
        self._shared = Shared(found.rows(), found.head, readers.heading_rules())
        self.reader = records.RecordReader(
            found.head, readers.heading_rules(), readers.value_rules(), found.table.epoch,
            mapping.is_of_two_lists(self._shared.attributes),
        )  # fmt: skip
        said = set(found.choices.values())
        self._weak = {name: one for name, one in self.reader.weak.items()
                      if records.COLUMN_OF[name] not in said}  # fmt: skip
        self.place = place or self._spoken_of(providers, organization)
        self._judge = RowJudge(
            found.table, found.head, providers, self.reader.mappings, self.place
        )
        self.personal = self._judge.personal
        self.hidden_rows = self._judge.hidden_rows
        self.mappings: list[MappingCount] = []
        self.plan: RowPlan | None = None

    @property
    def name(self) -> str:
        """The sheet's name."""
        return self.found.table.name

    def new_plan(self, allowed: frozenset[str] | None, met: MetRows) -> RowPlan:
        """The plan of another pass, in which ``met`` is what was met on other sheets."""
        self.plan = RowPlan(
            self.name, self._shared, allowed, self._judge.refused, met, self._weak
        )
        return self.plan

    def batches(self, plan: RowPlan, made: Mapping[str, str]) -> Iterator[list[JudgedRow]]:
        """The judged rows of a pass; ``made`` are the ids of departments that were missing. What is
        no entry is told to the pass."""
        rows, passed = self.found.rows(), plan.outcome.pass_over
        found = row_groups.records(rows, self.found.head, readers.heading_rules(), passed,
                                self.found.width())  # fmt: skip
        judged = (self._judge.judge(self.reader.read(record), made) for record in found)
        while batch := list(islice(judged, BATCH)):
            yield batch

    def _spoken_of(self, providers: Providers, organization: str) -> str:
        """Of which place the sheet speaks, where its rows do not say."""
        if "place" in self.found.head.by_field:
            return ""
        region = tree.region_of(organization)
        if region:
            return divisions().full_name(region)
        return place_of_sheet(self._shared.texts) or providers.own_place()
