"""Letters to third parties, each known by itself: to whom it was written, when it reached him, what
he answered (Regulations on Open Government Information 32)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from .field_part import FieldPart

OBJECTS, AGREES = "refused", "agreed"
"""The answers of whoever does not agree, and of whoever does: the options that a field of answers
must have."""


class ObjectionFinding(str, Enum):
    """What is found of an objection (Regulations on Open Government Information 15, 32): it is
    ``followed`` and what it concerns is not given; to withhold would gravely affect the
    ``public_interest``; or it is ``unfounded``: no lawful right of his would be harmed. Where it is
    followed in part the rest is given for one of the same two reasons. Of somebody whom no letter
    reached the first three say the same of his rights."""

    FOLLOWED = "followed"
    PUBLIC_INTEREST = "public_interest"
    UNFOUNDED = "unfounded"
    PARTLY_INTEREST = "partly_interest"
    PARTLY_UNFOUNDED = "partly_unfounded"


INTEREST = frozenset({ObjectionFinding.PUBLIC_INTEREST, ObjectionFinding.PARTLY_INTEREST})
"""Those by which data is given though somebody's rights are harmed: a head finds so (15)."""
PARTLY = frozenset({ObjectionFinding.PARTLY_INTEREST, ObjectionFinding.PARTLY_UNFOUNDED})
"""Those that follow an objection in part."""
WITHHOLDS = PARTLY | {ObjectionFinding.FOLLOWED}
"""Those by which something is not given."""
GIVES = frozenset(ObjectionFinding) - {ObjectionFinding.FOLLOWED}
"""Those by which data is given all the same."""


@dataclass(frozen=True)
class PartyLetter:
    """One letter, by the ``number`` of its event, which is that of the letter, too.

    ``party`` is as it is kept, encrypted, as is the ``contact`` where he is reached. ``served`` is
    the day on which it reached him, ``returned`` that on which it came back instead, and
    ``attempts`` how that was tried; ``answer`` is the code of what he said last, which was received
    on the day ``answered``, and an objection may have been ``withdrawn`` by him since.
    One that was ``replaced`` by a newer one, to the same party or the right one, counts no more.
    Of an objection ``said`` is its reason, ``finding`` what was found of it or of somebody who was
    not reached, ``found_by`` the role of whoever found so, and ``why`` and the ``followed_part`` in
    words as they are kept, encrypted. One that
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
    contact: str = ""
    attempts: str = ""
    withdrawn: date | None = None
    found_by: str = ""
    followed_part: str = ""

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
        return not self.answer and not self.undelivered

    @property
    def undelivered(self) -> bool:
        """Whether it came back and nobody has heard of its party since: that is no silence, for he
        was never asked."""
        return bool(self.returned) and not self.reached

    @property
    def to_serve(self) -> bool:
        """Whether it tells somebody something and is still to be brought to him."""
        return bool(self.tells) and not (self.replaced or self.served or self.returned)


def choosable(
    letters: tuple[PartyLetter, ...], parts: Mapping[FieldPart, str]
) -> Iterator[PartyLetter]:
    """The letters that a command with fields of these ``parts`` may be about: a finding is of an
    objection or of somebody who was not reached, an objection alone is withdrawn, what was asked is
    answered, what came back is sent again, and every letter is served."""
    for one in letters:
        served = FieldPart.SERVED in parts or FieldPart.RETURNED in parts
        again = FieldPart.PARTY_CONTACT in parts and FieldPart.PARTY not in parts
        if one.replaced or (one.tells and not (served or again)):
            continue
        if again:
            fits = bool(one.tells and one.returned)
        elif FieldPart.UNHEARD in parts:
            fits = one.undelivered
        else:
            fits = one.objects or parts.keys().isdisjoint({FieldPart.FINDING, FieldPart.WITHDRAWN})
        if fits:
            yield one


def noted(
    letters: tuple[PartyLetter, ...],
    said: Mapping[FieldPart, Any],
    number: int,
    day: date,
    role: str = "",
) -> tuple[PartyLetter, ...]:
    """The letters after the event of this number and day by somebody in this ``role``: one more, or
    what was noted of one. What is noted again takes the place of what was noted before."""
    which = str(said.get(FieldPart.PARTY_LETTER, ""))
    contact = str(said.get(FieldPart.PARTY_CONTACT, ""))
    if FieldPart.PARTY in said:
        kept = (_changed(one, which, replaced=True) for one in letters)
        return (*kept, PartyLetter(number, str(said[FieldPart.PARTY]), day, contact=contact))
    changes: dict[str, Any] = {}
    if contact:  # the same letter once more, to where he is
        changes = {"asked": day, "returned": None, "contact": contact}
    elif FieldPart.FINDING in said or FieldPart.UNHEARD in said:
        changes = _found(said, role)
    elif FieldPart.PARTY_ANSWER in said or FieldPart.WITHDRAWN in said:
        changes = _answered(said, day)
    else:
        changes = _delivered(said)
    which = which or _first_without(letters, changes)
    way = FieldPart.SERVED in said or FieldPart.RETURNED in said
    return tuple(
        # What was found of somebody who had not been reached falls with what is noted anew of that.
        _changed(one, which, **(changes | UNFOUND if way and not one.answer else changes))
        for one in letters
    )


def _delivered(said: Mapping[FieldPart, Any]) -> dict[str, Any]:
    """What is noted of a letter's way."""
    if FieldPart.SERVED in said:
        return {"served": date.fromisoformat(said[FieldPart.SERVED]), "returned": None}
    if FieldPart.RETURNED in said:
        attempts = str(said.get(FieldPart.ATTEMPTS, ""))
        returned = date.fromisoformat(said[FieldPart.RETURNED])
        return {"served": None, "returned": returned, "attempts": attempts}
    return {}


def _answered(said: Mapping[FieldPart, Any], day: date) -> dict[str, Any]:
    """What is noted of a party's own words: an answer, or that he withdraws his objection."""
    if FieldPart.WITHDRAWN in said:
        withdrawn = date.fromisoformat(str(said[FieldPart.WITHDRAWN]))
        return {"answer": AGREES, "withdrawn": withdrawn, **UNFOUND}
    reason = str(said.get(FieldPart.PARTY_REASON, ""))
    received = date.fromisoformat(str(said.get(FieldPart.ANSWERED) or day))
    return {"answer": str(said[FieldPart.PARTY_ANSWER]), "said": reason, **UNFOUND,
            "answered": received, "withdrawn": None}  # fmt: skip


def _found(said: Mapping[FieldPart, Any], role: str) -> dict[str, Any]:
    finding = said.get(FieldPart.FINDING) or said.get(FieldPart.UNHEARD)
    why = said.get(FieldPart.FINDING_REASON) or said.get(FieldPart.UNHEARD_REASON, "")
    return {"finding": str(finding), "why": str(why),
            "followed_part": str(said.get(FieldPart.FOLLOWED_PART, "")),
            "found_by": role}  # fmt: skip


UNFOUND = {"finding": "", "why": "", "followed_part": "", "found_by": ""}
"""Another answer is weighed anew."""


def _changed(one: PartyLetter, which: str, **changes: Any) -> PartyLetter:
    return replace(one, **changes) if str(one.number) == which else one


def _first_without(letters: tuple[PartyLetter, ...], changes: Mapping[str, Any]) -> str:
    """Events from before letters were known by themselves name none: they are of the first of
    which that was not noted yet."""
    name = next(iter(changes), "")
    asked = (one for one in letters if not one.replaced and not one.tells)
    found = (one for one in asked if name and not getattr(one, name))
    return next((str(one.number) for one in found), "")
