"""The State Council's notice of working days (放假通知): what it would move before it is entered,
and entering it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from ... import now, settings
from ...database import Session
from ...domain.calendar import Calendar
from ...domain.case import Case, CaseEvent
from ...domain.elapse import recounted
from ...ledger import actors, book
from ...rules import in_force
from ...transaction import transaction
from ..engine import record
from ..engine.case_rules import StandingRow
from ..model import case
from . import sweep

ENTERED = "days_notice_entered"
"""The action of its entry in the ledger."""


class NoPlace(Exception):
    """The operator has named no directory for calendars of his own."""


class NotNamedAfterItsYear(Exception):
    """The file is not called after its year with the ending .yaml, so nobody would read it."""


class MovedCase(NamedTuple):
    """An open case whose due day a notice moves; who is told are its applicant and its officer."""

    reference: str
    title: str
    before: date | None
    after: date | None


def preview(session: Session, path: Path) -> list[MovedCase]:
    """Each open case whose due day the notice in this file would move, the first due first; nothing
    is written. Raises ``BrokenFile``."""
    calendar = in_force.calendar_with(path)
    with transaction():  # nothing is written: it lets go of the cases that were read
        return sorted(_moved(session, calendar), key=lambda one: (str(one.after), one.reference))


def _moved(session: Session, calendar: Calendar) -> Iterator[MovedCase]:
    def happens(standing: Case, _like: StandingRow) -> Iterable[CaseEvent]:
        return filter(None, [recounted(standing, calendar)])

    ids = sweep.provisional(session, happens)
    for way in sweep.ways(session, ids, happens):
        for written in way.written[-1:]:
            after = record.projection(written.after)["due"]
            for row in way.rows:
                if row.due != after:
                    due = after if isinstance(after, date) else None
                    yield MovedCase(row.reference or row.id, row.package_title, row.due, due)


def enter(session: Session, path: Path) -> sweep.Swept:
    """Put the file where the portal reads it, note it in the ledger, and count every open case
    anew; applicants and officers of those that move are told. Raises ``BrokenFile``,
    :class:`NoPlace` and :class:`NotNamedAfterItsYear`; then nothing has changed."""
    folder = settings.calendars_directory()
    if not folder:
        raise NoPlace
    if path.suffix != ".yaml":
        raise NotNamedAfterItsYear
    in_force.calendar_with(path)
    place, actor = Path(folder) / path.name, actors.actor()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    facts = {**actor.way, "file": path.name, "sha256": digest}
    entry = book.LedgerEntry(ENTERED, "configuration", "calendar", actor.user_id, facts)
    with transaction():
        book.write(session, [entry])
        if not (place.exists() and place.samefile(path)):
            shutil.copyfile(path, place.with_suffix(".new"))
            place.with_suffix(".new").replace(place)
    return sweep.sweep(session, now.today())


def warnings(session: Session) -> Iterator[str]:
    """What the operator has to know: a file that is not read, and days that wait for a notice."""
    if flaws := in_force.calendar_flaws():
        yield f"calendar: a file is not read, the days are counted as before: {flaws}"
    waiting = sa.select(sa.func.count()).where(case.c.open, case.c.provisional)
    count = session.scalar(waiting)
    if count:
        year = max(in_force.calendar().noticed) + 1
        yield (
            f"calendar: the days of {count} open cases are provisional until the notice of "
            f"working days for {year} is entered (ckan govdata calendar preview, then enter)"
        )
