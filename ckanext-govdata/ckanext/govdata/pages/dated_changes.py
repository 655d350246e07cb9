"""What is known of an entry's past: days that the entry and its files tell, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import ckan.plugins.toolkit as tk
from ckan.types import DataDict

from ..speech import phrases
from . import entry_page

MOST = 20
"""Days that the page tells, the last ones."""


class DatedChange(NamedTuple):
    """What happened on a day, in words."""

    day: date
    words: str


def of_entry(pkg: DataDict) -> list[DatedChange]:
    """By an entry as the reader gets it: of files that are not shown to him nothing is told.

    The last first; what happened on one day in the order in which it must have happened.
    """
    days = ((entry_page.day(value), words) for value, words in _told(pkg))
    told = dict.fromkeys(DatedChange(day, words) for day, words in days if day)
    return sorted(told, key=lambda one: one.day, reverse=True)[:MOST]


def _told(pkg: DataDict) -> Iterator[tuple[object, str]]:
    yield pkg.get("metadata_modified"), tk._("The description was last changed")
    yield pkg.get("modified"), tk._("The department updated the data")
    for file in pkg.get("resources") or ():
        name = phrases.in_script(str(file.get("name") or file.get("format") or tk._("File")))
        made, changed = (entry_page.day(file.get(key)) for key in ("created", "last_modified"))
        if changed and changed != made:
            yield changed, tk._("“{file}” was updated").format(file=name)
        yield made, tk._("“{file}” was added").format(file=name)
    yield pkg.get("issued"), tk._("The entry was published")
    yield pkg.get("metadata_created"), tk._("Entered in the catalogue")
