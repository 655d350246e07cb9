"""What the action on rows of a table answers."""

from __future__ import annotations

from typing import TypedDict

Cell = str | int | float | bool | None


class ColumnAnswer(TypedDict):
    """A column that the reader may read; ``kind`` is text, number, day, moment or flag."""

    name: str
    title: str
    code: str
    kind: str
    notes: str


class RowCountAnswer(TypedDict):
    """How many rows answer: ``number``, where ``exact``, else more, and ``about`` so many (0:
    nobody knows)."""

    number: int
    exact: bool
    about: int


class ChoiceAnswer(TypedDict):
    """A value (null: rows without one) and how many rows have it."""

    value: str | None
    count: int


class FacetAnswer(TypedDict):
    """A column with few values; the counts are rough where not ``exact``."""

    column: str
    exact: bool
    values: list[ChoiceAnswer]


class RowsAnswer(TypedDict):
    """A page of the rows that answer: each with its own number (``_id``), then the values of the
    shown ``columns``."""

    resource_id: str
    columns: list[ColumnAnswer]
    count: RowCountAnswer
    page: int
    page_size: int
    rows: list[list[Cell]]
    facets: list[FacetAnswer]
