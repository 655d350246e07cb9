"""Recognise the column headings of a catalogue sheet.

Departments write one thing in many ways: 信息资源名称（必填）, 【国】信息资源名称, 標題. Some have
two merged heading rows, some a caption above them. What the words mean is declared in
``config/imports/headings.yaml``; here stands only how they are compared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from .heading_notes import plain, unmarked, without_notes
from .heading_rules import FieldRule, HeadingRules
from .text import visible

Seen = Callable[[str, str], bool]
"""``seen(vocabulary, value)``: whether the value is one that the vocabulary knows; of
:data:`NOTHING`, whether the cell says nothing (-, 无)."""
NOTHING = "nothing"

MAX_HEAD_ROWS = 30
"""A heading row stands within the first rows; what stands above it is a caption or advice."""
MAX_DEPTH = 3
GOOD_ENOUGH = 0.6
"""A head that stands higher and scores so much of the best is the sheet's own: between the two
stand entries, and the second is the head once more, or that of another table."""
MAX_HEADING = 60
"""Characters of the longest cell that still reads as a heading."""
ITEMS, NAMES = "items", "item_name"
"""Fields of a cell that lists items, and of a row that is one."""


class Strength(IntEnum):
    """How sure a heading is of its field; the surer is served first."""

    OWN = 0
    ALSO = 1
    ENDING = 2
    LAST = 3


@dataclass(frozen=True)
class Column:
    """A column of the sheet; ``index`` counts from 0. ``field`` is ``None`` if nobody knows it."""

    index: int
    heading: str
    field: str | None


@dataclass(frozen=True)
class Head:
    """Where the headings stand. ``row`` counts from 0; the body begins ``depth`` rows below."""

    row: int
    depth: int
    columns: tuple[Column, ...]
    score: float

    @property
    def by_field(self) -> dict[str, Column]:
        """Recognised columns by field."""
        return {column.field: column for column in self.columns if column.field}

    @property
    def unknown(self) -> tuple[Column, ...]:
        """Columns that have a heading which nobody knows."""
        return tuple(column for column in self.columns if not column.field)


def spellings(heading: str, rules: HeadingRules) -> list[str]:
    """What to look the heading up by, best first: whole, last part, without notes and prefixes."""
    text = unicodedata.normalize("NFKC", heading)
    bare = without_notes(text)
    forms = [text, bare, *_last_part(text), *_last_part(bare)]
    found = [plain(form, rules.fold) for form in forms]
    found += [unmarked(key) for key in found]
    found = list(dict.fromkeys(key for key in found if key))
    prefixed = [key for key in found if key.startswith(rules.prefixes)]
    found += [short for key in prefixed for short in _without_prefix(key, rules.prefixes)]
    return list(dict.fromkeys(found))


def _last_part(text: str) -> list[str]:
    """``开放属性/开放条件`` reads as ``开放条件``; ``数据存储总量/G`` without its unit."""
    first, slash, last = text.rpartition("/")
    if not slash:
        return []
    unit = len(last.strip()) <= 1 or last.strip().isascii()
    return [first] if unit else [last]


def _without_prefix(key: str, prefixes: Sequence[str]) -> Iterator[str]:
    for prefix in prefixes:
        if key.startswith(prefix) and len(key) > len(prefix):
            yield key[len(prefix) :]


def find_head(
    rows: Sequence[Sequence[str]], rules: HeadingRules, seen: Seen | None = None
) -> Head | None:
    """The heading rows within the sheet's first rows, or ``None`` if no row reads as one.

    ``rows`` are the first rows as text. A heading names at least the title and one field more.
    """
    shown = [[visible(cell) for cell in row] for row in rows]
    found = [
        head
        for start in range(min(len(shown), MAX_HEAD_ROWS))
        for depth in range(1, min(MAX_DEPTH, len(shown) - start) + 1)
        if (head := _read_head(shown, start, depth, rules, seen)) is not None
    ]
    best = max(found, key=lambda head: head.score, default=None)
    if best is None:
        return None
    above = [one for one in found if one.row + one.depth <= best.row]
    good = [one for one in above if one.score >= GOOD_ENOUGH * best.score]
    return max([one for one in good if one.row == good[0].row], key=lambda one: one.score) if (
        good) else best


def _read_head(
    rows: Sequence[Sequence[str]], start: int, depth: int, rules: HeadingRules, seen: Seen | None
) -> Head | None:
    levels = rows[start : start + depth]
    if not all(_reads_as_heading(level) for level in levels):
        return None
    headings = joined(levels)
    if not _names_title(headings, rules):
        return None
    body = rows[start + depth :]
    fields, score = recognise(headings, rules, body, seen)
    if "title" not in fields or len(fields) < 2:
        return None
    named = {index: name for name, index in fields.items()}
    columns = tuple(
        Column(index, text, named.get(index)) for index, text in enumerate(headings) if text
    )
    unknown = sum(1 for column in columns if not column.field)
    return Head(start, depth, columns, score - unknown / 2 - depth / 2)


def _names_title(headings: Sequence[str], rules: HeadingRules) -> bool:
    """Whether any heading can be the title's: most rows are no heads, and this is soon seen."""
    title = rules["title"]
    keys = (spellings(text, rules) for text in dict.fromkeys(headings) if text)
    return any(rank_of(title, strength, each) is not None for each in keys for strength in Strength)


