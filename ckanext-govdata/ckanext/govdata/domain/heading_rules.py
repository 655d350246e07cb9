"""Which headings mean which field of an entry: what ``config/imports/headings.yaml`` declares."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .cell_value import Fold
from .heading_notes import plain
from .node import Node

ITEM = "item"


@dataclass(frozen=True)
class FieldRule:
    """One field and the headings that mean it (see ``headings.yaml``)."""

    name: str
    label: str
    own: frozenset[str]
    also: Mapping[str, int]
    """Words with their places; the first is preferred: 说明 before 备注."""
    ends: tuple[str, ...]
    last: frozenset[str] = frozenset()
    seen: str | None = None
    item: bool = False
    kept: bool = False
    left_of_items: bool = False
    """Right of the items' names a heading that is not its own tells of the items."""
    filled: bool = False
    """A column of the field in which nothing stands yields to another one of it."""


@dataclass(frozen=True)
class HeadingRules:
    """All fields in the order in which they choose their columns."""

    fields: tuple[FieldRule, ...]
    prefixes: tuple[str, ...]
    never: frozenset[str]
    fold: Fold = field(compare=False)

    def __getitem__(self, name: str) -> FieldRule:
        return next(rule for rule in self.fields if rule.name == name)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(key for one in self.fields for key in (*one.own, *one.also, *one.last))

    @cached_property
    def _ends(self) -> tuple[str, ...]:
        return tuple(end for one in self.fields for end in one.ends)

    def may_mean(self, keys: Iterable[str]) -> bool:
        """Whether any field could take a column that is spelled so: few of a wide row's can."""
        return any(key in self._words or key.endswith(self._ends) for key in keys)


def rules_from(top: Node, fold: Fold, vocabularies: Collection[str] | None = None) -> HeadingRules:
    """Read the rules of ``headings.yaml``; ``seen`` names one of ``vocabularies``."""

    def field(name: str, node: Node) -> FieldRule:
        return _field(name, node, fold, vocabularies)

    parts = top.entries(needed=("fields", "prefixes", "never"))
    fields = parts.read("fields", lambda node: node.each(field), {})
    prefixes = [fold(word) for word in parts.read("prefixes", Node.texts, ())]
    prefixes.sort(key=len, reverse=True)
    never = frozenset(_keys(parts.read("never", Node.texts, ()), fold))
    return HeadingRules(tuple(fields.values()), tuple(prefixes), never, fold)


def _field(
    name: str, node: Node, fold: Fold, vocabularies: Collection[str] | None
) -> FieldRule:
    known = ("label", "also", "ends", "last", "seen", "level", "kept", "filled", "left_of_items")
    parts = node.entries(known, needed=("headings",))
    label = parts.read("label", Node.text, name)

    def keys(key: str) -> list[str]:
        return _keys(parts.read(key, Node.texts, ()), fold)

    return FieldRule(
        name=name,
        label=label,
        own=frozenset([*keys("headings"), plain(label, fold)]),
        also={key: place for place, key in enumerate(dict.fromkeys(keys("also")))},
        ends=tuple(keys("ends")),
        last=frozenset(keys("last")),
        seen=parts.read("seen", lambda seen: seen.known(vocabularies, "vocabulary"), None),
        item=parts.read("level", lambda level: level.code([ITEM]), "") == ITEM,
        kept=parts.read("kept", Node.yes_no, False),
        left_of_items=parts.read("left_of_items", Node.yes_no, False),
        filled=parts.read("filled", Node.yes_no, False),
    )


def _keys(words: Iterable[str], fold: Fold) -> list[str]:
    return [plain(word, fold) for word in words]
