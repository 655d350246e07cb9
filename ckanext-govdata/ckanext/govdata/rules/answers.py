"""What the actions of rules and deadlines answer."""

from __future__ import annotations

from typing import TypedDict

InForceAnswer = TypedDict(
    "InForceAnswer", {"from": "str | None", "until": "str | None", "article": str, "now": bool}
)
"""Days as ISO; ``from`` is a year alone where the text at hand gives no day."""


class ValidityAnswer(TypedDict):
    """How long a text is valid (``domain.instrument.Validity``), in words, and the last day by the
    rule on documents that name none, which nobody has confirmed."""

    kind: str
    words: str
    presumed_until: str | None


class JurisdictionAnswer(TypedDict):
    """A text and whose it is; ``name``, ``document_title``, ``maker``, ``authority`` by language.

    ``place`` is false for a text under which no department is put. ``warnings`` are for whoever
    operates the portal; everybody else gets none.
    """

    id: str
    title: str
    name: dict[str, str]
    level: str
    rank: str
    place: bool
    region: str
    extends: str
    document: str
    document_title: dict[str, str]
    document_number: str
    maker: dict[str, str]
    authority: dict[str, str]
    in_force: InForceAnswer
    validity: ValidityAnswer
    text_at_hand: bool
    notes: str
    warnings: list[str]


class SourceAnswer(TypedDict):
    """Where a rule comes from: the place whose text binds, and levels whose text has lapsed."""

    rule_from: str
    document: str
    own_rule: bool
    in_force: bool
    lapsed: list[str]


class ExtensionAnswer(TypedDict):
    """By how many days a term may be extended, and whose consent that takes."""

    amount: int
    consent_of: list[str]
    once: bool


TermStart = TypedDict("TermStart", {"from": str})
"""The event from which a term counts: a key that a class cannot write."""


class YieldAnswer(TypedDict):
    """A number of a nearer text that gave way: ``part`` is the ``term`` or its ``extension``."""

    part: str
    rule_from: str
    was: int
    now: int
    by: str
    document: str
    article: str
    words: str


class CeilingAnswer(TermStart):
    """A term of a higher text; ``extension`` is by how much it may be longer."""

    rule_from: str
    document: str
    article: str
    amount: int
    unit: str
    extension: int
    words: str


class TermAnswer(SourceAnswer, TermStart):
    """A term as it binds: one of ``working_days``, ``calendar_days`` and ``months`` is a number.

    ``yields`` are numbers that gave way; ``latest`` limits of higher texts that count from another
    event, so that the earlier day is the last; ``outer_limits`` those that bind where the same is
    asked for under another text as well.
    """

    term: str
    title: str
    working_days: int | None
    calendar_days: int | None
    months: int | None
    on_lapse: str
    extension: ExtensionAnswer | None
    article: str
    quote: str
    yields: list[YieldAnswer]
    latest: list[CeilingAnswer]
    outer_limits: list[CeilingAnswer]


class ForWhom(TypedDict):
    """For whom a term is so, as codes and in words; without any it is so for everybody."""

    askers: list[str]
    share_types: list[str]
    for_whom: str


class TermForSome(TermAnswer, ForWhom):
    """A term with those for whom it is so."""


class RuleStep(TypedDict):
    """A text of the chain, its part in what binds (``domain.rule_steps.Verdict``), and why."""

    rule_from: str
    title: str
    document: str
    rank: str
    verdict: str
    article: str
    words: str


class RuleExplained(TermAnswer):
    """The term that binds whoever asks on a day, and why, text by text, nearest first."""

    jurisdiction: str
    on: str
    asker: str
    share_type: str
    steps: list[RuleStep]


class NumberOfText(TypedDict):
    """What one text sets: whose it is, its number in words, its article."""

    rule_from: str
    document: str
    span: str
    article: str


class ConflictAnswer(TypedDict):
    """Two texts that set different numbers, for whom, and what became of it.

    ``settled`` is false where the higher text is no ceiling and both stand; whoever neither
    operates the portal nor is in a data authority gets no such.
    """

    term: str
    title: str
    for_whom: str
    lower: NumberOfText
    upper: NumberOfText
    settled: bool
    words: str


class RungAnswer(TypedDict):
    """A step of the ladder of reminders (``domain.clock.Rung``)."""

    to: list[str]
    before: int
    after: int
    every: int


class ClauseValues(TypedDict, total=False):
    """What a rule that is no term may name; each kind of rule names some (``rule_kinds``)."""

    allowed: bool
    authority_after: int
    best: str
    by: list[str]
    consent_of: list[str]
    days_before: int
    every: str
    fields: list[str]
    grounds: list[str]
    texts: list[str]
    head_after: int
    ladder: list[RungAnswer]
    least_minutes: int
    least_years: int
    most_minutes: int
    of: list[str]
    otherwise: list[str]
    published: bool
    reason_min_length: int
    special: str
    special_first_days: int
    steps: list[str]
    through: list[str]
    values: list[str]
    when: list[str]
    who: list[str]


class ClauseAnswer(ClauseValues, SourceAnswer):
    """A rule that is no term, as it binds."""

    name: str
    title: str
    article: str
    quote: str


class RulesOfPlace(JurisdictionAnswer):
    """A jurisdiction with all that binds there; ``chain`` are it and the levels above it."""

    chain: list[str]
    terms: list[TermForSome]
    conflicts: list[ConflictAnswer]
    requires: list[ClauseAnswer]
    names: dict[str, dict[str, str]]


class HolidayNotice(TypedDict):
    """The notice of the State Council by which a day is free or worked."""

    title: str
    number: str


class DayAnswer(TypedDict):
    """A day of a count: whether it counts and why; its ``number`` where it does."""

    date: str
    counts: bool
    why: str
    words: str
    number: int | None
    extension: bool
    festival: str | None
    notice: HolidayNotice | None
    provisional: bool


class DeadlineAnswer(TermAnswer):
    """When an answer is due, and how that was counted; ``limit`` is the higher text whose day comes
    first, if one does."""

    jurisdiction: str
    asker: str
    share_type: str
    latest_from: str | None
    limit: str
    received: str
    pauses: list[list[str]]
    extended: int
    due: str
    provisional: bool
    notes: list[str]
    days: list[DayAnswer]
