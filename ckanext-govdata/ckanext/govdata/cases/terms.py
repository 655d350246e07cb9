"""The terms of use and the commitment letter, by version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .. import config_reader
from ..domain.locales import LOCALES, Label
from ..domain.node import Node, Parts


@dataclass(frozen=True)
class Terms:
    """One version of the terms of use, by language."""

    version: str
    terms: Mapping[str, tuple[str, ...]]
    commitment: Label


@lru_cache(maxsize=1)
def terms_of_use() -> tuple[Terms, ...]:
    """Every version, the one in force first; raises ``BrokenFile``."""
    source = config_reader.file("terms/open_use.yaml", config_reader.SCHEMAS)
    return config_reader.checked(source, _versions)


def _versions(top: Node) -> tuple[Terms, ...]:
    parts = top.entries(needed=("versions",))
    nodes = list(parts["versions"].items()) if "versions" in parts else []
    if not nodes:
        top.blame("no version is there", "versions")
    return tuple(_terms(node) for node in nodes)


def _terms(node: Node) -> Terms:
    parts = node.entries(needed=("version", "terms", "commitment"))
    clauses = parts["terms"].entries(needed=LOCALES) if "terms" in parts else Parts()
    return Terms(
        parts.read("version", Node.text, ""),
        {locale: words.texts() for locale, words in clauses.items()},
        parts.read("commitment", Node.label, {}),
    )
