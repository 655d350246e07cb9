"""What the actions of the search answer."""
from __future__ import annotations

from typing import TypedDict


class Nothing(TypedDict):
    """An answer that says no more than that it was done."""


class EntryLink(TypedDict):
    """An entry by its name and its title."""

    name: str
    title: str


class WordOffer(TypedDict):
    """A word of the catalogue, and how many titles hold it."""

    text: str
    titles: int


class SuggestAnswer(TypedDict):
    """What a reader may be about to type; ``q`` is what was understood of the beginning."""

    q: str
    words: list[WordOffer]
    entries: list[EntryLink]


class ItemCount(TypedDict):
    """An information item and how many entries have it."""

    name: str
    entries: int


class ItemListAnswer(TypedDict):
    """Items whose name holds the text, entries with one of them; ``away``: no server answered."""

    q: str
    count: int
    items: list[ItemCount]
    entries: list[EntryLink]
    away: bool


class DemandNumber(TypedDict):
    """The demand that was made or answered."""

    id: int


class DemandAnswer(TypedDict):
    """Data that somebody asked for; instants as ISO."""

    id: int
    at: str
    subject: str
    purpose: str
    answer: str
    answered_at: str | None


class KnowledgeLine(TypedDict):
    """A line of knowledge as it is written."""

    kind: str
    line: str


class StoredLine(KnowledgeLine):
    """A line of knowledge of this portal."""

    id: int


class ChangedLine(KnowledgeLine):
    """The line as it is kept now (empty: taken away) and the knowledge's new version."""

    version: int


class ImportedLines(TypedDict):
    """How many lines were added and taken away."""

    added: int
    removed: int


class KnowledgeLines(TypedDict):
    """All lines, as they can be read in again."""

    rules: list[KnowledgeLine]


class OfferAnswer(TypedDict):
    """What is shipped and not here, what is not shipped any more, and what was changed here."""

    new: list[KnowledgeLine]
    retired: list[KnowledgeLine]
    held: list[KnowledgeLine]


class UnderstoodPlace(TypedDict):
    """A place that a query names, with its division codes."""

    name: str
    codes: list[str]


class UnderstoodConcept(TypedDict):
    """What a query is about, with the words that say the same and those that are near."""

    word: str
    synonyms: list[str]
    near: list[str]
    weight: float


class UnderstoodQuery(TypedDict):
    """How a query was understood."""

    typed: str
    text: str
    read_as_pinyin: bool
    repaired: bool
    places: list[UnderstoodPlace]
    concepts: list[UnderstoodConcept]


class ScoredEntry(EntryLink):
    """An entry and how well it fits."""

    score: float


class ExplainedEntry(ScoredEntry):
    """An entry and how its score came to be, as Solr tells it."""

    explained: str


class PreviewAsItIs(TypedDict):
    """A query's first results with the knowledge as it is."""

    understood: UnderstoodQuery
    now: list[ScoredEntry]


class PreviewAnswer(PreviewAsItIs, total=False):
    """And with one more line, where one was given."""

    then_understood: UnderstoodQuery
    then: list[ScoredEntry]


class ExplainAnswer(TypedDict):
    """How a query was understood, what is sent to the server, and the results with their scores."""

    understood: UnderstoodQuery
    sent: dict[str, str]
    results: list[ExplainedEntry]


class AskedQuery(TypedDict):
    """A query: how often it was asked, what it found last, how often a result was opened."""

    query: str
    asked: int
    found: int
    clicks: int
