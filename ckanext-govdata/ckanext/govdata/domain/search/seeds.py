"""What a new version ships beside the operator's own knowledge: his changes are never undone."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .knowledge import KnowledgeKind, RuleError, read_rule

Line = tuple[KnowledgeKind, str]
"""A line of knowledge as it is written, with its kind."""


@dataclass(frozen=True)
class Offer:
    """What taking over does: adds ``new``, takes away ``retired``, leaves ``held`` to the operator.

    ``held`` are lines that are shipped and are not here because he changed or took away them, or
    others of nearly the same words.
    """

    new: tuple[Line, ...] = ()
    retired: tuple[Line, ...] = ()
    held: tuple[Line, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.retired)


def compare(before: frozenset[Line], now: frozenset[Line], kept: frozenset[Line]) -> Offer:
    """The offer, from the lines that were shipped ``before``, those shipped ``now``, and those
    that are ``kept`` in the portal.
    """
    touched = before - kept
    fresh = now - before - kept
    own = {line for line in fresh if any(_meet(line, other) for other in touched)}
    return Offer(_sorted(fresh - own), _sorted((before - now) & kept), _sorted(own | now & touched))


def first_shipped(kept: Iterable[Line], changes: Iterable[tuple[Line, Line]]) -> frozenset[Line]:
    """The lines that a portal began with: what it keeps, with its changes undone.

    ``changes`` are (line before, line after), newest first; the text of either may be empty.
    """
    found = set(kept)
    for before, after in changes:
        found.discard(after)
        if before[1]:
            found.add(before)
    return frozenset(found)


def _meet(one: Line, other: Line) -> bool:
    """Whether two lines speak of the same: two words of a group, one of a list."""
    shared = _words(one) & _words(other)
    enough = 1 if one[0] in (KnowledgeKind.QUESTION, KnowledgeKind.WEAK) else 2
    return one[0] == other[0] and len(shared) >= enough


def _words(line: Line) -> frozenset[str]:
    try:
        rule = read_rule(*line)
    except RuleError:  # an older version could read it
        return frozenset(line[1].split())
    return frozenset((*rule.words, *rule.towards, *rule.near))


def _sorted(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (line[0].value, line[1])))
