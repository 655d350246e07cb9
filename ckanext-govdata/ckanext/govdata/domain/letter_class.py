"""Classes of letters, each with its own turn, so that none waits behind all of another."""

from __future__ import annotations

from enum import IntEnum


class LetterClass(IntEnum):
    """How much a letter presses; the lower number goes first."""

    EMERGENCY = 0
    DECISION = 1
    REMINDER = 2
    DIGEST = 3


ROUND = (
    LetterClass.DECISION,
    LetterClass.DECISION,
    LetterClass.REMINDER,
    LetterClass.DECISION,
    LetterClass.DIGEST,
)
"""Whose turn comes after whose, over and over; emergencies come before each of them."""


def order(turn: int) -> tuple[LetterClass, ...]:
    """In which classes letter number ``turn`` of a run is looked for; the first that has one
    sends it. Emergencies go first as long as there are any; of the others none waits for ever."""
    own = ROUND[turn % len(ROUND)]
    others = (one for one in LetterClass if one not in (LetterClass.EMERGENCY, own))
    return (LetterClass.EMERGENCY, own, *others)
