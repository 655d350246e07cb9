"""The kinds, sub-kinds and levels of events with their names: ``config/emergency/types.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ... import config_reader
from ...domain.emergency.emergency_event import EmergencyKind, EmergencyLevel
from ...domain.locales import Label
from ...domain.node import Node

if TYPE_CHECKING:
    from importlib.abc import Traversable


@dataclass(frozen=True)
class Types:
    """Labels by code; a sub-kind belongs to one kind."""

    kinds: Mapping[str, Label]
    subtypes: Mapping[str, Mapping[str, Label]]
    levels: Mapping[str, Label]


@lru_cache(maxsize=1)
def types() -> Types:
    """The packaged types; raises ``BrokenFile``."""
    return load_types(config_reader.file("emergency/types.yaml"))


def load_types(source: Traversable) -> Types:
    """Read and check a file of types; raises ``BrokenFile`` with all that is wrong."""
    return config_reader.checked(source, _types)


def _types(top: Node) -> Types:
    parts = top.entries(needed=("kinds", "levels"))
    labels: dict[str, Label] = {}
    subtypes: dict[str, Mapping[str, Label]] = {}
    if "kinds" in parts:
        known = [kind.value for kind in EmergencyKind]
        for code, node in parts["kinds"].entries(needed=known).items():
            words = node.entries(needed=("label", "subtypes"))
            labels[code] = words.read("label", Node.label, {})
            subtypes[code] = words.read("subtypes", Node.labels, {})
    return Types(labels, subtypes, parts.read("levels", _levels, {}))


def _levels(node: Node) -> Mapping[str, Label]:
    found = node.entries(needed=[level.value for level in EmergencyLevel])
    return {code: words.label() for code, words in found.items()}
