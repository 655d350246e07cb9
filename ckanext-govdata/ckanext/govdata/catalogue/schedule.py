"""When entries are looked for that are written and not indexed yet, or damaged."""
from __future__ import annotations

from ..job import Job, Unfinished
from ..transaction import transaction
from .entry import damaged_entries
from .imports import import_rows
from .index import comparison, writer


def reconcile() -> None:
    """Index what waits and is due; raises ``Unfinished`` while there is what the index refuses."""
    writer.drain()
    if complaint := writer.complaint():
        raise Unfinished(complaint)


def compare() -> None:
    """Hold the index against the database; raises ``Unfinished`` where they differed."""
    if complaint := comparison.mend().complaint():
        raise Unfinished(complaint)


def examine() -> None:
    """Look for entries that are damaged in the database; raises ``Unfinished`` while there are."""
    if complaint := damaged_entries.complaint():
        raise Unfinished(complaint)


def look_after_imports() -> None:
    """Tell officers whose import broke off, and forget imports that nobody came back to."""
    with transaction() as session:
        import_rows.sweep(session)


jobs = [
    Job("imports", "* * * * *", look_after_imports),
    Job("reconcile", "* * * * *", reconcile),
    Job("compare", "20 3 * * *", compare),
    Job("examine", "40 4 * * *", examine),
]
