"""What the actions of the ledger answer."""

from __future__ import annotations

from typing import TypedDict

from ..pager import PageHead


class EntryAnswer(TypedDict):
    """An entry of the ledger; ``facts`` are what its action says, ``turned_back`` whether its time
    is earlier than that of the entry before."""

    number: int
    at: str
    actor: str
    action: str
    object_type: str
    object_id: str
    facts: dict[str, object]
    digest: str
    turned_back: bool


class LedgerPage(PageHead):
    """A page of entries."""

    results: list[EntryAnswer]


class BrokenEntry(TypedDict):
    """The first bad entry and what is wrong with it."""

    number: int
    how: str


class VerifyAnswer(TypedDict):
    """Whether the chain is whole: the last good entry, the first bad one, the published days."""

    good: bool
    entries: int
    head: str
    broken: BrokenEntry | None
    published: int
    rewritten: str | None
    turned_back: list[int]


class HeadAnswer(TypedDict):
    """Number and digest of the last entry."""

    number: int
    digest: str


class DayHead(HeadAnswer):
    """The head at the end of a day, and when it was published."""

    day: str
    at: str
