"""What a sheet may hold that is no catalogue, or besides one: a second table, a list of columns."""

from __future__ import annotations

from collections.abc import Sequence

from .headings import (
    MAX_HEAD_ROWS,
    MAX_HEADING,
    NAMES,
    Head,
    HeadingRules,
    Strength,
    joined,
    rank_of,
    recognise,
    spellings,
)
from .text import visible


def beside(head: Head, rows: Sequence[Sequence[str]], rules: HeadingRules) -> int | None:
    """The place of the first column of a second table that stands beside the one of this head: it
    has a title of its own, and a column in which nothing stands parts the two."""
    levels = [[visible(cell) for cell in row] for row in rows[head.row : head.row + head.depth]]
    headings = joined(levels)
    body = [row for row in rows[head.row + head.depth :] if any(row)]
    for place in range(1, len(headings) - 1):
        filled = any(row[place].strip() for row in [*levels, *body] if place < len(row))
        if filled or not headings[place + 1]:
            continue
        left, right = headings[:place], headings[place + 1 :]
        if all("title" in recognise(part, rules)[0] and len(recognise(part, rules)[0]) > 1
               for part in (left, right)):  # fmt: skip
            return place + 1
    return None


def item_headings(rows: Sequence[Sequence[str]], rules: HeadingRules) -> list[str]:
    """Headings of items in the first row that names them and tells of their types or lengths, where
    no row heads a catalogue: the sheet describes the columns of a table."""
    items = [rule for rule in rules.fields if rule.item]
    for row in rows[:MAX_HEAD_ROWS]:
        found = {
            rule.name: text for text in row if text.strip() and len(text) <= MAX_HEADING
            for rule in items for strength in (Strength.ALSO, Strength.OWN)
            if rank_of(rule, strength, spellings(visible(text), rules)) is not None
        }  # fmt: skip
        if NAMES in found and found.keys() & {"item_type", "item_length"}:
            return list(found.values())
    return []
