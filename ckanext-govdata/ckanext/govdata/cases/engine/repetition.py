"""One act for several cases: the same command with the same fields, in each an act of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import sqlalchemy as sa
from ckan.types import Context

from ... import database
from ...domain.decision import commands_now
from .. import parties
from ..effects import EffectContext
from ..model import CaseRow, case
from . import case_rules, commands, event_rows, record

UNLOCKED = sa.select(case).where(case.c.id == sa.bindparam("id")).with_for_update(skip_locked=True)


def repeat(
    moment: EffectContext, case_ids: Iterable[str], without: str, holds: Callable[[str], bool]
) -> None:
    """Give the command of a moment in other cases of its kind too, without the field that asked
    for it.

    Cases that somebody else has in hand at this moment, those in which the actor may not give it,
    and those for which it does not hold stay as they are.
    """
    fields = {name: value for name, value in moment.event.fields.items() if name != without}
    for case_id in case_ids:
        row = database.first(moment.session, UNLOCKED, CaseRow, {"id": case_id})
        if row is None or row.kind != moment.row.kind or not row.open:
            continue
        if _may(moment, row) and holds(case_id):
            actor = parties.actor(moment.event.actor, row)
            later = Context(defer_commit=True)
            commands.carry_out(later, row, actor, moment.event.command, fields)


def _may(moment: EffectContext, row: CaseRow) -> bool:
    """Whether the actor of a moment may give its command in another case, too."""
    procedure = moment.case.procedure
    standing = event_rows.case_of(procedure, row, record.events_of(moment.session, row.id))
    actor = parties.actor(moment.event.actor, row)
    rules = case_rules.rules_now(row, standing)
    possible = commands_now(standing, actor, rules, moment.event.day)
    return moment.event.command in [one.name for one in possible]
