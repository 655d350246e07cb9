"""Places by name: the longest wins; a division lies within those whose code begins its own."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from .words import Words

LEVELS = "省市区县"
"""Ends of a division's full name."""
OFTEN = 3
"""Titles that must name a division before its short name is understood."""


@dataclass(frozen=True)
class NamedPlace:
    """A name as it was found, and the divisions that bear it (codes of 2, 4, 6 or 9 digits)."""

    name: str
    codes: tuple[str, ...]


class Gazetteer:
    """Division codes by name."""

    def __init__(self, rows: Iterable[tuple[str, ...]], words: Words | None = None):
        """``rows`` are (code, name) or (code, name, short name). With ``words``, a name counts only
        where words begin and end: 医保定点 holds no 保定.
        """
        self._rows, self._words = list(rows), words
        names: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, str] = {}
        for code, *spellings in self._rows:
            self._names[code] = spellings[0]
            for name in spellings:
                if len(name) > 1:
                    names[name].add(code)
        self._codes = {name: tuple(sorted(codes)) for name, codes in names.items()}
        self._longest = max(map(len, self._codes), default=0)

    def familiar(self, counts: Mapping[str, int]) -> Gazetteer:
        """With short names (威远 for 威远县) of those divisions of which the catalogue's titles
        speak; ``counts`` says in how many titles a word stands. A short name that titles use more
        often than the full one means something else.
        """
        own = [
            (code, name, name[:-1])
            for code, name in self._names.items()
            if len(name) == 3 and name[-1] in LEVELS and name[:-1] not in self._codes
            and counts.get(name, 0) >= max(OFTEN, counts.get(name[:-1], 0))
        ]
        return Gazetteer([*self._rows, *own], self._words) if own else self

    def __contains__(self, name: object) -> bool:
        return name in self._codes

    def names(self) -> Iterable[str]:
        """All names and short names."""
        return self._codes.keys()

    def name(self, code: str) -> str | None:
        """The full name of a division."""
        return self._names.get(code)

    def find(self, run: str) -> tuple[list[NamedPlace], list[str]]:
        """Places named in the text, and what stands between them."""
        found: list[NamedPlace] = []
        rest: list[str] = []
        start = kept = 0
        edges = self._edges(run)
        while start < len(run):
            end = self._end(run, start, edges)
            if end == start:
                start += 1
                continue
            rest.append(run[kept:start])
            found.append(NamedPlace(run[start:end], self._codes[run[start:end]]))
            start = kept = end
        rest.append(run[kept:])
        return _narrow(found), [part for part in rest if part]

    def _edges(self, run: str) -> set[int]:
        """Where words begin or end in the run."""
        if self._words is None:
            return set(range(len(run) + 1))
        return set(accumulate(map(len, self._words.cut(run)), initial=0))

    def _end(self, run: str, start: int, edges: set[int]) -> int:
        if start in edges:
            for end in range(min(len(run), start + self._longest), start + 1, -1):
                whole = end - start > 2 and run[end - 1] in LEVELS  # 内江市委 begins with 内江市
                if (end in edges or whole) and run[start:end] in self._codes:
                    return end
        return start


def _narrow(found: list[NamedPlace]) -> list[NamedPlace]:
    """Of several divisions with one name keep those that lie within another place of the text."""
    narrowed: list[NamedPlace] = []
    for place in found:
        others = [code for other in found if other is not place for code in other.codes]
        inside = tuple(c for c in place.codes if any(c != o and c.startswith(o) for o in others))
        narrowed.append(
            NamedPlace(place.name, inside) if inside and len(place.codes) > 1 else place
        )
    return narrowed


def within(code: str) -> list[str]:
    """The codes of the divisions that contain this one, smallest first, itself left out."""
    return [code[:length] for length in (6, 4, 2) if length < len(code)]
