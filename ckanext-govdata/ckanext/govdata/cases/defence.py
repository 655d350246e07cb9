"""Whose grant is to end is heard before, and a suspension has a last day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from .. import database, now
from ..database import Session
from ..domain.case import GRANT_LIFTED, GRANT_SUSPENDED
from ..domain.clock import Deadline, count_deadline
from ..domain.field_part import FieldPart
from ..domain.procedure import Role
from ..domain.refusal import Refusal
from ..forms import refusals
from ..rules import in_force
from .engine import case_rules
from .model import CaseRow
from .terms import of_version

SUSPEND, SERVE, DEFEND = "suspend", "serve", "defend"
"""The terms: how long a suspension lasts, how long its letter may be on the way, and how long its
holder may say his side from its receipt."""
DEFENDED, NOTED = "defence_stated", "defence_noted"
"""The events by which he does: here, or in another way that an officer notes."""


class Hearing(NamedTuple):
    """How the holder of a grant is heard: since it was ``suspended`` by a head, if it was; the day
    on which he said his side since, here (``stated``) or in another way (``noted``), and the
    ``last`` one on which he may."""

    suspended: date | None
    stated: date | None
    noted: date | None
    last: date | None

    @property
    def over(self) -> bool:
        """Whether nothing more is to be waited for."""
        return self.spoken or (self.last is not None and now.today() > self.last)

    @property
    def spoken(self) -> bool:
        """Whether he has said his side."""
        return self.stated is not None or self.noted is not None


def hearing(session: Session, row: CaseRow) -> Hearing:
    """How he is heard in that case, since a head suspended the grant in a way that still stands:
    what was said of one that was lifted is no hearing on what comes after it."""
    found = database.first(session, SUSPENDED, SuspendedRow, {"case": row.id, **NAMES})
    if found is None:
        return Hearing(None, None, None, None)
    return Hearing(found.day, found.stated, found.noted, last_to_speak(row, found.day))


class SuspendedRow(NamedTuple):
    """The day of a head's suspension, and of what its holder has said since."""

    day: date
    stated: date | None
    noted: date | None


NAMES = {"suspended": GRANT_SUSPENDED, "lifted": GRANT_LIFTED, "defended": DEFENDED, "noted": NOTED,
         "head": Role.HEAD.value}  # fmt: skip
SUSPENDED = sa.text("""
SELECT s.day, (SELECT max(d.day) FROM govdata_case_event d
    WHERE d.case_id = s.case_id AND d.name = :defended AND d.number > s.number) AS stated,
    (SELECT max(d.day) FROM govdata_case_event d
    WHERE d.case_id = s.case_id AND d.name = :noted AND d.number > s.number) AS noted
FROM govdata_case_event s
WHERE s.case_id = :case AND s.name = :suspended AND s.role = :head AND NOT EXISTS (
    SELECT FROM govdata_case_event l
    WHERE l.case_id = s.case_id AND l.name = :lifted AND l.number > s.number)
ORDER BY s.number DESC LIMIT 1
""")


def suspended_last(
    session: Session, case_id: str, before: int, *, by_head: bool = False
) -> date | None:
    """The day on which the grant of that case was suspended last before the event of that number,
    by whomever or by a head."""
    asked = {"case": case_id, "before": before, "suspended": GRANT_SUSPENDED,
             "head": Role.HEAD.value if by_head else None}  # fmt: skip
    found: date | None = session.scalar(LAST_SUSPENDED, asked)
    return found


LAST_SUSPENDED = sa.text("""
SELECT max(day) FROM govdata_case_event
WHERE case_id = :case AND name = :suspended AND number < :before
    AND role = coalesce(CAST(:head AS text), role)
""")


def suspended_anew(
    session: Session, row: CaseRow, said: Mapping[FieldPart, str]
) -> Refusal | None:
    """That a head suspends a grant that a head has suspended before without saying what is new
    since: one suspension after the other would have no last day."""
    before = suspended_last(session, row.id, row.version + 1, by_head=True)
    if before is None or said.get(FieldPart.NEW_FACTS):
        return None
    facts = {"first": before.isoformat()}
    return Refusal("nothing_new_since", FieldPart.NEW_FACTS.value, facts=facts)


def last_day(row: CaseRow, term: str, first: date) -> date | None:
    """The last day of such a term that begins on a day."""
    ruling = case_rules.rules_of(row).term(f"{row.kind}.{term}")
    if isinstance(ruling, Refusal):
        return None
    found = count_deadline(in_force.calendar(), first, ruling.term.amount, ruling.term.unit)
    return found.due if isinstance(found, Deadline) else None


def last_to_speak(row: CaseRow, suspended: date) -> date | None:
    """The last day on which the holder may say his side: his days count from the receipt of the
    letter, and nobody is taken to have it before the days in which it is brought are over."""
    there = last_day(row, SERVE, suspended)
    return last_day(row, DEFEND, there) if there else None


def check(
    session: Session, row: CaseRow, terms_version: str, heard: Mapping[FieldPart, str]
) -> None:
    """Raises ``ValidationError`` where a grant would be ended whose holder was promised to be
    heard, by the terms or by the letter of a suspension, and was not: neither has he said his side
    nor has he let his days pass, nor is there the record of a hearing (``heard``) held since;
    ``row`` is that of the grant's case."""
    found, terms = hearing(session, row), of_version(terms_version)
    if FieldPart.HEARD_ON in heard:
        wrong = day_wrong(found, date.fromisoformat(heard[FieldPart.HEARD_ON]))
        if wrong:
            raise refusals.invalid([wrong])
    elif found.suspended is not None and not found.over:
        facts = {"last": found.last.isoformat() if found.last else ""}
        raise refusals.invalid([Refusal("holder_may_speak", "heard", facts=facts)])
    elif found.suspended is None and terms is not None and terms.heard:
        raise refusals.invalid([Refusal("holder_not_heard", "heard")])


def day_wrong(found: Hearing, day: date, field: str = "heard_on") -> Refusal | None:
    """What is wrong with the day of a hearing: yet to come, or before the suspension of which the
    holder was heard."""
    if day > now.today():
        return Refusal("heard_in_future", field, day.isoformat())
    if found.suspended and day < found.suspended:
        facts = {"first": found.suspended.isoformat()}
        return Refusal("heard_too_early", field, day.isoformat(), facts=facts)
    return None
