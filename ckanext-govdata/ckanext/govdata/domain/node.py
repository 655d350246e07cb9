"""Checked values out of a declared document: every flaw is found, each with file and line.

A :class:`Node` is one value of a :class:`Document` (a YAML file of ``config/`` or ``schemas/``).
Its methods give plain values of the kind that is wanted, or note a flaw and give an empty value,
so that one reading finds everything that is wrong. Whoever reads a document to the end and has no
flaws holds values of the right kinds. ``config_reader.py`` opens the files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, TypeVar, cast

from .locales import LOCALES, Label

CODE = re.compile(r"[a-z][a-z0-9_]*")
MOST_SHOWN = 60
"""Characters of a wrong value that a message repeats."""

Way = tuple[Hashable, ...]
"""Keys and list indexes from the top of a document to a value; ``()`` is the whole."""
Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=Enum)


@dataclass(frozen=True, order=True)
class Flaw:
    """What is wrong, in which file, on which line (from 1)."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Document:
    """One file: its data and the line on which each value stands."""

    file: str
    data: Any
    lines: Mapping[Way, int]

    def line(self, *way: Hashable) -> int:
        """The line of the value at that place, or of the nearest value around it."""
        for length in range(len(way), -1, -1):
            if way[:length] in self.lines:
                return self.lines[way[:length]]
        return 1


class Parts(dict[str, "Node"]):
    """The values of a mapping by key, as far as they are there."""

    def read(self, key: str, read: Callable[[Node], Value], default: Value) -> Value:
        """What ``read`` makes of the value of that key, or ``default`` where there is none."""
        return read(self[key]) if key in self else default


@dataclass(frozen=True)
class Node:
    """A value, where it stands, and the list into which its flaws go."""

    document: Document
    flaws: list[Flaw]
    value: Any
    way: Way = ()

    def blame(self, message: str, *below: Hashable) -> None:
        """Note a flaw here, or at what stands below this value."""
        line = self.document.line(*self.way, *below)
        self.flaws.append(Flaw(self.document.file, line, message))

    def entries(self, known: Iterable[str] = (), needed: Iterable[str] = ()) -> Parts:
        """The mapping's values by key; unknown and missing keys are flaws.

        Without ``known`` and ``needed`` any key will do.
        """
        found = Parts()
        values = _mapping(self.value)
        if values is None:
            self.blame(f"a mapping is wanted here, not {self._shown()}")
            return found
        wanted = tuple(needed)
        allowed = {*known, *wanted}
        for key, value in values.items():
            if allowed and key not in allowed:
                words = ", ".join(sorted(allowed))
                self.blame(f"unknown key '{key}' (known: {words})", key)
            elif str(key) in found:
                self.blame(f"key '{key}' stands twice", key)
            else:
                found[str(key)] = self._below(key, value)
        for key in wanted:
            if key not in found:
                self.blame(f"'{key}' is missing")
        return found

    def each(self, read: Callable[[str, Node], Value]) -> dict[str, Value]:
        """What ``read`` makes of the name and the value of each entry of a mapping of any keys."""
        return {name: read(name, node) for name, node in self.entries().items()}

    def items(self) -> Iterator[Node]:
        """The members of a list."""
        values = _listed(self.value)
        if values is None:
            self.blame(f"a list is wanted here, not {self._shown()}")
        for index, value in enumerate(values or ()):
            yield self._below(index, value)

    def text(self) -> str:
        """A text that is not empty."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value.strip()
        hint = "" if isinstance(self.value, str | list | dict | None) else ": write it in quotes"
        self.blame(f"a text is wanted here, not {self._shown()}{hint}")
        return ""

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(node.text() for node in self.items())

    def code(self, allowed: Iterable[str] = ()) -> str:
        """A code in small letters, one of ``allowed`` if given."""
        value = self.text()
        choices = tuple(allowed)
        if value and choices and value not in choices:
            self.blame(f"'{value}' is not one of: {', '.join(choices)}")
            return ""
        if value and not choices and not CODE.fullmatch(value):
            self.blame(f"'{value}' is not a code (small letters, digits, _)")
            return ""
        return value

    def codes(self, allowed: Iterable[str] = ()) -> tuple[str, ...]:
        """A list of codes, or a single one."""
        choices = tuple(allowed)
        if isinstance(self.value, str):
            return (self.code(choices),)
        return tuple(node.code(choices) for node in self.items())

    def known(self, names: Collection[str] | None, what: str) -> str:
        """A text that is one of ``names``, which are declared elsewhere as ``what``.

        None where the file that declares them cannot be used: anything will do.
        """
        value = self.text()
        if value and names is not None and value not in names:
            self.blame(f"{value} is not a {what}")
        return value

    def member(self, kind: type[Choice]) -> Choice | None:
        """One of the values of an enumeration."""
        value = self.code([str(one.value) for one in kind])
        return kind(value) if value else None

    def number(self, least: int = 1) -> int:
        """A whole number of at least ``least``."""
        if type(self.value) is int and self.value >= least:  # True is an int, too
            return self.value
        self.blame(f"a whole number of at least {least} is wanted here, not {self._shown()}")
        return least

    def yes_no(self) -> bool:
        """``true`` or ``false``."""
        if isinstance(self.value, bool):
            return self.value
        self.blame(f"true or false is wanted here, not {self._shown()}")
        return False

    def day(self) -> date | None:
        """A day, written 2026-10-01."""
        if type(self.value) is date:  # a datetime is a date, too
            return self.value
        self.blame(f"a date such as 2026-10-01 is wanted here, not {self._shown()}")
        return None

    def label(self) -> Label:
        """Words in the three languages."""
        return {key: node.text() for key, node in self.entries(needed=LOCALES).items()}

    def labels(self) -> dict[str, Label]:
        """Labels by code."""
        return self.each(lambda _name, node: node.label())

    def _below(self, key: Hashable, value: object) -> Node:
        return Node(self.document, self.flaws, value, (*self.way, key))

    def _shown(self) -> str:
        if _mapping(self.value) is not None:
            return "a mapping"
        if _listed(self.value) is not None:
            return "a list"
        text = "" if self.value is None else str(self.value)
        return f"'{text[:MOST_SHOWN]}'" if text else "nothing"


def _mapping(value: object) -> dict[Hashable, Any] | None:
    return cast("dict[Hashable, Any]", value) if isinstance(value, dict) else None


def _listed(value: object) -> list[Any] | None:
    return cast("list[Any]", value) if isinstance(value, list) else None
