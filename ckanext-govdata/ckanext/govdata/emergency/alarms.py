"""Who is told of data that is late: its officer, the head, the authority, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from .. import now
from ..departments import members
from ..domain.emergency import Standing, alarm_step, next_due
from ..ledger import book
from ..notices.notice import Telling, tell
from ..transaction import transaction
from . import model as tables
from . import standings
from .event import event_record, event_rules

STEPS = (Standing.OFFICER, Standing.HEAD, Standing.AUTHORITY)


def raise_alarms() -> int:
    """Look at every dataset of a running event; gives how many steps were taken.

    Harmless when it runs twice or late: the step is compared with the one that was taken.
    """
    taken = 0
    rows = model.Session.execute(
        sa.select(tables.event).where(tables.event.c.ended.is_(None))
    ).all()
    for row in rows:
        for one in _late(row):
            with transaction():
                taken += _step(row, one)
    return taken


def _late(row: Any) -> list[Any]:
    """The datasets of an event whose promise is past."""
    table = tables.dataset
    query = sa.select(table).where(
        table.c.event_id == row.id,
        table.c.alarm < len(STEPS),
        table.c.updated + table.c.rhythm * timedelta(minutes=1) < now.now(),
    )
    return list(model.Session.execute(query))


def _step(row: Any, one: Any) -> int:
    """Tell those whose turn it is; gives how many steps further it is now."""
    table = tables.dataset
    here = sa.and_(table.c.event_id == row.id, table.c.name == one.name)
    kept = model.Session.execute(sa.select(table).where(here).with_for_update()).first()
    if kept is None:
        return 0
    rhythm = timedelta(minutes=kept.rhythm)
    step = alarm_step(kept.updated, rhythm, now.now(), event_rules.ladder(row.jurisdiction))
    if step <= kept.alarm:
        return 0
    facts = {
        "title": kept.title,
        "emergency": row.name,
        "event": event_record.state_of(row.state).event.title,
        "due": f"{next_due(kept.updated, rhythm).astimezone(now.BEIJING):%Y-%m-%d %H:%M}",
    }
    tellings = [
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
    tell(model.Session, tellings)
    model.Session.execute(sa.update(table).where(here).values(alarm=step))
    ledger = {
        "event": row.name,
        "dataset": kept.name,
        "due": facts["due"],
        "step": step,
        "told": STEPS[step - 1].value,
    }
    book.write(model.Session, [book.Entry("emergency_late", "emergency", row.id, "", ledger)])
    return step - kept.alarm


def _told(standing: Standing, row: Any, kept: Any) -> list[str]:
    found = standings.users(standing, row)
    his = members.with_deputy(kept.officer_id, row.organization_id)
    return list(dict.fromkeys([*his, *found])) if standing is Standing.OFFICER else found
