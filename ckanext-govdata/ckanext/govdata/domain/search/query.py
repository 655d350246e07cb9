"""What a typed query asks: its places, its concepts with their synonyms, and how it was read."""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .folds import fold, is_hanzi, pieces
from .knowledge import Knowledge
from .places import Gazetteer, NamedPlace
from .repair import Speller
from .sounds import Sounds
from .words import Words

MOST_CONCEPTS = 12
"""Concepts of one query that are asked; a longer text keeps its rarest."""
MOST_SYNONYMS = 24
WEAK = 0.35
"""What a word that says little counts for."""
LOOSE = 0.3
"""What a single character counts for that nobody explained: mostly a verb of asking."""


@dataclass(frozen=True)
class Concept:
    """One thing that is asked for: the word as written, other words for it, words near it, the
    parts it is made of (when it is long), its weight (0 to 1), and whether it is ``light``: it says
    so little that an entry is not found by it alone.
    """

    word: str
    synonyms: tuple[str, ...]
    near: tuple[str, ...]
    parts: tuple[str, ...]
    weight: float
    light: bool = False


@dataclass(frozen=True)
class Query:
    """A query as it was understood.

    ``typed`` is folded only; ``text`` after pinyin and repair; ``read`` whether letters were read
    as pinyin; ``repaired`` whether a misspelling was mended; ``places`` and ``concepts`` what is
    asked; ``subject`` the text without places and question words.
    """

    typed: str
    text: str
    read: bool
    repaired: bool
    places: tuple[NamedPlace, ...]
    concepts: tuple[Concept, ...]
    subject: str

    def __bool__(self) -> bool:
        return bool(self.concepts or self.places)


@dataclass(frozen=True)
class QueryReader:
    """Everything needed to understand a query; built once for each state of the knowledge."""

    simplified: Mapping[int, str]
    words: Words
    sounds: Sounds
    speller: Speller
    gazetteer: Gazetteer
    knowledge: Knowledge
    rarity: Callable[[str], float]
    latin: frozenset[str] = field(default_factory=frozenset[str])
    seen: Callable[[str], bool] = lambda word: True
    """Whether a title may hold the word."""

    def understand(self, typed: str, mend: bool = True) -> Query:
        """Read a query. ``mend`` false takes it as it is: misspellings, and letters as letters."""
        folded = fold(typed, self.simplified)
        runs, read = self._spellings(pieces(folded)) if mend else (pieces(folded), False)
        mended = [self._mend(run) if mend and is_hanzi(run) else run for run in runs]
        places: list[NamedPlace] = []
        words: list[str] = []
        for run in mended:
            found, parts = self._parts(run)
            places += found
            words += [word for part in parts for word in self._cut(part)]
        words = self._joined(words)
        asked = [word for word in words if word not in self.knowledge.questions] or words
        return Query(
            typed=folded,
            text=" ".join(mended),
            read=read,
            repaired=mended != runs,
            places=tuple(places),
            concepts=self._concepts([part for word in asked for part in self._found(word)]),
            subject=" ".join(asked),
        )

    def _spellings(self, found: list[str]) -> tuple[list[str], bool]:
        """Pieces with letters turned into Hanzi where they are pinyin, joined across spaces."""
        runs: list[str] = []
        letters: list[str] = []
        read = False
        for piece in [*found, ""]:
            if piece and piece.isalpha() and piece.isascii() and piece not in self.latin:
                letters.append(piece)
                continue
            if letters:
                spelt = self._spell(letters)
                read = read or spelt != letters
                runs += spelt
                letters = []
            if piece:
                runs.append(piece)
        return runs, read

    def _spell(self, letters: list[str]) -> list[str]:
        whole = self.sounds.read("".join(letters))
        return [whole.text] if whole and whole.is_meant else letters

    def _mend(self, run: str) -> str:
        return self.speller.repair(run) or run

    def _parts(self, run: str) -> tuple[list[NamedPlace], list[str]]:
        return self.gazetteer.find(run) if is_hanzi(run) else ([], [run])

    def _cut(self, part: str) -> list[str]:
        return self.words.cut(part) if is_hanzi(part) else [part]

    def _joined(self, words: list[str]) -> list[str]:
        """Words with neighbouring single characters made one: a word that no list has."""
        known = self.knowledge
        found: list[str] = []
        loose = False
        for word in words:
            single = len(word) == 1 and is_hanzi(word)
            single = single and word not in known.questions and word not in known.same
            if single and loose:
                found[-1] += word
            else:
                found.append(word)
            loose = single
        return found

    def _found(self, word: str) -> list[str]:
        """The word, or the words within it when no title has it and nobody explained it."""
        known = self.knowledge.same.get(word) or self.knowledge.near.get(word)
        if len(word) < 3 or not is_hanzi(word) or known or self.seen(word):
            return [word]
        return [part for part in self.words.cut_within(word) if len(part) > 1] or [word]

    def _concepts(self, asked: list[str]) -> tuple[Concept, ...]:
        made = [self._concept(word) for word in dict.fromkeys(asked)]
        strong = sorted(made, key=lambda concept: -concept.weight)[:MOST_CONCEPTS]
        return tuple(concept for concept in made if concept in strong)

    def _concept(self, word: str) -> Concept:
        known = self.knowledge
        weak = word in known.weak
        loose = len(word) == 1 and is_hanzi(word) and word not in known.same
        weight = self.rarity(word) * (WEAK if weak else 1.0) * (LOOSE if loose else 1.0)
        return Concept(
            word,
            known.same.get(word, ())[:MOST_SYNONYMS],
            known.near.get(word, ())[:MOST_SYNONYMS],
            self._made_of(word),
            weight,
            weak or loose,
        )

    def _made_of(self, word: str) -> tuple[str, ...]:
        """The words within a long word, each of two characters or more."""
        if len(word) < 4 or not is_hanzi(word):
            return ()
        parts = self.words.cut_within(word)
        return tuple(parts) if len(parts) > 1 and all(len(part) > 1 for part in parts) else ()


def rarity(documents: float, total: float) -> float:
    """How much a word says: from 1 for one that no title holds down to .35 for the commonest."""
    if total < 2:
        return 1.0
    return max(0.35, min(1.0, math.log((total + 1) / (documents + 1)) / math.log(total + 1)))
