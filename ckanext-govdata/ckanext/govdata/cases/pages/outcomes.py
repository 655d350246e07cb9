"""What a case came to and what happened in it, in the reader's words."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ...domain.procedure import Duty, Letter
from ...speech.phrases import label
from ..answers import LetterContent
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


def decided(letter: LetterContent) -> str:
    """What a letter says that was decided."""
    declared = _declared(letter)
    return label(declared.decision) if declared else outcome(letter["kind"], letter["outcome"])


def remedy(letter: LetterContent) -> str:
    """What a letter says may be done outside of its procedure; often nothing."""
    declared = _declared(letter)
    return label(declared.remedy) if declared and declared.remedy else ""


def issuer(letter: LetterContent) -> str:
    """In whose name a letter is; those from before it was noted are the department's."""
    return str(letter.get("issuer") or letter["department"])


def title_of(letter: LetterContent) -> str:
    """The title of a letter."""
    declared = _declared(letter)
    return label(declared.title) if declared else tk._("Reply")


def _declared(letter: LetterContent) -> Letter | None:
    """The words of a letter; none where its procedure says nothing of it any more."""
    procedure = declared_procedures.procedures().get(letter["kind"])
    return procedure.words.letters.get(letter["decision"]) if procedure else None


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
        "vacated": tk._("Free again: the officer has left the department"),
        "let_through": tk._("In the emergency its data was published against a warning"),
        "moved": tk._("Came to another department, together with its entry"),
        "recounted": tk._("Counted anew after a notice of working days"),
    }
