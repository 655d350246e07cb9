"""What time brings about: overdue, lapsed, reminders, ending grants. May run twice, late, or never.

Set-based: only the rows that a day concerns are read, a batch is one transaction, and what
was written or told before is not written or told again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, cast

import sqlalchemy as sa

from .. import now
from ..access.sweep import sweep_grants
from ..domain.case import Case, Event, apply
from ..domain.clock import Reminder, Rung, reminders_until
from ..domain.elapse import elapse, recounted
from ..domain.jurisdiction import NATIONAL
from ..domain.procedure import Role
from ..domain.refusal import Refusal
from ..ledger import book
from ..notices.telling import Telling, tell, told_since
from ..rules import current
from . import declared, people, record, stored
from .model import case, event

BATCH = 2_000
WORDS = ("overdue", "lapsed", "consented_by_silence")


def sweep(session: Any, today: date) -> dict[str, int]:
    """Do everything that is due by ``today``; how many of each."""
    counts = {"recounted": _recount(session), "overdue": 0, "lapsed": 0, "consented_by_silence": 0}
    desks = Desks()
    for batch in _batches(session, today):
        for name in _pass_time(session, batch, today, desks):
            counts[name] += 1
        session.commit()
    counts["reminders"] = _remind(session, today, desks)
    session.commit()
    counts |= sweep_grants(session, today)
    session.commit()
    return counts


def _batches(session: Any, today: date) -> Iterator[list[Any]]:
    """The rows whose limit has passed and of which that has not been said, locked."""
    passed = sa.or_(
        sa.and_(case.c.open, sa.not_(case.c.overdue_said), case.c.due < today),
        case.c.lapses < today,
    )
    done: set[str] = set()
    while True:
        query = sa.select(case).where(passed).limit(BATCH).with_for_update(skip_locked=True)
        rows = [row for row in session.execute(query) if row.id not in done]
        if not rows:
            return
        done |= {row.id for row in rows}
        yield rows


def _pass_time(session: Any, rows: list[Any], today: date, desks: Desks) -> list[str]:
    """Write what time did to these cases; the events' names."""
    last = _last_events(session, [row.id for row in rows])
    events, changes, entries, tellings = [], [], [], []
    for row in rows:
        before = _standing(row, last[row.id])
        for one in elapse(before, record.rules_of(row), current.calendar(), today):
            before = apply(before, one)
            events.append(_event_row(row.id, before, one))
            entries.append(record.entry(row.id, before, one))
            tellings += _tellings(row, before, one, desks)
            changes.append({"key": row.id, **_changes(before)})
    if events:
        session.execute(sa.insert(event), events)
        _update(session, changes)
        tell(session, tellings)
        book.write(session, entries)
    return [one["name"] for one in events]


def _standing(row: Any, last: Any) -> Case:
    """The case as its last event left it: its clocks are written in every event."""
    procedure = declared.procedures()[row.kind]
    latest = stored.event_of(last)
    return Case(
        procedure,
        row.applicant_id,
        row.state,
        row.opened,
        latest.day,
        row.assigned_id or "",
        row.received,
        None,
        latest.clocks,
        events=row.version,
    )


def _last_events(session: Any, ids: list[str]) -> dict[str, Any]:
    query = (
        sa.select(event)
        .join(case, sa.and_(case.c.id == event.c.case_id, case.c.version == event.c.number))
        .where(case.c.id.in_(ids))
    )
    return {row.case_id: row for row in session.execute(query)}


def _event_row(case_id: str, after: Case, one: Event) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "number": after.events,
        "name": one.name,
        "command": "",
        "actor_id": "",
        "role": "",
        "day": one.day,
        "at": now.now(),
        "state": one.state,
        "fields": json.dumps(dict(one.fields), ensure_ascii=False),
        "clocks": stored.clocks_text(one.clocks),
        "decision": None,
    }


def _changes(after: Case) -> dict[str, Any]:
    """The columns that time changes."""
    projected = record.projection(after)
    names = (
        "state",
        "open",
        "due",
        "due_clock",
        "provisional",
        "lapses",
        "overdue_said",
        "late",
        "version",
    )
    return {f"new_{name}": projected[name] for name in names}


def _update(session: Any, changes: list[dict[str, Any]]) -> None:
    names = [name for name in changes[0] if name != "key"]
    values = {name.removeprefix("new_"): sa.bindparam(name) for name in names}
    statement = (
        sa.update(case).where(case.c.id == sa.bindparam("key")).values(modified=now.now(), **values)
    )
    session.connection().execute(statement, changes)


