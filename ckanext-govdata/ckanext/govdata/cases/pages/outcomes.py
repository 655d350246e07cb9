"""What a case came to and what happened in it, in the reader's words."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ...domain.procedure import Duty
from ...speech.phrases import label
from ..engine import declared_procedures


def outcome(kind: str, code: str) -> str:
    """What a case of this kind came to."""
    procedure = declared_procedures.procedures().get(kind)
    words = procedure.words.outcomes.get(code) if procedure else None
    return label(words) if words else code


def judges(kind: str, event: str) -> bool:
    """Whether the event judges an objection against what a department decided."""
    procedure = declared_procedures.procedures().get(kind)
    commands = procedure.commands.values() if procedure else ()
    return any(one.event == event and one.duty is Duty.JUDGE for one in commands)


def decides(kind: str, event: str) -> bool:
    """Whether the event decides a case, so that its letter has the reason and the basis."""
    procedure = declared_procedures.procedures().get(kind)
    if procedure is None:
        return False
    ways = (one for one in procedure.commands.values() if one.event == event)
    ends = (procedure.states.get(one.to) for one in ways)
    return any(state is not None and state.outcome is not None for state in ends)


def happened(kind: str, event: str) -> str:
    """What an event is called once it has happened; empty where nobody has words for it."""
    procedure = declared_procedures.procedures().get(kind)
    words = procedure.words.events.get(event) if procedure else None
    return label(words) if words else by_itself().get(event, "")


def by_itself() -> dict[str, str]:
    """Events of any case that no command brings about."""
    return {
        "overdue": tk._("The term ran out without an answer"),
        "unprovided": tk._("The term ran out, and the data cannot be fetched"),
        "no_longer_owed": tk._("The grant has ended: no data is owed any more"),
        "grant_revoked": tk._("Grant revoked"),
        "grant_suspended": tk._("Grant suspended"),
        "grant_lifted": tk._("Suspension lifted"),
        "vacated": tk._("Free again: the officer has left the department"),
        "let_through": tk._("In the emergency its data was published against a warning"),
        "moved": tk._("Came to another department, together with its entry"),
        "recounted": tk._("Counted anew after a notice of working days"),
    }
