"""What is said of a person who has no account: kept encrypted with his case, elsewhere masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .procedure import Field

NAME, CONTACT = "name", "contact"
KINDS = (NAME, CONTACT)
"""What a sealed field says of him."""
HIDDEN = "***"
"""Stands for what is told to nobody."""


def split(
    asked: Iterable[Field], values: Mapping[str, object]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values as the case may tell them, and in clear those that are sealed, by their kind."""
    shown, sealed = dict(values), dict[str, str]()
    for item in asked:
        if item.sealed and item.name in values:
            said = str(values[item.name])
            sealed[item.sealed] = said
            shown[item.name] = masked(said) if item.sealed == NAME else HIDDEN
    return shown, sealed


def masked(name: str) -> str:
    """``王**``: the first character, and stars for the others."""
    return name[:1] + "*" * max(1, min(len(name) - 1, 6))
