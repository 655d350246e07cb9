"""Which part a field plays where more is done with it than to keep it and to show it.

Code asks for a part and never for a field's name; which field plays it the folder says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TypeVar

Named = TypeVar("Named", bound=Callable[..., object])


class FieldPart(str, Enum):
    """What a field is to the code, whatever it is called in its procedure.

    An application asks for ``files``, ``items`` of them and days; a decision on it may give less
    of each by fields of its own, which play the same parts.
    """

    FILES = "files"
    ITEMS = "items"
    ROWS = "rows"
    BEGINS = "begins"
    ENDS = "ends"
    PURPOSE = "purpose"
    DELIVERY = "delivery"
    TERMS = "terms"
    CONDITIONS = "conditions"
    RENEWS = "renews"
    REASON = "reason"
    BASIS = "basis"
    ATTRIBUTE = "attribute"
    ALIKE = "alike"
    PARTY = "party"
    PARTY_CONTACT = "party_contact"
    PARTY_LETTER = "party_letter"
    PARTY_ANSWER = "party_answer"
    PARTY_REASON = "party_reason"
    WITHDRAWN = "withdrawn"
    WITHDRAWAL = "withdrawal"
    FINDING = "finding"
    FINDING_REASON = "finding_reason"
    FOLLOWED_PART = "followed_part"
    UNHEARD = "unheard"
    UNHEARD_REASON = "unheard_reason"
    SERVED = "served"
    RETURNED = "returned"
    ATTEMPTS = "attempts"
    ANSWERED = "answered"
    NOT_SEVERED = "not_severed"
    HEARD = "heard"
    HEARD_ON = "heard_on"
    HEARD_BY = "heard_by"
    NEW_FACTS = "new_facts"
    CHANGED = "changed"


PLAYED_BY: Mapping[FieldPart, tuple[str, ...]] = {
    FieldPart.ROWS: ("count",),
    FieldPart.BEGINS: ("date", "future"),
    FieldPart.ENDS: ("date", "future"),
    FieldPart.PURPOSE: ("text", "long_text"),
    FieldPart.DELIVERY: ("choice", "radio"),
    FieldPart.CONDITIONS: ("text", "long_text"),
    FieldPart.RENEWS: ("reference",),
    FieldPart.ATTRIBUTE: ("choice", "radio"),
    FieldPart.ALIKE: ("accepted", "flag"),
    FieldPart.PARTY: ("text",),
    FieldPart.PARTY_CONTACT: ("text",),
    FieldPart.PARTY_ANSWER: ("choice", "radio"),
    FieldPart.PARTY_REASON: ("text", "long_text"),
    FieldPart.WITHDRAWN: ("date",),
    FieldPart.WITHDRAWAL: ("text", "long_text"),
    FieldPart.FINDING: ("choice", "radio"),
    FieldPart.FINDING_REASON: ("text", "long_text"),
    FieldPart.FOLLOWED_PART: ("text", "long_text"),
    FieldPart.UNHEARD: ("choice", "radio"),
    FieldPart.UNHEARD_REASON: ("text", "long_text"),
    FieldPart.PARTY_LETTER: ("party_letter",),
    FieldPart.SERVED: ("date",),
    FieldPart.RETURNED: ("date",),
    FieldPart.ATTEMPTS: ("text", "long_text"),
    FieldPart.ANSWERED: ("date",),
    FieldPart.NOT_SEVERED: ("text", "long_text"),
    FieldPart.HEARD: ("text", "long_text"),
    FieldPart.HEARD_ON: ("date",),
    FieldPart.HEARD_BY: ("choice", "radio"),
    FieldPart.NEW_FACTS: ("text", "long_text"),
    FieldPart.CHANGED: ("date",),
}
"""The types of the fields that can be declared as each; the other parts are always played by a
type of their own, which says so (``field_base.FieldType.part``)."""


IN_LETTERS = frozenset({FieldPart.REASON, FieldPart.BASIS, FieldPart.CONDITIONS})
"""Parts that have a place of their own in every letter."""


def needs(*parts: FieldPart) -> Callable[[Named], Named]:
    """Mark an effect, a check or a prefill: a procedure that names it has fields for these."""

    def marked(function: Named) -> Named:
        setattr(function, _NEEDS, parts)
        return function

    return marked


def needed_by(function: Callable[..., object]) -> tuple[FieldPart, ...]:
    """The parts without which it cannot do its work."""
    return getattr(function, _NEEDS, ())


_NEEDS = "needed_parts"
