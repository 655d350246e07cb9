"""Words with their weights: cut a run of Hanzi where it most likely falls apart."""
from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

UNKNOWN = -18.0
"""Log weight of a single character that no list knows."""


class Words:
    """A list of words and how likely each is, as natural logarithms of its share."""

    def __init__(self, counts: Mapping[str, float]):
        total = math.log(sum(counts.values()) or 1.0)
        self._weights = {w: math.log(count) - total for w, count in counts.items() if count > 0}
        self._longest = max(map(len, self._weights), default=1)

    def __contains__(self, word: object) -> bool:
        return word in self._weights

    def __iter__(self) -> Iterator[str]:
        return iter(self._weights)

    def weight(self, word: str) -> float:
        """Log weight; a word of several characters that is unknown counts as its characters."""
        known = self._weights.get(word)
        return known if known is not None else UNKNOWN * len(word)

    def cut_within(self, word: str) -> list[str]:
        """The words that a long word is made of, itself left out."""
        return self.cut(word, len(word) - 1)

    def cut(self, run: str, longest: int | None = None) -> list[str]:
        """The most likely words of a run, in order (dynamic programming from the end); none of
        more characters than ``longest``.
        """
        limit = min(self._longest, longest or self._longest)
        best: list[tuple[float, int]] = [(0.0, 0)] * (len(run) + 1)
        for start in range(len(run) - 1, -1, -1):
            options = [(UNKNOWN + best[start + 1][0], start + 1)]
            for end in range(start + 1, min(len(run), start + limit) + 1):
                weight = self._weights.get(run[start:end])
                if weight is not None:
                    options.append((weight + best[end][0], end))
            best[start] = max(options)
        return _walk(run, best)


def _walk(run: str, best: list[tuple[float, int]]) -> list[str]:
    found: list[str] = []
    start = 0
    while start < len(run):
        end = best[start][1]
        found.append(run[start:end])
        start = end
    return found
