"""What the actions on tables of files answer."""

from __future__ import annotations

from typing import TypedDict


class TableFindingAnswer(TypedDict):
    """Something to know of a table: ``message`` in words; ``rows`` are the first of ``count``
    places, as numbers of rows in the file."""

    code: str
    column: str
    message: str
    rows: list[int]
    count: int


class LoadedAnswer(TypedDict):
    """The table that readers have: of which file, since when, how large; ``words``: whether it can
    be searched for words, which are prepared after it is there."""

    filename: str
    digest: str
    at: str
    rows: int
    columns: int
    sheet: str
    words: bool


class TableAnswer(TypedDict):
    """How the table of a file is: ``state`` is ``none`` (the file is not meant to be one),
    ``waiting``, ``loading``, ``loaded`` or ``failed``; ``done`` counts rows, ``code`` and
    ``message`` say why it failed, or waits for the next try, and what to do, ``findings`` what to
    know of what is loaded."""

    resource_id: str
    state: str
    filename: str
    digest: str
    done: int
    code: str
    message: str
    table: LoadedAnswer | None
    findings: list[TableFindingAnswer]
