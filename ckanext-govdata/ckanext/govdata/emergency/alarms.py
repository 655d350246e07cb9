"""Who is told of data that is late: its officer, the head, the authority, each once."""

from __future__ import annotations

from datetime import timedelta

import ckan.model as model
import sqlalchemy as sa

from .. import now
from ..domain.emergency.emergency_event import alarm_step, next_due
from ..domain.procedure import Role
from ..ledger import book
from ..notices.notice import Telling, tell
from ..transaction import transaction
from . import model as tables
from .event import event_roles, event_rules
from .event.event_record import EventRow, rows_of
from .public.event_view import DatasetRow

STEPS = (Role.OFFICER, Role.HEAD, Role.AUTHORITY)


def raise_alarms() -> int:
    """Look at every dataset of a running event; gives how many steps were taken.

    Harmless when it runs twice or late: the step is compared with the one that was taken.
    """
    taken = 0
    for row in rows_of(sa.select(tables.event).where(tables.event.c.ended.is_(None))):
        for name in _late(row):
            with transaction():
                taken += _step(row, name)
    return taken


def _late(row: EventRow) -> list[str]:
    """The names of the datasets of an event whose promise is past."""
    table = tables.dataset
    query = sa.select(table.c.name).where(
        table.c.event_id == row.id,
        table.c.alarm < len(STEPS),
        table.c.updated + table.c.rhythm * timedelta(minutes=1) < now.now(),
    )
    return list(model.Session.scalars(query))


def _step(row: EventRow, name: str) -> int:
    """Tell those whose turn it is; gives how many steps further it is now."""
    table = tables.dataset
    here = sa.and_(table.c.event_id == row.id, table.c.name == name)
    found = model.Session.execute(sa.select(table).where(here).with_for_update()).first()
    if found is None:
        return 0
    kept = DatasetRow(*found)
    due = next_due(kept.updated, timedelta(minutes=kept.rhythm))
    step = _due_step(row, kept)
    if step <= kept.alarm:
        return 0
    written = f"{due.astimezone(now.BEIJING):%Y-%m-%d %H:%M}"
    tell(model.Session, _tellings(row, kept, step, written))
    model.Session.execute(sa.update(table).where(here).values(alarm=step))
    ledger = {
        "event": row.name,
        "dataset": kept.name,
        "due": written,
        "step": step,
        "told": STEPS[step - 1].value,
    }
    book.write(model.Session, [book.LedgerEntry("emergency_late", "emergency", row.id, "", ledger)])
    return step - kept.alarm


def _due_step(row: EventRow, kept: DatasetRow) -> int:
    """How far up the delay has gone by now."""
    rhythm = timedelta(minutes=kept.rhythm)
    return alarm_step(kept.updated, rhythm, now.now(), event_rules.ladder(row.jurisdiction))


def _tellings(row: EventRow, kept: DatasetRow, step: int, due: str) -> list[Telling]:
    """A notice to each whose turn has come since the last step."""
    facts = {"title": kept.title, "emergency": row.name, "event": row.event.title, "due": due}
    return [
        Telling(
            f"emergency:{row.id}:{kept.name}:{kept.latest}:{number}:{user}",
            user,
            "emergency_late",
            None,
            facts,
        )
        for number in range(kept.alarm, step)
        for user in _told(STEPS[number], row, kept)
    ]


def _told(role: Role, row: EventRow, kept: DatasetRow) -> list[str]:
    """Those whose turn it is; at the first step who published it among them."""
    found = event_roles.users(role, row)
    his = event_roles.publisher(kept.officer_id, row) if role is Role.OFFICER else []
    return list(dict.fromkeys([*his, *found]))
