"""Put a reader of queries together: general words, places, knowledge, the catalogue's words."""
from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .folds import fold, is_hanzi, pieces
from .knowledge import Knowledge, KnowledgeRule, gather
from .lexicon import SearchVocabulary
from .places import Gazetteer
from .query import QueryReader
from .repair import Speller
from .sounds import Sounds
from .words import Words

OWN_SHARE = 0.75
"""How far the catalogue's own words count against general Chinese when sounds are read."""
NAMED = 3
"""A word of the thesaurus counts as if this many titles held it."""


@dataclass(frozen=True)
class Lexicon:
    """General words: how often each is used and its syllables; look-alike characters; folding."""

    counts: Mapping[str, float]
    syllables: Mapping[str, Sequence[str]]
    shapes: Mapping[str, str]
    simplified: Mapping[int, str]

    @cached_property
    def readings(self) -> Mapping[str, str]:
        """The commonest syllable of each single character."""
        return {word: found[0] for word, found in self.syllables.items() if len(word) == 1}

    @cached_property
    def shares(self) -> Mapping[str, float]:
        """What part of a text each word is, beside the catalogue's own words."""
        total = sum(self.counts.values()) or 1.0
        return {word: (1 - OWN_SHARE) * count / total for word, count in self.counts.items()}

    @cached_property
    def sounds(self) -> Sounds:
        """The words by their sound; made once, it takes a second."""
        return Sounds(
            (word, found, math.log(self.shares[word])) for word, found in self.syllables.items()
        )


def fold_rules(
    rules: Iterable[KnowledgeRule], simplified: Mapping[int, str]
) -> list[KnowledgeRule]:
    """Rules with their words folded as queries are; words that fold to the same become one."""

    def folded(words: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fold(word, simplified) for word in words))

    return [
        KnowledgeRule(rule.kind, folded(rule.words), folded(rule.towards), folded(rule.near))
        for rule in rules
    ]


def general_words(lexicon: Lexicon, gazetteer: Gazetteer, knowledge: Knowledge) -> Words:
    """Words for cutting: the general ones, places, and whatever the knowledge names."""
    counts = dict(lexicon.counts)
    for word in (*gazetteer.names(), *sorted(knowledge.terms())):
        counts[word] = max(counts.get(word, 0.0), 500.0)
    return Words(counts)


def build(
    lexicon: Lexicon, gazetteer: Gazetteer, rules: Iterable[KnowledgeRule], seen: SearchVocabulary
) -> QueryReader:
    """A reader for this state of the knowledge and of the catalogue."""
    knowledge = gather(fold_rules(rules, lexicon.simplified))
    gazetteer = gazetteer.familiar(seen.words)
    words = general_words(lexicon, gazetteer, knowledge)
    own = _own_counts(knowledge, gazetteer, seen)
    mixed = _mix(lexicon, own)
    heard = [
        (word, syllables, math.log(mixed[word]))
        for word in own
        if (syllables := _syllables(word, words, lexicon))
    ]
    return QueryReader(
        simplified=lexicon.simplified,
        words=words,
        sounds=Sounds(heard, general=lambda: lexicon.sounds),
        speller=Speller(
            words=Words(mixed),
            target=Words({w: mixed[w] for w in own}),
            sounds=Sounds(heard),
            readings=lexicon.readings,
            shapes=lexicon.shapes,
        ),
        gazetteer=gazetteer,
        knowledge=knowledge,
        rarity=seen.rarity,
        seen=seen.seen,
        latin=_latin(knowledge, seen),
    )


def _own_counts(
    knowledge: Knowledge, gazetteer: Gazetteer, vocabulary: SearchVocabulary
) -> dict[str, float]:
    own = {word: float(n) for word, n in vocabulary.words.items() if is_hanzi(word)}
    for word in sorted(knowledge.terms()):  # sums of weights are then the same in each process
        if is_hanzi(word) and len(pieces(word)) == 1:
            own[word] = own.get(word, 0.0) + NAMED
    for word in gazetteer.names():
        own[word] = own.get(word, 0.0) + 1
    return own


def _mix(lexicon: Lexicon, own: Mapping[str, float]) -> dict[str, float]:
    """Shares of both lists, mixed."""
    total = sum(own.values()) or 1.0
    shares = dict(lexicon.shares)
    for word, count in own.items():
        shares[word] = shares.get(word, 0.0) + OWN_SHARE * count / total
    return shares


def _syllables(word: str, words: Words, lexicon: Lexicon) -> Sequence[str]:
    """The word's syllables, from the words it is made of; none when a part has no reading."""
    known = lexicon.syllables.get(word)
    if known:
        return known
    if not is_hanzi(word):
        return ()
    found: list[str] = []
    for part in words.cut(word) if len(word) > 1 else [word]:
        for piece in [part] if part in lexicon.syllables else part:
            syllables = lexicon.syllables.get(piece)
            if not syllables:
                return ()
            found += syllables
    return found


def _latin(knowledge: Knowledge, vocabulary: SearchVocabulary) -> frozenset[str]:
    """Latin words that stay as they are although they might be pinyin."""
    return frozenset(
        word
        for word in (*knowledge.terms(), *vocabulary.words)
        if word.isascii() and word.isalpha()
    )
