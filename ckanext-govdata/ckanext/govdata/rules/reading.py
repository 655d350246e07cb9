"""YAML with line numbers: every problem of a file is found and named with its line.

A ``Place`` is one node of a file. Its methods give plain values of the kind that is wanted, or
note a problem and give an empty value, so that one reading finds everything that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

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


class Place:
    """A node of a YAML file that knows its line and collects problems."""

    def __init__(self, node: yaml.Node, file: str, problems: list[Problem]) -> None:
        self.node, self.file, self.problems = node, file, problems

    @property
    def line(self) -> int:
        """The line of the node, from 1."""
        return self.node.start_mark.line + 1

    def blame(self, message: str) -> None:
        """Note a problem at this line."""
        self.problems.append(Problem(self.file, self.line, message))

    def at(self, node: yaml.Node) -> Place:
        """Another node of the same file."""
        return Place(node, self.file, self.problems)

    def entries(self, known: Iterable[str] = (), needed: Iterable[str] = ()) -> dict[str, Place]:
        """The mapping's values by key; unknown, missing and doubled keys are problems.

        Without ``known`` any key will do.
        """
        if not isinstance(self.node, yaml.MappingNode):
            self.blame(f"a mapping is wanted here, not {self._shown()}")
            return {}
        found: dict[str, Place] = {}
        allowed, required = set(known) | set(needed), list(needed)
        for key_node, value_node in self.node.value:
            key = str(getattr(key_node, "value", ""))
            if allowed and key not in allowed:
                self.at(key_node).blame(
                    f"unknown key '{key}' (known: {', '.join(sorted(allowed))})"
                )
            elif key in found:
                self.at(key_node).blame(f"key '{key}' stands twice")
            else:
                found[key] = self.at(value_node)
        for key in required:
            if key not in found:
                self.blame(f"'{key}' is missing")
        return found

    def items(self) -> Iterator[Place]:
        """The members of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.blame(f"a list is wanted here, not {self._shown()}")
            return
        for node in self.node.value:
            yield self.at(node)

    def text(self) -> str:
        """A text that is not empty."""
        if isinstance(self.node, yaml.ScalarNode) and self.node.value.strip():
            return self.node.value.strip()
        self.blame(f"a text is wanted here, not {self._shown()}")
        return ""

    def code(self, allowed: Iterable[str] = ()) -> str:
        """A code in small letters, one of ``allowed`` if given."""
        value = self.text()
        if not value:
            return ""
        choices = tuple(allowed)
        if choices and value not in choices:
            self.blame(f"'{value}' is not one of: {', '.join(choices)}")
            return ""
        if not choices and not CODE.fullmatch(value):
            self.blame(f"'{value}' is not a code (small letters, digits, _)")
            return ""
        return value

    def codes(self) -> tuple[str, ...]:
        """A list of codes, or a single one."""
        if isinstance(self.node, yaml.ScalarNode):
            return (self.code(),)
        return tuple(place.code() for place in self.items())

    def number(self, least: int = 1) -> int:
        """A whole number of at least ``least``."""
        if self._tag("int"):
            value = yaml.safe_load(self.node.value)
            if isinstance(value, int) and value >= least:
                return value
        self.blame(f"a whole number of at least {least} is wanted here, not {self._shown()}")
        return least

    def yes_no(self) -> bool:
        """``true`` or ``false``."""
        if self._tag("bool"):
            return bool(yaml.safe_load(self.node.value))
        self.blame(f"true or false is wanted here, not {self._shown()}")
        return False

    def day(self) -> date | None:
        """A date that exists, written 2026-10-01."""
        value = str(getattr(self.node, "value", ""))
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.blame(f"a date such as 2026-10-01 is wanted here, not {self._shown()}")
        return None

    def is_year(self) -> bool:
        """Whether it is a bare year."""
        return self._tag("int") and bool(re.fullmatch(r"\d{4}", self.node.value))

    def label(self) -> dict[str, str]:
        """Words in the three languages."""
        return {key: place.text() for key, place in self.entries(needed=LOCALES).items()}

    def _tag(self, kind: str) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag.endswith(":" + kind)

    def _shown(self) -> str:
        if isinstance(self.node, yaml.ScalarNode):
            return f"'{self.node.value}'" if self.node.value else "nothing"
        return "a list" if isinstance(self.node, yaml.SequenceNode) else "a mapping"


def open_file(path: Path, problems: list[Problem]) -> Place | None:
    """The top of a YAML file; a file that cannot be read is a problem."""
    name = f"{path.parent.name}/{path.name}"
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.append(Problem(name, mark.line + 1 if mark else 1, f"not YAML: {error.problem}"))
        return None
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        problems.append(Problem(name, 1, f"cannot be read: {error}"))
        return None
    if node is None:
        problems.append(Problem(name, 1, "the file is empty"))
        return None
    return Place(node, name, problems)
