"""Which row of a table holds its headings, where nobody knows what they should be.

Titles, units and blank lines may stand above them. A row is known by the items that the entry
declares, else as the first that is filled about as widely as the rows below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from .items import folded

LOOKED_AT = 40
"""Rows in which headings are looked for."""


def head_place(rows: Sequence[Sequence[str]], names: Collection[str]) -> int | None:
    """The place of the row of headings among the first rows, from 0; None where all are empty.

    ``names`` are the folded names of what the entry declares.
    """
    filled = [_filled(row) for row in rows]
    best = max(range(len(rows)), key=lambda n: (_known(rows[n], names), -n), default=None)
    if best is not None and _known(rows[best], names) * 2 >= max(filled[best], 2):
        return best
    usual = _usual(filled)
    wide = (n for n, count in enumerate(filled) if count and count * 2 >= usual)
    return next(wide, None)


def fitness(rows: Sequence[Sequence[str]], names: Collection[str]) -> int:
    """How much rows look like a table that was read aright: known headings before all, then
    characters in common use, then columns that go down through the rows."""
    place = head_place(rows, names)
    if place is None:
        return 0
    head = _filled(rows[place])
    below = [len(row) for row in rows[place:] if any(row)]
    steady = below.count(len(rows[place])) / len(below)
    columns = min(499, round((head - 1) * steady))
    return (_known(rows[place], names) * 100 + _common(rows)) * 500 + columns + 1


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _known(row: Sequence[str], names: Collection[str]) -> int:
    return len({folded(cell) for cell in row} & set(names)) if names else 0


def _usual(filled: Sequence[int]) -> int:
    """How many cells of a row are usually filled."""
    counts = Counter(count for count in filled if count)
    return max(counts, key=lambda count: (counts[count], count), default=0)


def _common(rows: Sequence[Sequence[str]]) -> int:
    """The share of Chinese characters that are in common use in one of the scripts, of 20."""
    signs = [sign for row in rows for cell in row for sign in cell if sign > "\u2e7f"]
    if not signs:
        return 20
    return round(20 * sum(map(_is_common, signs)) / len(signs))


def _is_common(sign: str) -> bool:
    """Of the first levels of GB 2312 and Big5, which hold the characters in use, and signs."""
    simple = sign.encode("gb2312", "ignore")
    if simple and (0xB0 <= simple[0] <= 0xD7 or simple[0] in (0xA1, 0xA3)):
        return True
    other = sign.encode("big5", "ignore")
    return bool(other) and 0xA1 <= other[0] <= 0xC6
