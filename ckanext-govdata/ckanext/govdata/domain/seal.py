"""What is said of a person who has no account: kept encrypted with his case, elsewhere masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .procedure import Field

NAME, CONTACT = "name", "contact"
IN_PLACE = "in_place"
KINDS = (NAME, CONTACT, IN_PLACE)
"""What a sealed field says of him; or that what it says of anybody else is kept encrypted where it
stands, in the event."""
HIDDEN = "***"
"""Stands for what is told to nobody."""


def split(
    asked: Iterable[Field], values: Mapping[str, object]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values as the case may tell them, and in clear those that are sealed, by their kind."""
    shown, sealed = dict(values), dict[str, str]()
    for item in asked:
        if item.sealed and item.sealed != IN_PLACE and item.name in values:
            said = str(values[item.name])
            sealed[item.sealed] = said
            shown[item.name] = masked(said) if item.sealed == NAME else HIDDEN
    return shown, sealed


def in_place(
    fields: Iterable[Field], values: Mapping[str, Any], change: Callable[[str], str]
) -> dict[str, Any]:
    """The values; those of fields that are sealed where they stand are sealed or opened."""
    names = {item.name for item in fields if item.sealed == IN_PLACE}
    return {name: change(str(said)) if name in names else said for name, said in values.items()}


def masked(name: str) -> str:
    """``王**``: the first character, and stars for the others."""
    return name[:1] + "*" * max(1, min(len(name) - 1, 6))
