"""Pinyin: read typed syllables as words, and find words that sound alike."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

MISS = -1e9
LONGEST_TYPED = 60
"""Letters that are read as pinyin; longer runs are no pinyin."""
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("f", "h"))


@lru_cache(maxsize=2048)
def fuzzy(syllable: str) -> str:
    """The syllable without differences that many speakers do not make (zh/z, ng/n, l/n, f/h)."""
    for exact, folded in _FUZZY:
        if exact == "ng":
            syllable = syllable[:-1] if syllable.endswith("ng") else syllable
        elif syllable.startswith(exact):
            syllable = folded + syllable[len(exact):]
    return syllable


@dataclass(frozen=True)
class Pronunciation:
    """Hanzi that typed letters may mean, word by word, and how likely (natural logarithm)."""

    words: tuple[str, ...]
    weight: float

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.words)

    @property
    def is_meant(self) -> bool:
        """Whether there is a word in it: 特啊 (``tea``) and 大他 (``data``) are syllables only."""
        return any(len(word) > 1 for word in self.words)


class Sounds:
    """Words by their sound. Built from (word, syllables, log weight), over ``general`` ones.

    Those are asked for when letters are read first: they are large, and who makes documents for
    the index never needs them.
    """

    def __init__(
        self,
        entries: Iterable[tuple[str, Sequence[str], float]],
        general: Callable[[], Sounds] | None = None,
    ):
        self._typed: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self._alike: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for word, syllables, weight in entries:
            self._typed["".join(syllables)].append((weight, word))
            if len(word) > 1:
                self._alike[_key(syllables)].append((weight, word))
        for index in (self._typed, self._alike):
            for key, found in index.items():
                index[key] = sorted(found, reverse=True)[:4]
        self._general = general
        self._own_longest = max(map(len, self._typed), default=1)

    @property
    def _longest(self) -> int:
        general = self._general()._longest if self._general else 1
        return max(self._own_longest, general)

    def read(self, letters: str) -> Pronunciation | None:
        """The likeliest Hanzi for letters without spaces; ``None`` when they are no pinyin."""
        if not letters or len(letters) > LONGEST_TYPED or not letters.isascii():
            return None
        best: list[tuple[float, int, str]] = [(MISS, 0, "")] * len(letters) + [(0.0, 0, "")]
        for start in range(len(letters) - 1, -1, -1):
            for end in range(start + 1, min(len(letters), start + self._longest) + 1):
                found = self._likeliest(letters[start:end])
                if found and found[0] + best[end][0] > best[start][0]:
                    best[start] = (found[0] + best[end][0], end, found[1])
        if best[0][0] <= MISS / 2:
            return None
        words: list[str] = []
        start = 0
        while start < len(letters):
            _, end, word = best[start]
            words.append(word)
            start = end
        return Pronunciation(tuple(words), best[0][0])

    def _likeliest(self, letters: str) -> tuple[float, str] | None:
        own = self._typed.get(letters)
        general = self._general()._likeliest(letters) if self._general else None
        if own and general:
            return max(own[0], general)
        return own[0] if own else general

    def alike(self, syllables: Sequence[str]) -> list[str]:
        """Words of several characters that sound nearly like these syllables, likeliest first."""
        return [word for _, word in self._alike.get(_key(syllables), ())]


def _key(syllables: Sequence[str]) -> str:
    return " ".join([fuzzy(syllable) for syllable in syllables])


def spell(word: str, readings: Mapping[str, str]) -> list[str]:
    """One syllable for each character, by the character's commonest reading; the character itself
    where it has none.
    """
    return [readings.get(character, character) for character in word]
