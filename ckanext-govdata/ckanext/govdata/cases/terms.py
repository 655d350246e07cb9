"""The terms of use and the commitment letter, by version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .. import config_reader
from ..domain.locales import LOCALES, SIMPLIFIED, Label
from ..domain.node import Node, Parts


@dataclass(frozen=True)
class Terms:
    """One version of the terms of use, by language. ``suspends`` and ``ends`` are the numbers
    of the clauses on which a grant can be suspended or ended without another, every one where it
    says nothing; where it says ``heard``, whose grant is to end is heard before."""

    version: str
    terms: Mapping[str, tuple[str, ...]]
    commitment: Label
    suspends: frozenset[int] = frozenset()
    ends: frozenset[int] = frozenset()
    heard: bool = False

    @property
    def clauses(self) -> int:
        """How many it has."""
        return len(self.terms[SIMPLIFIED])


@lru_cache(maxsize=1)
def terms_of_use() -> tuple[Terms, ...]:
    """Every version, the one in force first; raises ``BrokenFile``."""
    source = config_reader.file("terms/open_use.yaml", config_reader.SCHEMAS)
    return config_reader.checked(source, _versions)


def of_version(version: str) -> Terms | None:
    """That version; none where no file has it any more."""
    return next((one for one in terms_of_use() if one.version == version), None)


def _versions(top: Node) -> tuple[Terms, ...]:
    parts = top.entries(needed=("versions",))
    nodes = list(parts["versions"].items()) if "versions" in parts else []
    if not nodes:
        top.blame("no version is there", "versions")
    return tuple(_terms(node) for node in nodes)


def _terms(node: Node) -> Terms:
    needed = ("version", "terms", "commitment")
    parts = node.entries(known=("suspends", "ends", "heard"), needed=needed)
    clauses = parts["terms"].entries(needed=LOCALES) if "terms" in parts else Parts()
    terms = {locale: words.texts() for locale, words in clauses.items()}
    counts = {len(one) for one in terms.values()}
    if len(counts) > 1:
        node.blame("each language has as many clauses as the others", "terms")
    every = frozenset(range(1, min(counts, default=0) + 1))
    suspends, ends = (_among(parts, name, every) for name in ("suspends", "ends"))
    return Terms(
        parts.read("version", Node.text, ""),
        terms,
        parts.read("commitment", Node.label, {}),
        suspends,
        ends,
        parts.read("heard", Node.yes_no, False),
    )


def _among(parts: Parts, name: str, every: frozenset[int]) -> frozenset[int]:
    found = frozenset(parts.read(name, _numbers, tuple(every)))
    if not found <= every:
        parts[name].blame("there is no such clause")
    return found


def _numbers(node: Node) -> tuple[int, ...]:
    return tuple(one.number(1) for one in node.items())
