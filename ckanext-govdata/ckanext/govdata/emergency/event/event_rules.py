"""The rules that bind an event: its handling body's place, and the clauses of its jurisdiction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ... import now
from ...departments import tree
from ...domain.emergency import Rhythms
from ...domain.refusal import Refusal
from ...rules import in_force
from .. import standings
from .event_record import State


def place_of(organization_id: str) -> str:
    """The division code of a department's place: its own, or of the nearest above it."""
    return tree.region_of(organization_id)


def rhythms(jurisdiction: str) -> Rhythms:
    """The shortest and longest rhythm that may be promised."""
    values = clause(jurisdiction, "emergency_rhythm")
    return Rhythms(
        timedelta(minutes=int(values["least_minutes"])),
        timedelta(minutes=int(values["most_minutes"])),
    )


def ladder(jurisdiction: str) -> tuple[int, ...]:
    """After how many further rhythms officer, head and authority are told."""
    values = clause(jurisdiction, "emergency_alarm")
    return (0, int(values["head_after"]), int(values["authority_after"]))


def kinds(jurisdiction: str) -> tuple[str, ...]:
    """The kinds of emergency that the text names (Anhui 35)."""
    return tuple(clause(jurisdiction, "emergency_types")["values"])


def clause(jurisdiction: str, name: str) -> Any:
    """The values of the clause that binds today; the portal has each of them."""
    found = in_force.rulebook().clause(jurisdiction, name, now.today())
    if isinstance(found, Refusal):
        raise LookupError(f"no jurisdiction has a clause {name}")
    return found.clause.values


def visible(row: Any, user: Any) -> bool:
    """An event is public; a drill is seen by those who have a standing towards it (Anhui 41)."""
    return not row.drill or bool(standings.of(user, row))


def ended(state: State, at: datetime) -> State:
    """The state with its end."""
    return replace(state, event=replace(state.event, ended=at))
