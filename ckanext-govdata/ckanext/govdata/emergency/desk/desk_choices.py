"""Whom an officer may act for, where, and with which entries: the choices of the desk's forms."""

from __future__ import annotations

from collections.abc import Iterable

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ... import vocabularies
from ...departments import seats, tree
from ...departments.directory import directory
from ...departments.tree import Department
from ...speech import phrases
from .. import helpers
from ..answers import DatasetAnswer, EventAnswer
from ..event import event_rules, opening_bases
from ..event.kinds import Types

MOST_ENTRIES = 500
RHYTHMS = (15, 30, 60, 120, 240, 360, 720, 1440)
"""Minutes that the forms offer between updates."""

Words = dict[str, str]
Choices = dict[str, Words | dict[str, Words]]
"""What a form offers, as the fields of its declaration name it; kinds have their sub-kinds."""


def of_event(known: Types, handlers: Iterable[Department] = ()) -> Choices:
    """What the forms of an event offer; a declaration to the bodies that may handle it."""
    bodies = list(handlers)
    return {
        "kinds": {phrases.label(words): _kinds(known, kind) for kind, words in known.kinds.items()},
        "levels": {code: phrases.label(words) for code, words in known.levels.items()},
        "handlers": {one.name: phrases.in_script(one.title) for one in bodies},
        "places": {code: phrases.in_script(name) for code, name in places(bodies)},
        "rhythms": rhythms(),
        "bases": _bases(bodies),
    }


def _bases(bodies: Iterable[Department]) -> Words:
    """What is suggested as a basis: that of the bodies' places."""
    places = {tree.jurisdiction_of(one.id) for one in bodies}
    offered = [one for place in places for one in opening_bases.of(place).offered]
    return {one.cite: phrases.label(one.heading) for one in offered or opening_bases.every()}


def _kinds(known: Types, kind: str) -> Words:
    """The sub-kinds of a kind, and the kind without one."""
    other = tk._("other: {kind}").format(kind=phrases.label(known.kinds[kind]))
    named = known.subtypes[kind].items()
    return {f"{kind}/{code}": phrases.label(words) for code, words in named} | {f"{kind}/": other}


def of_publication(event: EventAnswer, columns: Iterable[str], bans: Words) -> Choices:
    """What the form of a publication offers."""
    targets = {f"dataset:{one['name']}": _target(one) for one in event["datasets"]}
    return {
        "targets": {
            **targets,
            "create": tk._("A new dataset"),
            "package": tk._("An entry of the catalogue"),
            "": tk._("None: a bulletin only"),
        },
        "entries": {name: phrases.in_script(title) for name, title in entries(event)},
        "columns": {name: name for name in columns},
        "rhythms": rhythms(),
        "bans": bans,
    }


def _target(one: DatasetAnswer) -> str:
    """A dataset that is there, with its version, and whether an update is late."""
    title = tk._("Update: {title}").format(title=phrases.in_script(one["title"]))
    said = [title, tk._("version {n}").format(n=one["latest"]["number"])]
    return " · ".join([*said, tk._("late")] if one["late"] else said)


def rhythms() -> Words:
    """Minutes between updates, in words."""
    return {str(minutes): helpers.govdata_emergency_rhythm(minutes) for minutes in RHYTHMS}


def choices(user_id: str) -> list[Department]:
    """The bodies for which the user may declare: his own, and of a government's those below it."""
    known = directory()
    found: dict[str, Department] = {}
    for organization, capacity in seats.works_in(user_id).items():
        own = known.by_id.get(organization)
        if own is None:
            continue
        if capacity == seats.HEAD:
            found[own.id] = own
        if own.role == "government":
            found |= {one.id: one for one in _beside(own)}
    return list(found.values())


def _beside(own: Department) -> Iterable[Department]:
    """The departments of the same government."""
    known = directory()
    return [own, *(one for one in known.children(own) if one.role != "government")]


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
