"""A jurisdiction: a place, the document that binds it, and what that document sets.

Each number stands with the article that sets it. How the levels work together is in ``rulebook``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from .clock import Unit
from .locales import Label

PORTAL = "portal"
"""Id of the portal's own rules, which apply where every text is silent."""

NATIONAL = "national"
"""Id of the level above the provinces; an organisation without a place in the tree is here."""


class Start(str, Enum):
    """The event on whose day (day zero) a term begins."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    CONSENTED = "consented"
    EXPIRED = "expired"
    CHANGED = "changed"
    UPDATED = "updated"
    REQUESTED = "requested"
    DECIDED = "decided"


class OnLapse(str, Enum):
    """What silence means: a violation that the supervisor sees, or the provider's consent."""

    VIOLATION = "violation"
    CONSENT = "consent"
    WITHDRAWN = "withdrawn"


class Level(str, Enum):
    """The level of government that issued a text."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    PORTAL = "portal"


@dataclass(frozen=True)
class Extension:
    """How far a term may be extended, with whose consent, and whether only once."""

    days: int
    consent_of: tuple[str, ...]
    once: bool


@dataclass(frozen=True)
class Term:
    """A number of days with the article that sets it; ``name`` is ``procedure.clock``."""

    name: str
    days: int
    unit: Unit
    start: Start
    on_lapse: OnLapse
    article: str
    quote: str = ""
    extension: Extension | None = None


@dataclass(frozen=True)
class Clause:
    """A rule that is not a clock: ``values`` are what it names, by the keys of its kind."""

    name: str
    article: str
    quote: str = ""
    values: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)


@dataclass(frozen=True)
class InForce:
    """First and last day in force (both whole, ``None``: open) and the article that says so.

    ``year_only``: the text at hand gives no day, so ``first`` is the first of that year.
    """

    first: date | None = None
    last: date | None = None
    article: str = ""
    year_only: bool = False

    def covers(self, day: date) -> bool:
        """Whether ``day`` is in force."""
        return (self.first is None or self.first <= day) and not self.lapsed(day)

    def lapsed(self, day: date) -> bool:
        """Whether the last day in force is over."""
        return self.last is not None and self.last < day


@dataclass(frozen=True)
class Jurisdiction:
    """One version of the rules of one place: a document with its terms and clauses.

    ``text_at_hand`` is false where the operator has to fill in what the document sets.
    """

    id: str
    name: Label = field(hash=False)
    level: Level
    document: Label = field(hash=False)
    number: str = ""
    region: str = ""
    extends: str = ""
    authority: Label = field(default_factory=dict[str, str], hash=False)
    in_force: InForce = InForce()
    prevails: bool = False
    text_at_hand: bool = True
    terms: Mapping[str, Term] = field(default_factory=dict[str, Term], hash=False)
    requires: Mapping[str, Clause] = field(default_factory=dict[str, Clause], hash=False)
    names: Mapping[str, Label] = field(default_factory=dict[str, Label], hash=False)
    notes: Label = field(default_factory=dict[str, str], hash=False)


DECIDE, EXTEND = "decide", "extend"
"""Where a text allows it, a procedure's clock ``decide`` has a clock ``extend`` beside it."""


def extension_term(term: Term) -> Term | None:
    """The extension of a term, as a term that begins on the day on which the first one ends."""
    if not term.extension:
        return None
    return Term(
        name=f"{term.name.partition('.')[0]}.{EXTEND}",
        days=term.extension.days,
        unit=term.unit,
        start=Start.EXPIRED,
        on_lapse=term.on_lapse,
        article=term.article,
        quote=term.quote,
    )
