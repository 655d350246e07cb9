"""Lock a case, write what happened to it, and carry out what follows: one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TypeAlias, TypedDict

import sqlalchemy as sa
from sqlalchemy.sql.expression import Executable

from ... import database, now, slices
from ...database import Session
from ...departments import succession
from ...domain.case import Case, CaseEvent, apply
from ...domain.procedure import Until
from ...ledger import book
from ...notices.notice import tell
from .. import model
from ..effects import FIRST, EffectContext
from ..model import CaseEventRow, CaseRow
from . import declared_procedures, event_rows

Columns: TypeAlias = Mapping[str, object]
"""Values of some columns of a table, by name."""
ADD_EVENT = sa.insert(model.event).returning(model.event)
ITS = sa.select(model.case.c.organization_id).where(model.case.c.id == sa.bindparam("id"))
STAYING = sa.select(sa.func.count()).select_from(succession.staying(ITS.scalar_subquery()))
LOCKED = (
    sa.select(model.case)
    .where(model.case.c.id == sa.bindparam("id"), STAYING.scalar_subquery() >= 0)
    .with_for_update(of=model.case)
)
FOUND = sa.select(model.case).where(
    sa.or_(model.case.c.id == sa.bindparam("id"), model.case.c.reference == sa.bindparam("id"))
)
EVENTS = (
    sa.select(model.event)
    .where(model.event.c.case_id == sa.bindparam("id"))
    .order_by(model.event.c.number)
)
"""Statements that every command needs: made once, since making one costs more than sending it."""


def locked(session: Session, case_id: str) -> CaseRow:
    """The row of a case that is there, locked until the transaction ends.

    Its department is held before it, as a succession does that comes for both: who takes them the
    other way round, and then gives a grant of the department, would wait for it for ever.
    """
    (row,) = database.rows(session, LOCKED, CaseRow, {"id": case_id})
    return row


def row_of(session: Session, case_id: str) -> CaseRow | None:
    """The case's row by id or reference number, or ``None``."""
    return database.first(session, FOUND, CaseRow, {"id": case_id})


def seen(session: Session, case_id: str) -> CaseRow:
    """The row of a case that somebody was just shown."""
    (row,) = database.rows(session, FOUND, CaseRow, {"id": case_id})
    return row


def events_of(session: Session, case_id: str) -> list[CaseEventRow]:
    """The rows of a case's events, oldest first."""
    return database.rows(session, EVENTS, CaseEventRow, {"id": case_id})


def case_of(session: Session, row: CaseRow) -> Case:
    """The case, folded from its events."""
    return event_rows.case_of(
        declared_procedures.procedure_of(row), row, events_of(session, row.id)
    )


class Pending(CaseRow):
    """A case's row with columns that are not in the database yet; ``changes`` are those."""

    changes: Columns
    new: bool


def begun(values: Columns) -> Pending:
    """The row of a new case, which is inserted when its first event or draft is kept."""
    return _pending({**dict.fromkeys(CaseRow._fields), **values}, values, new=True)


def moved(row: CaseRow, changes: Columns) -> Pending:
    """A row with columns that change when its next event is kept."""
    return _pending({**row._asdict(), **changes}, changes, new=False)


def _pending(values: Columns, changes: Columns, *, new: bool) -> Pending:
    row = Pending._make(values[name] for name in CaseRow._fields)
    row.changes, row.new = changes, new
    return row


def write(session: Session, row: CaseRow, case: Case, event: CaseEvent) -> Case:
    """Append one event with its effects and its entries in the ledger; the case after it."""
    moment = append(session, row, case, event)
    close(moment)
    return moment.case


def append(session: Session, row: CaseRow, case: Case, event: CaseEvent) -> EffectContext:
    """Append one event with its effects. Then :func:`close` it, in the same transaction."""
    after = apply(case, event)
    command = after.procedure.commands.get(event.command)
    effects = command.effects if command else ()
    moment = EffectContext(session, row, after, event, row.reference or "")
    known = slices.registered("effects") if effects else {}
    for name in effects:
        if name in FIRST:
            known[name](moment)
    moment.row = project(session, row, after, moment.reference)
    decided = len(after.decisions) if len(after.decisions) > len(case.decisions) else None
    (moment.written,) = database.rows(
        session,
        ADD_EVENT,
        CaseEventRow,
        {
            "case_id": row.id,
            "number": after.events,
            "name": event.name,
            "command": event.command,
            "actor_id": event.actor,
            "role": event.role,
            "day": event.day,
            "at": now.now(),
            "state": event.state,
            "fields": json.dumps(dict(event.fields), ensure_ascii=False),
            "in_place_of": event.in_place_of,
            "clocks": event_rows.clocks_text(event.clocks),
            "decision": decided,
        },
    )
    for name in effects:
        if name not in FIRST:
            known[name](moment)
    return moment


