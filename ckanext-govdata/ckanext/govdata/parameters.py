"""Parameters of actions, read from whatever JSON holds; what cannot be read is refused by name."""
from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins.toolkit as tk

LARGEST = 10**12


def flag(data: Mapping[str, object], name: str) -> bool:
    """Yes or no; no where nothing is given. Raises ``ValidationError`` for anything else."""
    value = data.get(name)
    if value is None or value == "":
        return False
    try:
        return tk.asbool(value)
    except ValueError:
        raise tk.ValidationError({name: [tk._("Must be true or false")]}) from None


def number(data: Mapping[str, object], name: str, otherwise: int, most: int = LARGEST) -> int:
    """A whole number from 0 to ``most``, ``otherwise`` where nothing is given.

    A text may stand for one, as in an address. Raises ``ValidationError`` for anything else.
    """
    value = data.get(name)
    if value is None or value == "":
        return otherwise
    written = str(value).strip() if isinstance(value, (int, str)) else ""
    if isinstance(value, bool) or not written.isascii() or not written.isdigit():
        raise tk.ValidationError({name: [tk._("Must be a number")]})
    if len(written) > 13 or int(written) > most:
        raise tk.ValidationError({name: [tk._("At most {most}.").format(most=most)]})
    return int(written)
