"""What the actions on the catalogue as a sheet answer."""

from __future__ import annotations

from typing import TypedDict

from ..domain.mapping import MappingCount
from .entry.personal_data import PersonalColumn
from .imports.outcome import OutcomeAnswer


class ImportAnswer(OutcomeAnswer):
    """What an import found and did; ``headings`` tells which heading was taken for which field.

    ``indexed`` is false while the search server is away: it learns of the entries afterwards.
    """

    dry_run: bool
    written: bool
    indexed: bool
    headings: dict[str, str]
    unknown_columns: list[str]
    mappings: list[MappingCount]
    personal: list[PersonalColumn]
    departments_created: list[str]
    departments_missing: list[str]
    place: str
    sheet: str
    sheets_left_out: list[str]


class ImportState(TypedDict):
    """How far an import is that was begun on the web: ``state`` is ``waiting``, ``reading``,
    ``writing``, ``looked``, ``indexing`` (written, and not found by search yet), ``done``,
    ``failed`` (the sheet or its sender is refused) or ``broken_off`` (its job died; it can go on),
    ``error`` says why in words.

    ``writes``: it is to write, not only to look; ``done`` counts the sheet's entries so far.
    """

    id: str
    filename: str
    state: str
    running: bool
    writes: bool
    done: int
    error: str
    answer: ImportAnswer | None


class ExportPage(TypedDict):
    """One page of entries in the national layout, each by the fields that an import takes."""

    count: int
    rows: list[dict[str, object]]
