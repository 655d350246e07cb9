"""What the catalogue's titles teach: its words, and how often pairs of characters occur."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from .folding import is_hanzi, pieces
from .query import rarity
from .words import Words

OFTEN = 3
"""Titles in which two neighbouring words must stand together to count as one."""
LONGEST = 8


@dataclass(frozen=True)
class Vocabulary:
    """Titles read, titles that hold each word, and titles that hold each pair of characters."""

    titles: int
    words: Mapping[str, int]
    pairs: Mapping[str, int]

    def seen(self, word: str) -> bool:
        """Whether a title may hold the word: its pairs occur. Yes while nothing is learnt."""
        if not self.titles or word in self.words:
            return True
        return all(pair in self.pairs for pair in _pairs(word))

    def rarity(self, word: str) -> float:
        """How much a word says in this catalogue, .35 to 1; by its rarest pair of characters."""
        known = self.words.get(word)
        if known is None:
            known = min((self.pairs.get(p, 0) for p in _pairs(word)), default=0)
        return rarity(known, self.titles)

    def longer(self, word: str, most: int) -> list[str]:
        """Words of more than one title that hold this one, those of most titles first."""
        holding = [w for w, n in self.words.items() if n > 1 and word in w and w != word]
        return sorted(holding, key=lambda w: -self.words[w])[:most]


def learn(titles: Iterable[str], words: Words) -> Vocabulary:
    """Read folded titles. A pair of neighbouring words that occurs often is a word as well."""
    singles: Counter[str] = Counter()
    doubles: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    count = 0
    for title in titles:
        count += 1
        runs = pieces(title)
        cuts = [words.cut(run) if is_hanzi(run) else [run] for run in runs]
        singles.update({word for cut in cuts for word in cut if len(word) > 1})
        doubles.update(
            {a + b for cut in cuts for a, b in pairwise(cut) if len(a + b) <= LONGEST}
        )
        pairs.update({pair for run in runs for pair in _pairs(run)})
    joined = {word: n for word, n in doubles.items() if n >= OFTEN}
    return Vocabulary(count, {**joined, **singles}, dict(pairs))


def _pairs(run: str) -> list[str]:
    return [run[i:i + 2] for i in range(len(run) - 1)] or [run]
