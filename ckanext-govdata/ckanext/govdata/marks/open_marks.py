"""The data of an entry on which an answer is owed, as a reader may be told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import ckan.model as model
from ckan.types import Context

from ..domain.items import folded
from ..domain.mark import Grain, Mark, may_read
from . import datum, mark_rows
from .answers import OpenMarkAnswer


class Shown(NamedTuple):
    """One datum that is under review: since when, until when, and how many have marked it."""

    mark: Mark
    since: str
    due: str
    count: int

    def as_answer(self) -> OpenMarkAnswer:
        """As the API gives it; nobody's words, and nobody's name."""
        return OpenMarkAnswer(
            grain=self.mark.grain.value,
            resource_id=self.mark.file,
            column=self.mark.column,
            row=dict(self.mark.row),
            since=self.since,
            due=self.due,
            count=self.count,
        )


def of_entry(context: Mapping[str, Any], entry: Mapping[str, Any]) -> list[Shown]:
    """What of an entry is under review, of that what the reader may read; ``entry`` is the entry
    as ``package_show`` gave it to him. One statement where nothing is."""
    found = mark_rows.open_of(model.Session, str(entry["id"]))
    reader = Context(user=context.get("user", ""), auth_user_obj=context.get("auth_user_obj"))
    known = {file: datum.readable(reader, entry, file) for file in {one.mark.file for one in found}}
    return [
        Shown(one.mark, one.since.isoformat(), one.due.isoformat() if one.due else "", one.count)
        for one in found
        if may_read(one.mark, known[one.mark.file]) and _is_there(one.mark)
    ]


def _is_there(mark: Mark) -> bool:
    """Whether the row that a mark names, if it names one, is still in the table: one that was taken
    out must not be read from what was said of it."""
    return not mark.row or datum.row_of(mark, list(mark.row)[:1]) is not None


def of_rows(
    shown: Sequence[Shown], file: str, names: Sequence[str], rows: Sequence[Sequence[object]]
) -> list[list[Shown]]:
    """For each row of a table that is shown, what of it is under review."""
    places = {folded(name): place for place, name in enumerate(names)}
    marked = [one for one in shown if one.mark.file == file and one.mark.row
              and all(folded(name) in places for name in one.mark.row)]
    return [
        [one for one in marked
         if all(datum.text_of(row[places[folded(name)]]) == value
                for name, value in one.mark.row.items())]
        for row in rows
    ]


def at(shown: Sequence[Shown], grain: Grain, file: str = "", column: str = "") -> list[Shown]:
    """What is under review of this grain: the entry, an item, a file or a column."""
    return [
        one for one in shown
        if one.mark.grain is grain and one.mark.file == file
        and folded(one.mark.column) == folded(column)
    ]
