"""What a letter keeps of itself beside its columns: its folder's words, and what fills them in.

A letter says for ever what it said on its day, so the words of its folder stand in it.
"""

from __future__ import annotations

from typing import TypedDict

Words = dict[str, str]
"""Words by language."""


class LetterWords(TypedDict):
    """The words of the folder on the day of the letter; ``decision`` is the one that was used."""

    title: Words
    short: Words
    opening: list[Words]
    decision: Words
    then: list[Words]
    remedy: Words


class CitedText(TypedDict, total=False):
    """An article as a letter cites it: its document with its number, what it says on the day
    (``quote``) or is about (``heading``). ``document`` and ``heading`` are by language; ``words``
    is how somebody wrote it where it is not on the list."""

    document: Words
    number: str
    article: str
    quote: str
    heading: Words
    words: str


class LetterFact(TypedDict, total=False):
    """What fills in one name, by what it is: a day or instant as ISO, words by language, an answer
    to a field, articles, a span of time, a role, names of columns."""

    day: str
    at: str
    words: Words
    answer: object
    cited: list[CitedText]
    amount: int
    unit: str
    role: str
    names: list[str]


class ReplyTold(TypedDict):
    """Which of the seven kinds of reply it is, and the article that knows it."""

    kind: str
    cited: CitedText


class LetterContact(TypedDict, total=False):
    """Where whoever has a question turns to."""

    office: str
    phone: str


class SelfTold(TypedDict, total=False):
    """All of it; letters from before have none."""

    words: LetterWords
    facts: dict[str, LetterFact]
    cited: list[CitedText]
    reply: ReplyTold
    contact: LetterContact
    provisional: bool
    to: str