def _reads_as_heading(cells: Sequence[str]) -> bool:
    return any(cells) and all(len(cell) <= MAX_HEADING for cell in cells)


def joined(levels: Sequence[Sequence[str]]) -> list[str]:
    """Each column's heading; of merged rows ``upper/lower``, the upper reaching to the right."""
    width = max(len(level) for level in levels)
    padded = [[cell.strip() for cell in level] + [""] * (width - len(level)) for level in levels]
    headings: list[str] = []
    above = [""] * len(levels)
    for index in range(width):
        parts: list[str] = []
        for depth, level in enumerate(padded):
            if level[index]:
                above[depth] = level[index]
                above[depth + 1 :] = [""] * (len(levels) - depth - 1)
                parts.append(level[index])
            elif any(lower[index] for lower in padded[depth + 1 :]) and above[depth]:
                parts.append(above[depth])
        headings.append("/".join(parts))
    return headings


def recognise(
    headings: Sequence[str],
    rules: HeadingRules,
    body: Sequence[Sequence[str]] = (),
    seen: Seen | None = None,
) -> tuple[dict[str, int], float]:
    """Which column each field takes, and how well the headings were recognised.

    A field takes one column and a column serves one field. Where a heading means two things
    (开放条件 is an attribute here, a text there) the values in ``body`` decide; a heading that
    means one field alone is that field's whatever stands below it.
    """
    choice = _Choice(headings, rules, body, seen)
    for strength in Strength:
        for rule in choice.order:
            choice.take(rule, strength)
    return _without_stray_items(choice.taken, rules), choice.score