def append_following(moment: EffectContext) -> list[EffectContext]:
    """Append what follows from an event that was just appended, each with its letter, which says
    how far the data is given, or, where it has none, with a notice; then :func:`close` all of
    them."""
    last, found, known = moment, list[EffectContext](), slices.registered("effects")
    for event in moment.following:
        last = append(moment.session, last.row, last.case, event)
        if "scope" in moment.letter:
            last.letter["scope"] = moment.letter["scope"]
        lettered = event.name in last.case.procedure.words.letters
        known["reply_letter" if lettered else "send_ended"](last)
        found.append(last)
    return found


def close(moment: EffectContext) -> None:
    """Tell it, and write it into the ledger: last of all, for from here to the commit everybody
    else who writes is waiting. Of an entry that was written meanwhile the other cases are held
    before, since who acts on one of them comes to the ledger with it.
    """
    slices.registered("entry_changes")["hold"](moment.session, None)
    tell(moment.session, moment.tellings)
    said = entry(moment.row.id, moment.case, moment.event)
    book.write(moment.session, [said, *moment.entries])


def keep_draft(session: Session, row: CaseRow, values: Mapping[str, object]) -> CaseRow:
    """Keep what was typed so far, the last one wins; the row."""
    draft = json.dumps(dict(values), ensure_ascii=False, default=str)
    return _put(session, row, {"draft": draft, "modified": now.now()})


def entry(case_id: str, case: Case, event: CaseEvent) -> book.LedgerEntry:
    """What the ledger says of an event: no words of the applicant, only a digest of them."""
    digest = book.chain.digest("", case.events, dict(event.fields)) if event.fields else ""
    facts = {
        "number": case.events,
        "state": event.state,
        "role": event.role,
        "day": event.day.isoformat(),
        "fields": digest,
    }
    return book.LedgerEntry(f"case_{event.name}", "case", case_id, event.actor, facts)


def project(session: Session, row: CaseRow, case: Case, reference: str) -> CaseRow:
    """Bring the case's row up to its events; the row."""
    values = {**projection(case), "modified": now.now(), "reference": reference or None}
    if row.due != values["due"]:  # another due day has a ladder of its own
        values["reminded"] = None
    if case.events and case.received:
        values["draft"] = "{}"
    return _put(session, row, values)


def _put(session: Session, row: CaseRow, values: Columns) -> CaseRow:
    """Insert a new row, or change one that is locked; the row as it is now."""
    if isinstance(row, Pending):
        values = {**row.changes, **values}
        if row.new:
            added = database.first(session, _addition(tuple(values)), CaseRow, values)
            if added is None:
                raise succession.ended("dataset_id")
            return added
    changed = {"which": row.id, **_named(values)}
    (written,) = database.rows(session, _change(tuple(values)), CaseRow, changed)
    return written


@lru_cache(maxsize=16)
def _addition(names: tuple[str, ...]) -> Executable:
    """The statement that adds a case with these columns, to a department that stays."""
    given = sa.select(*(sa.bindparam(one, type_=model.case.c[one].type) for one in names))
    new = sa.insert(model.case).from_select(names, given.select_from(succession.STAYS))
    return new.returning(model.case)


@lru_cache(maxsize=16)
def _change(names: tuple[str, ...]) -> Executable:
    """The statement that changes these columns of a case: made once, for it is long."""
    values = {name: sa.bindparam(f"new_{name}") for name in names}
    changed = sa.update(model.case).where(model.case.c.id == sa.bindparam("which"))
    return changed.values(values).returning(model.case)


def _named(values: Columns) -> Columns:
    return {f"new_{name}": value for name, value in values.items()}


class CaseProjection(TypedDict):
    """The columns that say where a case stands."""

    state: str
    open: bool
    outcome: str | None
    assigned_id: str | None
    received: date | None
    decided: date | None
    due: date | None
    due_clock: str | None
    provisional: bool
    lapses: date | None
    overdue_said: bool
    late: bool
    version: int


def projection(case: Case) -> CaseProjection:
    """The columns that say where a case stands."""
    state = case.procedure.states[case.state]
    main = case.main_clock()
    name, clock = main if main else ("", None)
    running = clock is not None and clock.runs and case.open
    if not running and not case.open:  # it is closed, and somebody is still to be told
        owed = case.owed(Until.TOLD)
        name, clock = next(iter(owed.items()), (name, clock))
        running = bool(owed)
    waiting = [one for one in case.main_clocks().values() if one.stopped is None]
    lapse = state.lapses
    lapsing = case.clocks.get(lapse.clock) if lapse else None
    by_silence = lapse and lapsing and lapse.silence in ("", lapsing.silence)
    return {
        "state": case.state,
        "open": case.open,
        "outcome": case.decisions[-1].outcome.value if case.decisions else None,
        "assigned_id": case.assigned or None,
        "received": case.received,
        "decided": case.decisions[-1].day if case.decisions and not state.open else None,
        "due": clock.due if clock and running else None,
        "due_clock": name if running else None,
        "provisional": bool(clock and clock.provisional),
        "lapses": lapsing.due if by_silence and lapsing and lapsing.runs else None,
        "overdue_said": all(one.overdue_said for one in waiting) and bool(waiting),
        "late": any(item.late(case.last) for item in case.main_clocks().values()),
        "version": case.events,
    }
