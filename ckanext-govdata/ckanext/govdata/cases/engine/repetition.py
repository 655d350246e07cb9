"""One act for several cases: the same command with the same fields, in each an act of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from ckan.types import Context

from ...domain.decision import commands_now
from .. import parties
from . import case_rules, commands, event_rows, record

UNLOCKED = sa.text("SELECT * FROM govdata_case WHERE id = :id FOR UPDATE SKIP LOCKED")


def repeat(
    moment: Any, case_ids: Iterable[str], without: str, holds: Callable[[str], bool]
) -> None:
    """Give the command of a moment in other cases of its kind too, without the field that asked
    for it.

    Cases that somebody else has in hand at this moment, those in which the actor may not give it,
    and those for which it does not hold stay as they are.
    """
    fields = {name: value for name, value in moment.event.fields.items() if name != without}
    for case_id in case_ids:
        row = moment.session.execute(UNLOCKED, {"id": case_id}).first()
        if row is None or row.kind != moment.row.kind or not row.open:
            continue
        if _may(moment, row) and holds(case_id):
            actor = parties.actor(moment.event.actor, row)
            later = Context(defer_commit=True)
            commands.carry_out(later, row, actor, moment.event.command, fields)


def _may(moment: Any, row: Any) -> bool:
    """Whether the actor of a moment may give its command in another case, too."""
    procedure = moment.case.procedure
    case = event_rows.case_of(procedure, row, record.events_of(moment.session, row.id))
    actor = parties.actor(moment.event.actor, row)
    rules = case_rules.rules_now(row, procedure)
    possible = commands_now(case, actor, rules, moment.event.day)
    return moment.event.command in [one.name for one in possible]
