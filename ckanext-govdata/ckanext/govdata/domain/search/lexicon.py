"""What the catalogue's titles teach: its words, and how often pairs of characters occur."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from .folds import is_hanzi, pieces
from .query import rarity
from .words import Words

OFTEN = 3
"""Titles in which two neighbouring words must stand together to count as one."""
LONGEST = 8


@dataclass(frozen=True)
class SearchVocabulary:
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
        return holding(self._often, word, most)

    @cached_property
    def _often(self) -> str:
        often = (word for word, titles in self.words.items() if titles > 1)
        return lines(sorted(often, key=lambda word: -self.words[word]))


def lines(texts: Iterable[str]) -> str:
    """Texts one below the other, for :func:`holding`."""
    return "\n" + "".join(f"{text}\n" for text in texts)


def holding(written: str, word: str, most: int) -> list[str]:
    """The first texts of :func:`lines` that hold this one and more.

    Looking through one long text takes a hundredth of the time of going from text to text.
    """
    found: list[str] = []
    place = written.find(word)
    while word and place >= 0 and len(found) < most:
        end = written.find("\n", place)
        text = written[written.rfind("\n", 0, place) + 1:end]
        if text != word:
            found.append(text)
        place = written.find(word, end)
    return found


def learn(titles: Iterable[str], words: Words) -> SearchVocabulary:
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
    return SearchVocabulary(count, {**joined, **singles}, dict(pairs))


def _pairs(run: str) -> list[str]:
    return [run[i:i + 2] for i in range(len(run) - 1)] or [run]
