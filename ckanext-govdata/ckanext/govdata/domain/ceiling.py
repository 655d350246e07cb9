"""Ceilings: a term of a law or an administrative regulation is the most that one below it gives.

A shorter local term stands, and so does a local "no extension"; a longer number yields, alone or
together with its extension. Where the two count from different events or in different units
neither can be held against the other in numbers: then both run, and the earlier day is the last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from .clock import Unit
from .instrument import Extension, Instrument, Term


class YieldingPart(str, Enum):
    """Which of a term's numbers yields."""

    TERM = "term"
    EXTENSION = "extension"


@dataclass(frozen=True)
class Ceiling:
    """A higher text with the term that it sets for whoever asks."""

    source: Instrument
    term: Term


@dataclass(frozen=True)
class Yielded:
    """That a number of ``source`` gives way to one of ``to``, by an article of ``to``."""

    part: YieldingPart
    source: Instrument
    was: int
    now: int
    unit: Unit
    to: Instrument
    article: str


@dataclass(frozen=True)
class Capped:
    """A term under ceilings, the text whose number it is now, and what became of it.

    ``latest`` are ceilings that count otherwise: the answer is due on the earlier of the days.
    """

    source: Instrument
    term: Term
    yields: tuple[Yielded, ...] = ()
    latest: tuple[Ceiling, ...] = ()


def cap(found: Capped, ceiling: Ceiling) -> Capped:
    """The term under one more ceiling."""
    term, most = found.term, ceiling.term
    if (term.start, term.unit) != (most.start, most.unit):
        return replace(found, latest=(*found.latest, ceiling))
    own = term.extension
    if term.amount > most.amount:
        gone = _yielded(YieldingPart.TERM, found, ceiling, term.amount, most.amount)
        term = replace(most, askers=term.askers, share_types=term.share_types, extension=own)
        term = replace(term, outer_limit=False)
        found = Capped(ceiling.source, term, (*found.yields, gone), found.latest)
    return _cap_extension(found, ceiling)


def _cap_extension(found: Capped, ceiling: Ceiling) -> Capped:
    """With its extension the term is no longer than the ceiling with its own, and whoever consents
    to what goes beyond the ceiling's first term is whom the ceiling names."""
    own, upper = found.term.extension, ceiling.term.extension
    if own is None or found.term.most <= ceiling.term.amount:
        return found
    left = min(own.amount, ceiling.term.most - found.term.amount)
    consent = upper.consent_of if upper else own.consent_of
    longer = Extension(left, consent, own.once or bool(upper and upper.once)) if left else None
    yields = found.yields
    if left < own.amount:
        first = found.yields[0].source if found.yields else found.source
        lower = replace(found, source=first)
        yields = (*yields, _yielded(YieldingPart.EXTENSION, lower, ceiling, own.amount, left))
    return replace(found, term=replace(found.term, extension=longer), yields=yields)


def _yielded(part: YieldingPart, lower: Capped, upper: Ceiling, was: int, now: int) -> Yielded:
    return Yielded(
        part, lower.source, was, now, upper.term.unit, upper.source, upper.term.article
    )
