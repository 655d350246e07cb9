"""Lock a case, write what happened to it, and carry out what follows: one transaction."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from .. import now, settings
from ..domain.binding import Rules
from ..domain.case import Case, Event, apply
from ..ledger import book
from ..notices.telling import tell
from ..rules import current
from . import declared, model, stored
from .effects import EFFECTS, Moment


def locked(session: Any, case_id: str) -> Any:
    """The case's row, locked until the transaction ends, or ``None``."""
    return session.execute(
        sa.select(model.case).where(model.case.c.id == case_id).with_for_update()
    ).first()


def row_of(session: Any, case_id: str) -> Any:
    """The case's row by id or reference number, or ``None``."""
    query = sa.select(model.case).where(
        sa.or_(model.case.c.id == case_id, model.case.c.reference == case_id)
    )
    return session.execute(query).first()


def events_of(session: Any, case_id: str) -> list[Any]:
    """The rows of a case's events, oldest first."""
    query = sa.select(model.event).where(model.event.c.case_id == case_id)
    return list(session.execute(query.order_by(model.event.c.number)))


def case_of(session: Any, row: Any) -> Case:
    """The case, folded from its events."""
    return stored.case_of(declared.procedures()[row.kind], row, events_of(session, row.id))


def rules_of(row: Any) -> Rules:
    """The rules that bind the case: frozen on its day of receipt."""
    one_step = frozenset({"one_step"}) if row.jurisdiction in settings.one_step() else frozenset()
    return Rules(current.rulebook(), row.jurisdiction, row.rules_day, one_step)


def write(session: Any, row: Any, case: Case, event: Event) -> Case:
    """Append one event with its effects and its entries in the ledger; the case after it."""
    after = apply(case, event)
    decided = len(after.decisions) if len(after.decisions) > len(case.decisions) else None
    session.execute(
        sa.insert(model.event).values(
            case_id=row.id,
            number=after.events,
            name=event.name,
            command=event.command,
            actor_id=event.actor,
            role=event.role,
            day=event.day,
            at=now.now(),
            state=event.state,
            fields=json.dumps(dict(event.fields), ensure_ascii=False),
            clocks=stored.clocks_text(event.clocks),
            decision=decided,
        )
    )
    fresh = project(session, row.id, after)
    command = after.procedure.commands.get(event.command)
    moment = Moment(session, fresh, after, event, fresh.reference or "")
    for effect in command.effects if command else ():
        EFFECTS[effect](moment)
    tell(session, moment.tellings)
    # Last of all: from here to the commit everybody else who writes is waiting.
    book.write(session, [entry(row.id, after, event), *moment.entries])
    return after


def entry(case_id: str, case: Case, event: Event) -> book.Entry:
    """What the ledger says of an event: no words of the applicant, only a digest of them."""
    digest = book.chain.digest("", case.events, dict(event.fields)) if event.fields else ""
    facts = {
        "number": case.events,
        "state": event.state,
        "role": event.role,
        "day": event.day.isoformat(),
        "fields": digest,
    }
    return book.Entry(f"case_{event.name}", "case", case_id, event.actor, facts)


def project(session: Any, case_id: str, case: Case) -> Any:
    """Bring the case's row up to its events; the row."""
    values = projection(case)
    # Another due day has a ladder of its own.
    same = model.case.c.due.is_not_distinct_from(values["due"])
    values["reminded"] = sa.case((same, model.case.c.reminded))
    if case.events and case.received:
        values["draft"] = "{}"
    changed = sa.update(model.case).where(model.case.c.id == case_id)
    changed = changed.values(modified=now.now(), **values).returning(model.case)
    return session.execute(changed).first()


def projection(case: Case) -> dict[str, Any]:
    """The columns that say where a case stands."""
    state = case.procedure.states[case.state]
    main = case.main_clock()
    name, clock = main if main else ("", None)
    running = clock is not None and clock.runs and state.open
    lapse = state.lapses
    lapsing = case.clocks.get(lapse.clock) if lapse else None
    by_silence = lapse and lapsing and lapse.silence in ("", lapsing.silence)
    return {
        "state": case.state,
        "open": state.open,
        "outcome": case.decisions[-1].outcome.value if case.decisions else None,
        "assigned_id": case.assigned or None,
        "received": case.received,
        "decided": case.decisions[-1].day if case.decisions and not state.open else None,
        "due": clock.due if clock and running else None,
        "due_clock": name if running else None,
        "provisional": bool(clock and clock.provisional),
        "lapses": lapsing.due if by_silence and lapsing and lapsing.runs else None,
        "overdue_said": bool(clock and clock.overdue_said),
        "late": any(
            item.late(case.last)
            for key, item in case.clocks.items()
            if case.procedure.clocks[key].main
        ),
        "version": case.events,
    }
