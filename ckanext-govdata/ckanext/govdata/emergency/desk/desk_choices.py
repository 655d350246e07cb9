"""Whom an officer may act for, where, and with which entries: the choices of the desk's forms."""

from __future__ import annotations

from collections.abc import Iterable

import ckan.model as model
import sqlalchemy as sa

from ... import vocabularies
from ...departments import seats, tree
from ...departments.directory import directory
from ...departments.tree import Department
from ..answers import EventAnswer
from ..event import event_rules

OFFICES = ("authority", "government")
MOST_ENTRIES = 500


def choices(user_id: str) -> list[Department]:
    """The bodies for which the user may declare: his own, and those of his office's place."""
    known = directory()
    found: dict[str, Department] = {}
    for organization, capacity in seats.works_in(user_id).items():
        own = known.by_id.get(organization)
        if own is None:
            continue
        if capacity == seats.HEAD:
            found[own.id] = own
        if own.role in OFFICES:
            found |= {one.id: one for one in _beside(own)}
    return list(found.values())


def _beside(own: Department) -> Iterable[Department]:
    """The departments of the same government."""
    known = directory()
    top = own if own.role == "government" else known.by_id.get(own.parent)
    if top is None:
        return [own]
    return [own, *(one for one in known.children(top) if one.role != "government")]


def places(offered: Iterable[Department]) -> list[tuple[str, str]]:
    """Code and name of the bodies' places and of those one level below them."""
    rows = vocabularies.divisions()
    wide = {event_rules.place_of(one.id): None for one in offered}
    found = {code: place.name for code in wide if (place := rows.get(code))}
    for code in wide:
        found |= {place.code: place.name for place in rows.children(code) if code}
    return list(found.items())


def entries(event: EventAnswer) -> list[tuple[str, str]]:
    """Name and title of the entries of the handling body and of those below it."""
    below = [one.id for one in tree.descendants(event["handler"]["id"])]
    taken = [one["package_id"] for one in event["datasets"]]
    query = (
        sa.select(model.Package.name, model.Package.title)
        .where(
            model.Package.owner_org.in_(below),
            model.Package.id.not_in(taken),
            model.Package.state == "active",
            model.Package.type == "dataset",
        )
        .order_by(model.Package.title)
        .limit(MOST_ENTRIES)
    )
    return [(row.name, row.title or row.name) for row in model.Session.execute(query)]