class _Choice:
    """The columns that are still free, and those that fields have taken."""

    def __init__(
        self,
        headings: Sequence[str],
        rules: HeadingRules,
        body: Sequence[Sequence[str]],
        seen: Seen | None,
    ) -> None:
        known = {i: spellings(text, rules) for i, text in enumerate(headings) if text}
        self.free = {
            i: keys for i, keys in known.items()
            if not rules.never.intersection(keys[:1]) and rules.may_mean(keys)
        }  # fmt: skip
        self.taken: dict[str, int] = {}
        self.score = 0.0
        self._rules, self._body, self._seen = rules, body, seen
        self._by_rows = self._says_more_of_items()
        self.order = sorted(rules.fields, key=lambda rule: self._by_rows and rule.name != NAMES)
        """The fields in the order in which they choose: where each row is an item, the items'
        names first, by which others know their side."""

    def take(self, rule: FieldRule, strength: Strength) -> None:
        """Give the field the best of its columns that fits."""
        if rule.name in self.taken or (rule.item and rule.name != "item_name" and not self.free):
            return
        if rule.name == ITEMS and self._by_rows:
            return
        for _, rank, index in sorted(self._fitting(rule, strength)):
            if rule.filled and self._is_empty(index) and self._has_filled(rule):
                continue
            if self._is_meant(rule, index, strength):
                self.taken[rule.name] = index
                del self.free[index]
                self.score += 3 - strength - rank[1] / 100
                return

    def _fitting(
        self, rule: FieldRule, strength: Strength
    ) -> Iterator[tuple[bool, tuple[int, int], int]]:
        """Ranks and places of its columns; item columns stand right of the item's name."""
        anchor = self.taken.get("item_name", -1)
        for index, keys in self.free.items():
            rank = rank_of(rule, strength, keys)
            right = strength is not Strength.OWN and -1 < anchor < index and rule.left_of_items
            if rank is None or right:
                continue
            if rule.item or not self._is_of_items(rule, keys, index):
                yield rule.item and index < anchor, rank, index

    def _is_of_items(self, rule: FieldRule, keys: Sequence[str], index: int) -> bool:
        """Whether a column right of the items' names says something of them: 数据类型."""
        anchor = self.taken.get("item_name")
        own = any(key in rule.own for key in keys)
        return anchor is not None and index > anchor and any(
            other.item and other.name not in self.taken
            and any(key in other.own or (key in other.also and not own) for key in keys)
            for other in self._rules.fields
        )  # fmt: skip

    def _is_meant(self, rule: FieldRule, index: int, strength: Strength) -> bool:
        """Whether the values are the field's, or no other field could mean them."""
        if rule.seen is None or self._shows(rule.seen, index):
            return True
        return strength is Strength.OWN and not any(
            other is not rule and any(key in other.also for key in self.free[index][:1])
            and other.name not in self.taken and (self._has_items() or not other.item)
            and (other.seen is None or self._shows(other.seen, index))
            for other in self._rules.fields
        )  # fmt: skip

    def _says_more_of_items(self) -> bool:
        """Whether a column tells the type or the length of an item, and none is surely that of the
        names: then each row is one, and the cell that would list several is its name."""
        named = any(key in self._rules[NAMES].own for keys in self.free.values() for key in keys)
        return not named and any(
            key in other.own or (other.name == "item_length" and key in other.also)
            for other in self._rules.fields if other.item
            for keys in self.free.values() for key in keys
        )  # fmt: skip

    def _has_items(self) -> bool:
        """Whether the sheet names items: without them no column says anything of one."""
        return "item_name" in self.taken or self._has_filled(self._rules["item_name"])

    def _is_empty(self, index: int) -> bool:
        """Whether the column says nothing, as far as rows are known."""
        cells = [row[index] for row in self._body if index < len(row) and row[index].strip()]
        said = [cell for cell in cells if not (self._seen and self._seen(NOTHING, cell))]
        return bool(self._body) and len(said) * 10 < len(self._body)

    def _has_filled(self, rule: FieldRule) -> bool:
        return any(
            not self._is_empty(index)
            for index, keys in self.free.items()
            if any(rank_of(rule, strength, keys) is not None for strength in Strength)
        )

    def _shows(self, vocabulary: str, index: int) -> bool:
        """Whether at least half of the values (if there are any) are ones that it knows."""
        values = [
            row[index] for row in self._body if index < len(row) and row[index].strip()
        ]  # fmt: skip
        if self._seen is None or not values:
            return True
        return 2 * sum(self._seen(vocabulary, value) for value in values) >= len(values)


def rank_of(
    rule: FieldRule, strength: Strength, keys: Sequence[str]
) -> tuple[int, int] | None:
    """How well it fits: the place of the word among the field's, then the place of the key."""
    for rank, key in enumerate(keys):
        if strength is Strength.OWN and key in rule.own:
            return 0, rank
        if strength is Strength.ALSO and key in rule.also:
            return rule.also[key], rank
        if strength is Strength.ENDING and rule.ends and key.endswith(rule.ends):
            return 0, rank
        if strength is Strength.LAST and key in rule.last:
            return 0, rank
    return None


def is_last_resort(heading: str, rule: FieldRule, rules: HeadingRules) -> bool:
    """Whether the heading means the field only where nothing else does: 备注 for a summary."""
    best = (strength for strength in Strength
            if rank_of(rule, strength, spellings(heading, rules)) is not None)  # fmt: skip
    return next(best, None) is Strength.LAST


def _without_stray_items(taken: Mapping[str, int], rules: HeadingRules) -> dict[str, int]:
    """Item columns mean something only beside the item's name."""
    if "item_name" in taken:
        return dict(taken)
    items = {rule.name for rule in rules.fields if rule.item}
    return {name: index for name, index in taken.items() if name not in items}
