"""The kinds, sub-kinds and levels of events with their names: ``config/emergency/types.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ... import vocabularies, yaml_files
from ...domain.emergency import Kind, Level

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Label = Mapping[str, str]


@dataclass(frozen=True)
class Types:
    """Labels by code; a sub-kind belongs to one kind."""

    kinds: Mapping[str, Label]
    subtypes: Mapping[str, Mapping[str, Label]]
    levels: Mapping[str, Label]


@lru_cache(maxsize=1)
def types() -> Types:
    """The packaged types; raises :class:`yaml_files.BrokenFile`."""
    return load_types(yaml_files.file("emergency/types.yaml"))


def load_types(source: Traversable) -> Types:
    """Read and check a file of types; raises :class:`yaml_files.BrokenFile`."""
    document = yaml_files.read(source)
    data = document.data if isinstance(document.data, dict) else {}
    kinds = _named(document, data, "kinds", [kind.value for kind in Kind])
    levels = _named(document, data, "levels", [level.value for level in Level])
    labels: dict[str, Label] = {}
    subtypes: dict[str, Mapping[str, Label]] = {}
    for code, kind in kinds.items():
        if not isinstance(kind, dict) or not isinstance(kind.get("subtypes"), dict):
            raise document.broken(f"{code} must have label and subtypes", "kinds", code)
        labels[code] = _label(document, kind.get("label"), "kinds", code, "label")
        subtypes[code] = {
            name: _label(document, label, "kinds", code, "subtypes", name)
            for name, label in kind["subtypes"].items()
        }
    graded = {code: _label(document, label, "levels", code) for code, label in levels.items()}
    return Types(labels, subtypes, graded)


def _named(document: Any, data: dict[str, Any], part: str, wanted: list[str]) -> dict[str, Any]:
    """The mapping called ``part``; it has these keys and no others."""
    found = data.get(part)
    if not isinstance(found, dict) or set(found) != set(wanted):
        raise document.broken(f"{part} must be a mapping with {', '.join(wanted)}", part)
    return found


def _label(document: Any, label: Any, *place: str) -> Label:
    if not isinstance(label, dict):
        raise document.broken(f"{place[-1]} must have a name in each language", *place)
    for language in vocabularies.LANGUAGES:
        if not isinstance(label.get(language), str) or not label[language].strip():
            raise document.broken(f"{place[-1]} lacks {language}", *place)
    return label
