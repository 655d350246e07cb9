"""What is wrong between the instruments: each file is good, and together they are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from .instrument import NATIONAL, PORTAL, Instrument
from .refusal import Refusal


def check_rulebook(instruments: Iterable[Instrument]) -> tuple[Refusal, ...]:
    """Unknown or circular ``extends``, a higher text under a lower one, versions that overlap.

    Versions of one text follow each other in ``instruments``."""
    every = tuple(instruments)
    ids = {one.id for one in every}
    problems = [
        Refusal("level_missing", "id", name) for name in (PORTAL, NATIONAL) if name not in ids
    ]
    for one in every:
        problems.extend(_extends(one, every))
    return (*problems, *_overlaps(every))


def _extends(one: Instrument, every: Sequence[Instrument]) -> list[Refusal]:
    facts = {"id": one.id}
    above = [other for other in every if other.id == one.extends]
    if one.extends and (not above or one.extends == PORTAL):
        return [Refusal("extends_unknown", "extends", one.extends, facts=facts)]
    if _circular(one, every):
        return [Refusal("extends_circular", "extends", one.extends, facts=facts)]
    if any(one.document and text.document and one.rank.over(text.rank) for text in above):
        return [Refusal("extends_lower", "extends", one.extends, facts=facts)]
    return []


def _circular(one: Instrument, every: Sequence[Instrument]) -> bool:
    """Whether going up from ``one``, through any version, comes back to it."""
    seen: set[str] = set()
    front = {one.extends} - {""}
    while front:
        if one.id in front:
            return True
        seen |= front
        front = {j.extends for j in every if j.id in front} - {""} - seen
    return False


def _overlaps(every: Sequence[Instrument]) -> list[Refusal]:
    problems: list[Refusal] = []
    for one, other in pairwise(every):
        if one.id != other.id:
            continue
        last, first = one.in_force.last, other.in_force.first
        if last is None or first is None or first <= last:
            facts = {"id": one.id, "earlier": one.number, "later": other.number}
            problems.append(Refusal("versions_overlap", "in_force", other.number, facts=facts))
    return problems
