"""An instrument: a text with its maker, rank and validity, and what it sets where it binds.

Each number stands with the article that sets it. How instruments work together is in ``rulebook``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from .calendar import later_month
from .clock import Unit
from .locales import Label
from .procedure import Applicant

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
    SERVED = "served"
    DECIDED = "decided"


class OnLapse(str, Enum):
    """What silence means: a violation that the supervisor sees, the provider's consent, that the
    matter ends, or that the department decides without who was asked."""

    VIOLATION = "violation"
    CONSENT = "consent"
    WITHDRAWN = "withdrawn"
    GOES_ON = "goes_on"


class Level(str, Enum):
    """The level of government for which a text was made."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    PORTAL = "portal"


class Rank(str, Enum):
    """What a text is before the law, the highest first (Legislation Law 立法法 99, 100)."""

    LAW = "law"
    ADMINISTRATIVE_REGULATION = "administrative_regulation"
    LOCAL_REGULATION = "local_regulation"
    GOVERNMENT_RULE = "government_rule"
    NORMATIVE_DOCUMENT = "normative_document"
    PORTAL = "portal"

    @property
    def caps(self) -> bool:
        """Whether a number of such a text is a ceiling for the texts below it."""
        return self in (Rank.LAW, Rank.ADMINISTRATIVE_REGULATION)

    def over(self, other: Rank) -> bool:
        """Whether it is the higher one."""
        order = list(Rank)
        return order.index(self) < order.index(other)


class Validity(str, Enum):
    """How long a text is valid: until the day that it names, until somebody repeals it, as long
    as the province's rule says where a document names no end, or nobody here knows."""

    NAMED = "named"
    REPEALED = "repealed"
    BY_RULE = "by_rule"
    UNKNOWN = "unknown"


class ShareType(str, Enum):
    """How data is shared between departments."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NON_SHARED = "non_shared"


@dataclass(frozen=True)
class Asking:
    """Who asks, and for data of which share type; where only one can be meant, that one."""

    asker: Applicant = Applicant.PERSON
    share_type: ShareType = ShareType.CONDITIONAL


@dataclass(frozen=True)
class Extension:
    """How far a term may be extended, in its unit, with whose consent, and whether only once."""

    amount: int
    consent_of: tuple[str, ...]
    once: bool


@dataclass(frozen=True)
class Term:
    """A number of days or months with the article that sets it; ``name`` is ``procedure.clock``.

    Empty ``askers`` and ``share_types`` mean all. An ``outer_limit`` caps what others set and
    supplies no term by itself.
    """

    name: str
    amount: int
    unit: Unit
    start: Start
    on_lapse: OnLapse
    article: str
    quote: str = ""
    extension: Extension | None = None
    askers: frozenset[Applicant] = frozenset()
    share_types: frozenset[ShareType] = frozenset()
    outer_limit: bool = False

    @property
    def most(self) -> int:
        """The amount with its extension."""
        return self.amount + (self.extension.amount if self.extension else 0)

    def speaks_of(self, asking: Asking) -> bool:
        """Whether it is set for this asker and this share type."""
        asker = not self.askers or asking.asker in self.askers
        return asker and (not self.share_types or asking.share_type in self.share_types)

    def meets(self, other: Term) -> bool:
        """Whether somebody could ask of whom both speak."""
        askers = not (self.askers and other.askers) or self.askers & other.askers
        types = not (self.share_types and other.share_types) or self.share_types & other.share_types
        return self.name == other.name and bool(askers) and bool(types)


@dataclass(frozen=True)
class Clause:
    """A rule that is not a clock: ``values`` are what it names, by the keys of its kind."""

    name: str
    article: str
    quote: str = ""
    values: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)


@dataclass(frozen=True)
class ValidityRule:
    """The rule by which a document that names no end lapses after some years, and its title."""

    years: int
    title: str
    article: str


@dataclass(frozen=True)
class InForce:
    """First and last day in force (both whole, ``None``: open) and the article that says so.

    ``year_only``: the text at hand gives no day, so ``first`` is the first of that year. An end
    ``by_rule`` is presumed: nobody has confirmed it, so the text binds until it is entered.
    """

    first: date | None = None
    last: date | None = None
    article: str = ""
    year_only: bool = False
    by_rule: ValidityRule | None = None

    def covers(self, day: date) -> bool:
        """Whether ``day`` is in force."""
        return (self.first is None or self.first <= day) and not self.lapsed(day)

    def lapsed(self, day: date) -> bool:
        """Whether the last day in force is over."""
        return self.last is not None and self.last < day

    @property
    def presumed_last(self) -> date | None:
        """The last day by the rule on documents that name none; the years end on the same day."""
        if self.by_rule is None or self.first is None or self.last is not None:
            return None
        return later_month(self.first, 12 * self.by_rule.years)


@dataclass(frozen=True)
class Instrument:
    """One version of a text with its terms and clauses.

    ``place`` is false for a text that is no place's own, so that no department is put under it.
    An empty ``document`` is a place none of whose texts is known. ``text_at_hand`` is false where
    nobody has read the text: it stands in the chain and sets nothing. ``to_confirm`` is what the
    operator, and nobody else, is told to find out.
    """

    id: str
    name: Label = field(hash=False)
    level: Level
    rank: Rank = Rank.NORMATIVE_DOCUMENT
    document: Label = field(default_factory=dict[str, str], hash=False)
    number: str = ""
    maker: Label = field(default_factory=dict[str, str], hash=False)
    region: str = ""
    extends: str = ""
    place: bool = True
    authority: Label = field(default_factory=dict[str, str], hash=False)
    in_force: InForce = InForce()
    text_at_hand: bool = True
    terms: tuple[Term, ...] = ()
    requires: Mapping[str, Clause] = field(default_factory=dict[str, Clause], hash=False)
    names: Mapping[str, Label] = field(default_factory=dict[str, Label], hash=False)
    notes: Label = field(default_factory=dict[str, str], hash=False)
    to_confirm: Label = field(default_factory=dict[str, str], hash=False)

    @property
    def validity(self) -> Validity:
        """How long the text is valid."""
        if self.in_force.last:
            return Validity.NAMED
        if self.in_force.by_rule:
            return Validity.BY_RULE
        return Validity.UNKNOWN if self.rank is Rank.NORMATIVE_DOCUMENT else Validity.REPEALED

    def term(self, name: str, asking: Asking) -> Term | None:
        """What it sets for whoever asks."""
        return next((t for t in self.terms if t.name == name and t.speaks_of(asking)), None)


DECIDE, EXTEND = "decide", "extend"


def extension_name(term: str) -> str:
    """What the extension of a term is called: ``x.extend`` of ``x.decide``, else ``x.y_extend``."""
    procedure, _, clock = term.partition(".")
    return f"{procedure}.{EXTEND}" if clock == DECIDE else f"{term}_{EXTEND}"


def extended_name(name: str) -> str:
    """The term that an extension of this name extends, or nothing where it is no extension."""
    procedure, _, clock = name.partition(".")
    if clock == EXTEND:
        return f"{procedure}.{DECIDE}"
    return name.removesuffix(f"_{EXTEND}") if name.endswith(f"_{EXTEND}") else ""
