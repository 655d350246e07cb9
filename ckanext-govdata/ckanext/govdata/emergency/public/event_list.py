"""The events that somebody sees: all that run or have ended, or one page of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ...domain.emergency.emergency_event import EmergencyLevel
from ...pager import Pager
from .. import model as tables
from ..answers import EventPage, EventSummary
from ..event import event_roles
from ..event.event_record import EventRow, rows_of
from . import event_view

STATES = ("running", "ended")
SIZE = 20
"""Events of one page."""


@dataclass(frozen=True)
class Filter:
    """Which events: of a state, of a place or within it; the gravest first, or the newest."""

    state: str = ""
    region: str = ""
    gravest: bool = False


def page_of(user: model.User | None, wanted: Filter, pager: Pager) -> EventPage:
    """One page of what the user sees; no more rows are read than it has."""
    query = _query(user, wanted)
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = rows_of(_ordered(query, wanted).limit(pager.size).offset(pager.offset))
    return EventPage(
        count=count,
        page=pager.page,
        page_size=pager.size,
        results=event_view.summaries(rows),
    )


def every(user: model.User | None, wanted: Filter = Filter()) -> list[EventSummary]:
    """All that the user sees."""
    return event_view.summaries(_rows(user, wanted))


def handled(user: model.User) -> list[EventRow]:
    """The running events towards which the user has a role, the gravest first."""
    part = tables.event.c.ended.is_(None), _takes_part(user)
    return rows_of(_ordered(sa.select(tables.event).where(*part), Filter(gravest=True)))


def _rows(user: model.User | None, wanted: Filter) -> Sequence[EventRow]:
    return rows_of(_ordered(_query(user, wanted), wanted))


def _query(user: model.User | None, wanted: Filter) -> sa.Select[tuple[object, ...]]:
    """Of drills only those in which the user takes part (Anhui 41)."""
    event = tables.event.c
    seen = sa.not_(event.drill)
    query = sa.select(tables.event).where(sa.or_(seen, _takes_part(user)) if user else seen)
    if wanted.state:
        ended = event.ended.is_not(None)
        query = query.where(ended if wanted.state == "ended" else sa.not_(ended))
    if wanted.region:
        regions = sa.func.jsonb_array_elements_text(_said("regions"))
        code = regions.column_valued("code")
        within = sa.select(code).where(sa.func.starts_with(code, wanted.region))
        query = query.where(within.exists())
    return query


def _takes_part(user: model.User) -> sa.ColumnElement[bool]:
    """Those handled where the user works, and those of a place of whose offices he is."""
    bodies, places = event_roles.desk_of(user.id)
    event = tables.event.c
    return sa.or_(event.organization_id.in_(bodies), event.jurisdiction.in_(places))


def _ordered(
    query: sa.Select[tuple[object, ...]], wanted: Filter
) -> sa.Select[tuple[object, ...]]:
    newest = tables.event.c.started.desc(), tables.event.c.id
    if not wanted.gravest:
        return query.order_by(*newest)
    grades = {level.value: number for number, level in enumerate(EmergencyLevel)}
    return query.order_by(sa.case(grades, value=_said("level").astext), *newest)


def _said(name: str) -> sa.ColumnElement[object]:
    """What an event's state says of itself."""
    return sa.cast(tables.event.c.state, JSONB)[name]
