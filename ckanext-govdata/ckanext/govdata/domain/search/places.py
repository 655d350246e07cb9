"""Places by name: the longest wins; a division lies within those whose code begins its own."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A name as it was found, and the divisions that bear it (codes of 2, 4, 6 or 9 digits)."""

    name: str
    codes: tuple[str, ...]


class Gazetteer:
    """Division codes by name."""

    def __init__(self, rows: Iterable[tuple[str, ...]]):
        """``rows`` are (code, name) or (code, name, short name)."""
        names: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, str] = {}
        for code, *spellings in rows:
            self._names[code] = spellings[0]
            for name in spellings:
                if len(name) > 1:
                    names[name].add(code)
        self._codes = {name: tuple(sorted(codes)) for name, codes in names.items()}
        self._longest = max(map(len, self._codes), default=0)

    def __contains__(self, name: object) -> bool:
        return name in self._codes

    def names(self) -> Iterable[str]:
        """All names and short names."""
        return self._codes.keys()

    def name(self, code: str) -> str | None:
        """The full name of a division."""
        return self._names.get(code)

    def find(self, run: str) -> tuple[list[Place], list[str]]:
        """Places named in the text, and what stands between them."""
        found: list[Place] = []
        rest: list[str] = []
        start = kept = 0
        while start < len(run):
            end = self._end(run, start)
            if end == start:
                start += 1
                continue
            rest.append(run[kept:start])
            found.append(Place(run[start:end], self._codes[run[start:end]]))
            start = kept = end
        rest.append(run[kept:])
        return _narrow(found), [part for part in rest if part]

    def _end(self, run: str, start: int) -> int:
        for end in range(min(len(run), start + self._longest), start + 1, -1):
            if run[start:end] in self._codes:
                return end
        return start


def _narrow(found: list[Place]) -> list[Place]:
    """Of several divisions with one name keep those that lie within another place of the text."""
    narrowed: list[Place] = []
    for place in found:
        others = [code for other in found if other is not place for code in other.codes]
        inside = tuple(c for c in place.codes if any(c != o and c.startswith(o) for o in others))
        narrowed.append(Place(place.name, inside) if inside and len(place.codes) > 1 else place)
    return narrowed


def within(code: str) -> list[str]:
    """The codes of the divisions that contain this one, smallest first, itself left out."""
    return [code[:length] for length in (6, 4, 2) if length < len(code)]
