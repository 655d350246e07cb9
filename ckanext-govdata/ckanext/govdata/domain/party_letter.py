"""Letters to third parties, each known by itself: to whom it was written, when it reached him, what
he answered (Regulations on Open Government Information 32)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from .field_part import FieldPart

OBJECTS = "refused"
"""The answer of whoever does not agree: the option that a field of answers must have."""


class ObjectionFinding(str, Enum):
    """What is found of an objection (Regulations on Open Government Information 15, 32): it is
    ``followed`` and what it concerns is not given; to withhold would gravely affect the
    ``public_interest``; or it is ``unfounded``: no lawful right of his would be harmed."""

    FOLLOWED = "followed"
    PUBLIC_INTEREST = "public_interest"
    UNFOUNDED = "unfounded"


@dataclass(frozen=True)
class PartyLetter:
    """One letter, by the ``number`` of its event, which is that of the letter, too.

    ``party`` is as it is kept, encrypted. ``served`` is the day on which it reached him,
    ``returned`` that on which it came back instead, ``answer`` the code of what he said
    last, which was received on the day ``answered``.
    One that was ``replaced`` by a newer one, to the same party or the right one, counts no more.
    Of an objection ``said`` is its reason, ``finding`` what was found of it, and ``why``, in words
    as they are kept, encrypted. One that
    ``tells`` asks nothing: it tells the party of that letter what is published against his will.
    """

    number: int
    party: str
    asked: date
    served: date | None = None
    returned: date | None = None
    answer: str = ""
    answered: date | None = None
    replaced: bool = False
    finding: str = ""
    why: str = ""
    said: str = ""
    tells: int = 0

    @property
    def reached(self) -> bool:
        """Whether somebody noted that it was there: by its receipt, or by an answer."""
        return bool(self.served or self.answer)

    @property
    def objects(self) -> bool:
        """Whether its party does not agree."""
        return self.answer == OBJECTS

    @property
    def awaited(self) -> bool:
        """Whether an answer may still come: none is there, and the letter did not come back."""
        return not self.answer and not (self.returned and not self.reached)


def choosable(
    letters: tuple[PartyLetter, ...], parts: Mapping[FieldPart, str]
) -> Iterator[PartyLetter]:
    """The letters that a command with fields of these ``parts`` may be about: a finding is of an
    objection, an answer to what was asked, and every letter is served."""
    for one in letters:
        served = FieldPart.SERVED in parts or FieldPart.RETURNED in parts
        if one.replaced or (one.tells and not served):
            continue
        if one.objects or FieldPart.FINDING not in parts:
            yield one


def noted(
    letters: tuple[PartyLetter, ...], said: Mapping[FieldPart, Any], number: int, day: date
) -> tuple[PartyLetter, ...]:
    """The letters after the event of this number and day: one more, or what was noted of one. What
    is noted again takes the place of what was noted before."""
    which = str(said.get(FieldPart.PARTY_LETTER, ""))
    if FieldPart.PARTY in said:
        kept = (_changed(one, which, replaced=True) for one in letters)
        return (*kept, PartyLetter(number, str(said[FieldPart.PARTY]), day))
    changes: dict[str, Any] = {}
    if FieldPart.SERVED in said:
        changes = {"served": date.fromisoformat(said[FieldPart.SERVED]), "returned": None}
    elif FieldPart.RETURNED in said:
        changes = {"served": None, "returned": date.fromisoformat(said[FieldPart.RETURNED])}
    elif FieldPart.PARTY_ANSWER in said:
        reason = str(said.get(FieldPart.PARTY_REASON, ""))
        received = date.fromisoformat(str(said.get(FieldPart.ANSWERED) or day))
        changes = {"answer": str(said[FieldPart.PARTY_ANSWER]), "said": reason, "finding": "",
                   "why": "", "answered": received}  # fmt: skip
    elif FieldPart.FINDING in said:
        changes = {"finding": str(said[FieldPart.FINDING]),
                   "why": str(said.get(FieldPart.FINDING_REASON, ""))}  # fmt: skip
    which = which or _first_without(letters, changes)
    return tuple(_changed(one, which, **changes) for one in letters)


def _changed(one: PartyLetter, which: str, **changes: Any) -> PartyLetter:
    return replace(one, **changes) if str(one.number) == which else one


def _first_without(letters: tuple[PartyLetter, ...], changes: Mapping[str, Any]) -> str:
    """Events from before letters were known by themselves name none: they are of the first of
    which that was not noted yet."""
    name = next(iter(changes), "")
    asked = (one for one in letters if not one.replaced and not one.tells)
    found = (one for one in asked if name and not getattr(one, name))
    return next((str(one.number) for one in found), "")
