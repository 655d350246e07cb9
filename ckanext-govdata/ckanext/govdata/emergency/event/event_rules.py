"""The rules that bind an event: its handling body's place, and the clauses of its jurisdiction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import ckan.model as model

from ... import now, vocabularies
from ...departments import tree
from ...domain.emergency.emergency_event import EmergencyRules, Rhythms
from ...domain.refusal import Refusal
from ...rules import in_force
from ..publication import bans
from . import event_roles, opening_bases
from .event_record import EventRow


def of(organization_id: str, jurisdiction: str) -> EmergencyRules:
    """What binds an event of that handling body, where that jurisdiction's texts are law."""
    return EmergencyRules(
        place_of(organization_id),
        rhythms(jurisdiction),
        kinds(jurisdiction),
        bans.bans().bans,
        bans.NUMBERS,
        opening_bases.of(jurisdiction),
        vocabularies.divisions(),
    )


def place_of(organization_id: str) -> str:
    """The division code of a department's place: its own, or of the nearest above it."""
    return tree.region_of(organization_id)


def rhythms(jurisdiction: str) -> Rhythms:
    """The shortest and longest rhythm that may be promised."""
    values = clause(jurisdiction, "emergency_rhythm")
    return Rhythms(
        timedelta(minutes=_number(values["least_minutes"])),
        timedelta(minutes=_number(values["most_minutes"])),
    )


def ladder(jurisdiction: str) -> tuple[int, ...]:
    """After how many further rhythms officer, head and authority are told."""
    values = clause(jurisdiction, "emergency_alarm")
    return (0, _number(values["head_after"]), _number(values["authority_after"]))


def kinds(jurisdiction: str) -> tuple[str, ...]:
    """The kinds of emergency that the text names (Anhui 35)."""
    values = clause(jurisdiction, "emergency_types")["values"]
    return tuple(map(str, values)) if isinstance(values, list | tuple) else ()


def clause(jurisdiction: str, name: str) -> Mapping[str, object]:
    """The values of the clause that binds today; the portal has each of them."""
    found = in_force.rulebook().clause(jurisdiction, name, now.today())
    if isinstance(found, Refusal):
        raise LookupError(f"no jurisdiction has a clause {name}")
    return found.clause.values


def _number(value: object) -> int:
    return int(str(value))


def visible(row: EventRow, user: model.User | None) -> bool:
    """An event is public; a drill is seen by those who have a role towards it (Anhui 41)."""
    return not row.drill or bool(event_roles.of(user, row))
