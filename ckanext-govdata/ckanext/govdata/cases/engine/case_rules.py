"""The rules that bind a case, and what else has to be known before somebody acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from ... import settings
from ...departments.offices import objection_body_of
from ...domain.bound_rules import Rules
from ...domain.procedure import Procedure, Role
from ...rules import in_force
from .. import parties
from ..model import CaseRow

REPRESENTED = "represented"
"""The option under which commands are open in cases that somebody at a counter wrote down."""


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
    opened: date
    due_clock: str | None


def rules_of(row: CaseRow | StandingRow) -> Rules:
    """The rules that bind the case: frozen on its day of receipt."""
    one_step = frozenset({"one_step"}) if row.jurisdiction in settings.one_step() else frozenset()
    return Rules(in_force.rulebook(), row.jurisdiction, row.rules_day, one_step)


def rules_now(row: CaseRow, procedure: Procedure) -> Rules:
    """The same, with what has to be known before somebody acts: who could never answer here, and
    whether the applicant has an account."""
    commands = procedure.commands_from(row.state)
    ahead = (procedure.states[one.to] for one in commands if one.to)
    nobody = (
        any(state.holder is Role.OBJECTION_BODY for state in ahead)
        and objection_body_of(row) is None
    )
    rules = rules_of(row)
    asked = any(REPRESENTED in one.also_from for one in procedure.commands.values())
    here = frozenset({REPRESENTED} if asked and parties.is_represented(row) else ())
    vacant = frozenset({Role.OBJECTION_BODY} if nobody else ())
    return replace(rules, vacant=vacant, options=rules.options | here)
