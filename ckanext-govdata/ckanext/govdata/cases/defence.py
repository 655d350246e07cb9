"""Whose grant is to end is heard before, and a suspension has a last day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from .. import database, now
from ..database import Session
from ..domain.case import GRANT_LIFTED, GRANT_SUSPENDED
from ..domain.clock import Deadline, count_deadline
from ..domain.procedure import Role
from ..domain.refusal import Refusal
from ..forms import refusals
from ..rules import in_force
from .engine import case_rules
from .model import CaseRow
from .terms import of_version

SUSPEND, DEFEND = "suspend", "defend"
"""The terms: how long a suspension lasts, and how long its holder may say his side."""
DEFENDED = "defence_stated"
"""The event by which he does."""


class Hearing(NamedTuple):
    """How the holder of a grant is heard: since it was ``suspended`` by a head, if it was; the day
    on which he said his side since, and the ``last`` one on which he may."""

    suspended: date | None
    stated: date | None
    last: date | None

    @property
    def over(self) -> bool:
        """Whether nothing more is to be waited for."""
        return self.stated is not None or (self.last is not None and now.today() > self.last)


def hearing(session: Session, row: CaseRow) -> Hearing:
    """How he is heard in that case, since a head suspended the grant in a way that still stands:
    what was said of one that was lifted is no hearing on what comes after it."""
    found = database.first(session, SUSPENDED, SuspendedRow, {"case": row.id, **NAMES})
    if found is None:
        return Hearing(None, None, None)
    return Hearing(found.day, found.stated, last_day(row, DEFEND, found.day))


class SuspendedRow(NamedTuple):
    """The day of a head's suspension, and of what its holder has said since."""

    day: date
    stated: date | None


NAMES = {"suspended": GRANT_SUSPENDED, "lifted": GRANT_LIFTED, "defended": DEFENDED,
         "head": Role.HEAD.value}  # fmt: skip
SUSPENDED = sa.text("""
SELECT s.day, (SELECT max(d.day) FROM govdata_case_event d
    WHERE d.case_id = s.case_id AND d.name = :defended AND d.number > s.number) AS stated
FROM govdata_case_event s
WHERE s.case_id = :case AND s.name = :suspended AND s.role = :head AND NOT EXISTS (
    SELECT FROM govdata_case_event l
    WHERE l.case_id = s.case_id AND l.name = :lifted AND l.number > s.number)
ORDER BY s.number DESC LIMIT 1
""")


def last_day(row: CaseRow, term: str, first: date) -> date | None:
    """The last day of such a term that begins on a day."""
    ruling = case_rules.rules_of(row).term(f"{row.kind}.{term}")
    if isinstance(ruling, Refusal):
        return None
    found = count_deadline(in_force.calendar(), first, ruling.term.amount, ruling.term.unit)
    return found.due if isinstance(found, Deadline) else None


def check(session: Session, row: CaseRow, terms_version: str, heard: str) -> None:
    """Raises ``ValidationError`` where a grant would be ended whose holder was promised to be heard
    and was not: neither has he said his side nor has he let his days pass, nor is said how he was
    ``heard``; ``row`` is that of the grant's case."""
    terms = of_version(terms_version)
    if heard or terms is None or not terms.heard:
        return
    found = hearing(session, row)
    if found.suspended is None:
        raise refusals.invalid([Refusal("holder_not_heard", "heard")])
    if not found.over:
        facts = {"last": found.last.isoformat() if found.last else ""}
        raise refusals.invalid([Refusal("holder_may_speak", "heard", facts=facts)])
