"""Letters to third parties, each known by itself: to whom it was written, when it reached him, what
he answered (Regulations on Open Government Information 32)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .field_part import FieldPart


@dataclass(frozen=True)
class PartyLetter:
    """One letter, by the ``number`` of its event, which is that of the letter, too.

    ``party`` is as it is kept, encrypted. ``served`` is the day on which it reached him,
    ``returned`` that on which it came back instead, ``answer`` the code of what he said last.
    One that was ``replaced`` by a newer one, to the same party or the right one, counts no more.
    """

    number: int
    party: str
    asked: date
    served: date | None = None
    returned: date | None = None
    answer: str = ""
    replaced: bool = False

    @property
    def reached(self) -> bool:
        """Whether somebody noted that it was there: by its receipt, or by an answer."""
        return bool(self.served or self.answer)


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
        changes = {"answer": str(said[FieldPart.PARTY_ANSWER])}
    which = which or _first_without(letters, changes)
    return tuple(_changed(one, which, **changes) for one in letters)


def _changed(one: PartyLetter, which: str, **changes: Any) -> PartyLetter:
    return replace(one, **changes) if str(one.number) == which else one


def _first_without(letters: tuple[PartyLetter, ...], changes: Mapping[str, Any]) -> str:
    """Events from before letters were known by themselves name none: they are of the first of
    which that was not noted yet."""
    name = next(iter(changes), "")
    found = (one for one in letters if name and not getattr(one, name) and not one.replaced)
    return next((str(one.number) for one in found), "")
