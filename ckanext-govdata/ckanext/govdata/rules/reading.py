"""Checked values out of YAML documents: every problem of every file is found and named.

A ``Place`` is one value of a ``yaml_files.Document``. Its methods give plain values of the kind
that is wanted, or note a problem and give an empty value, so that one reading finds everything
that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .. import yaml_files

CODE = re.compile(r"[a-z][a-z0-9_]*")
LOCALES = ("zh_Hans_CN", "zh_Hant_TW", "en")


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, in which file, on which line (from 1)."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class BrokenRulesError(Exception):
    """Configuration files that cannot be used; the message lists every problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"The rules cannot be used; mend these lines and start again:\n{lines}")


@dataclass(frozen=True)
class Place:
    """A value, where it stands, and the list into which its problems go."""

    document: yaml_files.Document
    problems: list[Problem]
    value: Any
    path: tuple[Hashable, ...] = ()

    def blame(self, message: str, *below: Hashable) -> None:
        """Note a problem at this place, or at what stands below it."""
        line = self.document.line(*self.path, *below)
        self.problems.append(Problem(self.document.file, line, message))

    def entries(self, known: Iterable[str] = (), needed: Iterable[str] = ()) -> dict[str, Place]:
        """The mapping's values by key; unknown and missing keys are problems.

        Without ``known`` and ``needed`` any key will do.
        """
        if not isinstance(self.value, dict):
            self.blame(f"a mapping is wanted here, not {self._shown()}")
            return {}
        found: dict[str, Place] = {}
        allowed = {*known, *needed}
        for key, value in self.value.items():
            if allowed and key not in allowed:
                words = ", ".join(sorted(allowed))
                self.blame(f"unknown key '{key}' (known: {words})", key)
            else:
                found[str(key)] = self._below(key, value)
        for key in needed:
            if key not in found:
                self.blame(f"'{key}' is missing")
        return found

    def items(self) -> Iterator[Place]:
        """The members of a list."""
        if not isinstance(self.value, list):
            self.blame(f"a list is wanted here, not {self._shown()}")
            return
        for index, value in enumerate(self.value):
            yield self._below(index, value)

    def text(self) -> str:
        """A text that is not empty."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value.strip()
        self.blame(f"a text is wanted here, not {self._shown()}")
        return ""

    def code(self, allowed: Iterable[str] = ()) -> str:
        """A code in small letters, one of ``allowed`` if given."""
        value = self.text()
        choices = tuple(allowed)
        if value and choices and value not in choices:
            self.blame(f"'{value}' is not one of: {', '.join(choices)}")
            return ""
        if value and not CODE.fullmatch(value):
            self.blame(f"'{value}' is not a code (small letters, digits, _)")
            return ""
        return value

    def codes(self) -> tuple[str, ...]:
        """A list of codes, or a single one."""
        if isinstance(self.value, str):
            return (self.code(),)
        return tuple(place.code() for place in self.items())

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

    def label(self) -> dict[str, str]:
        """Words in the three languages."""
        return {key: place.text() for key, place in self.entries(needed=LOCALES).items()}

    def _below(self, key: Hashable, value: Any) -> Place:
        return Place(self.document, self.problems, value, (*self.path, key))

    def _shown(self) -> str:
        if isinstance(self.value, dict | list):
            return "a mapping" if isinstance(self.value, dict) else "a list"
        return "nothing" if self.value in (None, "") else f"'{self.value}'"


def open_file(path: Path, problems: list[Problem]) -> Place | None:
    """The top of a YAML file; a file that cannot be read is a problem."""
    try:
        document = yaml_files.read(path)
    except yaml_files.BrokenFile as error:
        problems.append(Problem(error.file, error.line, error.message))
        return None
    if document.data is None:
        problems.append(Problem(document.file, 1, "the file is empty"))
        return None
    return Place(document, problems, document.data)
