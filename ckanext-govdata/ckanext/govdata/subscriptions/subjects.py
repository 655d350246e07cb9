"""What somebody wants to be told of: one event, or every event of a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from .. import vocabularies
from ..domain.refusal import Refusal
from ..emergency.event import event_record, event_rules
from ..forms.asked_values import Asked

LENGTHS = (2, 4, 6, 9)
"""Digits of the codes of province, city, county and township."""


@dataclass(frozen=True)
class SubscriptionSubject:
    """One of the two is given, the other is empty."""

    event_id: str = ""
    region: str = ""


def read(asked: Asked, user: model.User | None) -> SubscriptionSubject:
    """The subject as asked for; what is wrong is added to ``asked``.

    Raises ``ObjectNotFound`` for an event that the asker does not see. Of a drill nobody is told
    who has no part in it, and those who have hear of it otherwise.
    """
    event, region = asked.text("event"), asked.text("region")
    if bool(event) == bool(region):
        asked.wrong.append(Refusal("event_or_region", "event"))
        return SubscriptionSubject()
    if region:
        if region not in vocabularies.divisions():
            asked.wrong.append(Refusal("region_unknown", "region", region))
        return SubscriptionSubject(region=region)
    row = event_record.row_of(event)
    if row is None or not event_rules.visible(row, user):
        raise tk.ObjectNotFound(tk._("There is no such event."))
    if row.drill:
        asked.wrong.append(Refusal("drill_untold", "event", event))
    if row.ended is not None:
        asked.wrong.append(Refusal("ended", "event", row.ended.isoformat()))
    return SubscriptionSubject(event_id=row.id)


def title(event_id: str, region: str) -> str:
    """The event's title, or the place's name."""
    row = event_record.row_of(event_id) if event_id else None
    if row is not None:
        return row.event.title
    return " ".join(place.name for place in vocabularies.divisions().ancestors(region)) or region


def address(event_id: str) -> str:
    """The page of the event, or of all events."""
    row = event_record.row_of(event_id) if event_id else None
    if row is None:
        return tk.h.url_for("govdata_emergency.index", _external=True)
    return tk.h.url_for("govdata_emergency.event", name=row.name, _external=True)


def over(event_id: str) -> bool:
    """Whether the event has ended; never, where every event of a place is meant."""
    row = event_record.row_of(event_id) if event_id else None
    return row is not None and row.ended is not None


def concerned(table: sa.Table, event_id: str, regions: Iterable[str]) -> sa.ColumnElement[bool]:
    """The rows of those who asked for the event, for a place within its own or around it."""
    codes = list(regions)
    around = {code[:length] for code in codes for length in LENGTHS if length <= len(code)}
    place = table.c.region
    near = sa.or_(place.in_(sorted(around)), *(place.startswith(code) for code in codes))
    return sa.or_(table.c.event_id == event_id, sa.and_(place != "", near))
