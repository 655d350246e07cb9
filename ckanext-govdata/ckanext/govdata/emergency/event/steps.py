"""Steps of the actions on an event: whose it is, its name and row, and what is decided of it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection

import ckan.model as model
import sqlalchemy as sa

from ... import now
from ...cases.engine import declared_procedures, new_case
from ...departments import seats, tree
from ...departments.tree import Department
from ...domain.emergency import acts
from ...domain.emergency.emergency_event import Emergency
from ...domain.emergency.statement import EventDeclaration
from ...domain.emergency.verdict import Act, Given, decide
from ...domain.procedure import Role
from ...domain.refusal import Refusal, Refused
from ...forms.asked_values import Asked
from .. import model as tables
from .. import sentences
from ..publication import published_entries
from . import event_record, event_rules
from .event_record import EventRow

DECLARING = 0x676F7606
"""The key of the lock under which events are declared."""


def handler(asked: Asked, user_id: str) -> Department:
    """The handling body: as asked for, or the only one of the user. Raises ``ValidationError``."""
    name = asked.text("organization")
    own = list(seats.works_in(user_id))
    found = name or (own[0] if len(own) == 1 else "")
    body = tree.get(found) if found else None
    if body is None:
        code = "handler_unknown" if name else "missing"
        raise sentences.invalid([*asked.wrong, Refusal(code, "organization", name)])
    return body


def allow(event: Emergency | None, act: str, roles: Collection[Role], jurisdiction: str) -> None:
    """Stop whoever may not do this to the event now, or declare one; raises ``ValidationError``."""
    if refusals := acts.objections(event, act, roles):
        raise sentences.invalid(refusals, jurisdiction)


def decided(row: EventRow, act: str, given: Given, roles: Collection[Role]) -> Act:
    """What follows from an act; raises ``ValidationError`` with every reason why not."""
    binding = event_rules.of(row.organization_id, row.jurisdiction)
    return lawful(decide(row.event, act, given, roles, binding, now.now()), row.jurisdiction)


def lawful(found: Act | Refused, jurisdiction: str) -> Act:
    """The act that was decided; a refusal raises ``ValidationError`` with its words."""
    if isinstance(found, Refused):
        raise sentences.invalid(found.reasons, jurisdiction)
    return found


def take_turn() -> None:
    """Events are declared one after the other, so that each sees those before it."""
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(DECLARING)))


def running(organization_id: str, *, drill: bool) -> frozenset[tuple[str, str]]:
    """Title and kind of what a body has declared already: a second click declares it again."""
    query = sa.select(tables.event).where(
        tables.event.c.organization_id == organization_id,
        tables.event.c.ended.is_(None),
        tables.event.c.drill == drill,
    )
    return frozenset((row.event.title, row.event.kind) for row in event_record.rows_of(query))


def begin(
    given: EventDeclaration, organization_id: str, jurisdiction: str, *, drill: bool
) -> EventRow:
    """The row of a new event."""
    event, instant = given.event, now.now()
    row = EventRow(
        id=str(uuid.uuid4()),
        name=given.name,
        organization_id=organization_id,
        jurisdiction=jurisdiction,
        state=event_record.text_of(event),
        started=event.started,
        declared=instant,
        ended=None,
        drill=drill,
        version=0,
        modified=instant,
    )
    model.Session.execute(sa.insert(tables.event).values(row.columns()))
    return row


def event_name(event: Emergency) -> str:
    """A name for the addresses of an event: its day, kind and first region."""
    day = event.started.astimezone(now.BEIJING).date()
    parts = [f"{day:%Y%m%d}", event.subtype or event.kind, *event.regions[:1]]
    plain = re.sub(r"[^a-z0-9_-]", "", "-".join(part for part in parts if part).lower())
    if not event_record.row_of(plain):
        return plain
    return f"{plain}-{uuid.uuid4().hex[:4]}"


def begin_reviews(row: EventRow) -> list[str]:
    """Begin the reviews that the emergency put off; the cases' ids.

    Of entries that were made in it, and of data that was let through, by whom somebody else
    judges. A drill put nothing off.
    """
    if row.drill:
        return []
    table, version = tables.dataset, tables.version
    through = sa.and_(version.c.event_id == row.id, version.c.dataset == table.c.name,
                      version.c.override != "")
    persons = sa.select(sa.func.array_agg(version.c.actor_id.distinct())).where(through)
    query = sa.select(table.c.package_id, persons.scalar_subquery()).where(
        table.c.event_id == row.id, sa.or_(table.c.created, sa.exists().where(through)))
    found = model.Session.execute(query.order_by(table.c.position)).all()
    return [
        new_case.begin(procedure, package, let_through or ())
        for procedure in declared_procedures.starting_from("emergency")
        for package, let_through in found
        if published_entries.find(package)
    ]
