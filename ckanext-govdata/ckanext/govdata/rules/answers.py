"""What the actions of rules and deadlines answer."""

from __future__ import annotations

from typing import TypedDict

InForceAnswer = TypedDict(
    "InForceAnswer", {"from": "str | None", "until": "str | None", "article": str, "now": bool}
)
"""Days as ISO; ``from`` is a year alone where the text at hand gives no day."""


class JurisdictionAnswer(TypedDict):
    """A place and its document; ``name``, ``document_title`` and ``authority`` by language."""

    id: str
    title: str
    name: dict[str, str]
    level: str
    region: str
    extends: str
    document: str
    document_title: dict[str, str]
    document_number: str
    authority: dict[str, str]
    in_force: InForceAnswer
    prevails: bool
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

    days: int
    consent_of: list[str]
    once: bool


TermStart = TypedDict("TermStart", {"from": str})
"""The event from which a term counts: a key that a class cannot write."""


class TermAnswer(SourceAnswer, TermStart):
    """A term as it binds: one of ``working_days`` and ``calendar_days`` is a number."""

    term: str
    title: str
    working_days: int | None
    calendar_days: int | None
    on_lapse: str
    extension: ExtensionAnswer | None
    article: str
    quote: str


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
    head_after: int
    ladder: list[RungAnswer]
    least_minutes: int
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
    terms: list[TermAnswer]
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
    """When an answer is due, and how that was counted."""

    jurisdiction: str
    received: str
    pauses: list[list[str]]
    extended: int
    due: str
    provisional: bool
    notes: list[str]
    days: list[DayAnswer]
