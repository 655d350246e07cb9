"""The rules that bind a case, and what else has to be known before somebody acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import ckan.model as model
import sqlalchemy as sa

from ... import now, settings
from ...departments.offices import offices_of, standing_of
from ...domain.bound_rules import Rules
from ...domain.case import Case
from ...domain.instrument import Asking
from ...domain.procedure import Applicant, Outcome, Procedure, Role
from ...domain.refusal import Refusal
from ...rules import in_force
from .. import parties
from ..model import CaseRow

REPRESENTED = "represented"
"""The option under which commands are open in cases that somebody at a counter wrote down."""


OPENNESS_OFFICE = Role.OPENNESS_OFFICE.value
"""The option under which the openness office reviews the open attribute: where the text says so
(Yaohai 15) and there is such an office."""
OVERDUE = "overdue"
"""The option under which commands are open in cases whose answer is late."""
UNPROVIDED = "unprovided"
"""The option under which commands are open where what was granted is late in coming."""
PARTIES_ASKED = "parties_asked"
"""The option under which commands are open once third parties were asked: what comes from them is
noted whenever it comes."""
GRANT_IS_SUSPENDED = "grant_suspended"
"""The option under which commands are open while the grant of the case is suspended."""
SUPERIORS = {
    Role.AUTHORITY: "no_common_authority",
    Role.GOVERNMENT: "no_common_government",
}
"""The options under which commands are open where nobody on this portal has that office above both
departments of a case that is between two."""
JUDGES_AS = {
    "authority": "authority_judges",
    "government": "government_judges",
}
"""The options under which commands are open to whoever judges: the data authority notifies, only
the government orders (Yaohai 24, Anhui 43, Huaining 31)."""


class StandingRow(NamedTuple):
    """What cases that stand alike have in common: time does the same to them. ``clocks`` and
    ``day`` are those of the last event; ``None`` where that is missing."""

    kind: str
    version: int
    state: str
    clocks: str | None
    day: date
    received: date | None
    jurisdiction: str
    rules_day: date
    applicant_organization_id: str | None
    opened: date
    due_clock: str | None


def rules_of(row: CaseRow | StandingRow) -> Rules:
    """The rules that bind the case: frozen on its day of receipt, for a department or for others.

    No text tells persons and organisations apart: a file that does stops the start.
    """
    one_step = frozenset({"one_step"}) if row.jurisdiction in settings.one_step() else frozenset()
    asker = Applicant.DEPARTMENT if row.applicant_organization_id else Applicant.PERSON
    asking = Asking(asker)
    book = in_force.rulebook()
    return Rules(book, row.jurisdiction, row.rules_day, one_step, asking=asking)


def rules_now(row: CaseRow, case: Case) -> Rules:
    """The same, with what has to be known before somebody acts: who could never answer here,
    whether the applicant has an account, and whether the answer is late."""
    procedure = case.procedure
    commands = procedure.commands_from(row.state)
    ahead = [procedure.states[one.to] for one in commands if one.to]
    near = (procedure.states[row.state], *ahead)
    judged = any(state.holder is Role.OBJECTION_BODY for state in near)
    standing = standing_of(row) if judged else None
    nobody = standing is not None and standing.objection_body is None
    office = standing.held.get(standing.objection_body or "", "") if standing else ""
    judges = frozenset({JUDGES_AS[office]} if office in JUDGES_AS else ())
    rules = rules_of(row)
    asked = any(REPRESENTED in one.also_from for one in procedure.commands.values())
    here = frozenset({REPRESENTED} if asked and parties.is_represented(row) else ())
    missing = _superiors_missing(row, procedure)
    vacant = missing | frozenset({Role.OBJECTION_BODY} if nobody else ())
    late = frozenset({_lateness(row, procedure)} - {""})
    openly, happened = _openness_office(row, procedure), _happened(row, case)
    on_paper = frozenset(SUPERIORS[role] for role in missing)
    options = rules.options | here | late | judges | openly | happened | on_paper
    return replace(rules, vacant=vacant, options=options)


def _superiors_missing(row: CaseRow, procedure: Procedure) -> frozenset[Role]:
    """Who above both departments of a case between two is not on this portal."""
    if not procedure.between_two:
        return frozenset()
    return frozenset(SUPERIORS) - frozenset(offices_of(row.jurisdiction).values())


def _happened(row: CaseRow, case: Case) -> frozenset[str]:
    """Whether third parties were asked, and whether what the case gave is suspended: asked of the
    database only once something was given, where some command is open by it."""
    asked = frozenset({PARTIES_ASKED} if case.party_letters else ())
    opened = any(row.state in one.also_from.get(GRANT_IS_SUSPENDED, ())
                 for one in case.procedure.commands.values())
    gave = any(one.outcome in GIVING for one in case.decisions)
    suspended = opened and gave and model.Session.scalar(SUSPENDED, {"case": row.id})
    return asked | frozenset({GRANT_IS_SUSPENDED} if suspended else ())


GIVING = {Outcome.GRANTED, Outcome.PARTLY_GRANTED}
SUSPENDED = sa.text(
    "SELECT EXISTS (SELECT FROM govdata_grant WHERE case_id = :case AND suspended IS NOT NULL"
    " AND revoked IS NULL)")


def _lateness(row: CaseRow, procedure: Procedure) -> str:
    """The option that comes about with the day after the last one; none before."""
    if not (row.open and row.due and now.today() > row.due):
        return ""
    clock = procedure.clocks.get(row.due_clock or "")
    return UNPROVIDED if clock and clock.until else OVERDUE


def _openness_office(row: CaseRow, procedure: Procedure) -> frozenset[str]:
    if not any(one.unless == OPENNESS_OFFICE for one in procedure.commands.values()):
        return frozenset()
    ruling = in_force.rulebook().clause(row.jurisdiction, "attribute_review", row.rules_day)
    by = () if isinstance(ruling, Refusal) else ruling.clause.values.get("by", ())
    named = isinstance(by, (list, tuple)) and OPENNESS_OFFICE in by
    there = Role.OPENNESS_OFFICE in offices_of(row.jurisdiction).values()
    return frozenset({OPENNESS_OFFICE} if named and there else ())