def _tellings(row: Any, after: Case, one: Event, desks: Desks) -> list[Telling]:
    """Who is told: the applicant where his case lapsed, the offices above where it is overdue."""
    roles = (
        [Role.APPLICANT, Role.AUTHORITY]
        if one.name == "overdue"
        else [Role.APPLICANT, Role.OFFICER]
    )
    facts = _facts(row)
    return [
        Telling(f"{row.id}:{after.events}:{one.name}:{user}", user, one.name, row.id, facts)
        for role in roles
        for user in desks.users(role, row)
    ]


def _recount(session: Any) -> int:
    """Count due days anew where a notice of working days has come; each with its event."""
    count = 0
    query = sa.select(case).where(case.c.open, case.c.provisional).with_for_update(skip_locked=True)
    for row in session.execute(query).all():
        found = record.case_of(session, row)
        one = recounted(found, current.calendar())
        if one:
            record.write(session, row, found, one)
            count += 1
    session.commit()
    return count


REMINDED = (
    "id",
    "reference",
    "package_title",
    "state",
    "kind",
    "due",
    "assigned_id",
    "applicant_id",
    "organization_id",
    "jurisdiction",
)
"""The columns that a reminder needs."""


def _remind(session: Any, today: date, desks: Desks) -> int:
    """Send the rungs of the ladder whose day has come, each once."""
    rungs, told, count = ladder(today), _reminded(session, today), 0
    horizon = today + timedelta(days=30)
    days = session.scalars(
        sa.select(case.c.due).where(case.c.open, case.c.due < horizon).distinct()
    )
    for due in list(days):
        reminders = reminders_until(current.calendar(), due, rungs, today)
        wanted = [] if isinstance(reminders, Refusal) else _latest(reminders, due, today)
        if not wanted:
            continue
        columns = [case.c[name] for name in REMINDED]
        rows = session.execute(sa.select(*columns).where(case.c.open, case.c.due == due))
        tellings = [
            one for row in rows for one in _reminder_tellings(row, wanted, rungs, desks, told)
        ]
        count += tell(session, tellings)
    return count


def _reminded(session: Any, today: date) -> set[str]:
    """The rungs that were sent lately, by their key without the user.

    A rung that repeats is sent again within its days, so older ones need not be known.
    """
    since = today - timedelta(days=60)
    return told_since(session, ("reminder", "overdue_reminder"), since)


def _latest(reminders: tuple[Reminder, ...], due: date, today: date) -> list[Reminder]:
    """Of what was missed only the latest: nobody needs "three days left" on the day after."""
    open_rungs = [one for one in reminders if one.rung.after > 0 or due >= today]
    by_rung = {id(one.rung): one for one in open_rungs}
    return list(by_rung.values())


def _reminder_tellings(
    row: Any, wanted: list[Reminder], rungs: tuple[Rung, ...], desks: Desks, told: set[str]
) -> list[Telling]:
    found: list[Telling] = []
    for one in wanted:
        kind = "overdue_reminder" if one.rung.after > 0 else "reminder"
        key = f"{row.id}:{row.due}:rung{rungs.index(one.rung)}.{one.repeat}"
        if key not in told:
            users = dict.fromkeys(
                user for role in one.rung.to for user in desks.users(Role(role), row)
            )
            found += [Telling(f"{key}:{user}", user, kind, row.id, _facts(row)) for user in users]
    return found


def ladder(today: date) -> tuple[Rung, ...]:
    """The reminder ladder of the portal's rules."""
    ruling = current.rulebook().clause(NATIONAL, "reminders", today)
    if isinstance(ruling, Refusal):
        return ()
    return tuple(cast("tuple[Rung, ...]", ruling.clause.values["ladder"]))


class Desks:
    """Who has which role, asked once a department and sweep instead of once a case."""

    def __init__(self) -> None:
        self._known: dict[tuple[Role, str, str], list[str]] = {}

    def users(self, role: Role, row: Any) -> list[str]:
        """As :func:`people.users_in`; a case that is assigned is its officer's."""
        if role is Role.APPLICANT:
            return [row.applicant_id]
        if role is Role.OFFICER and row.assigned_id:
            return [row.assigned_id]
        key = (role, row.organization_id, row.jurisdiction)
        if key not in self._known:
            self._known[key] = people.users_in(role, row)
        return self._known[key]


def _facts(row: Any) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "title": row.package_title,
        "state": row.state,
        "procedure": row.kind,
        "due": row.due.isoformat() if row.due else "",
    }
