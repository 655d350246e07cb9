"""What may not be opened, from ``config/emergency/prohibitions.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ... import vocabularies, yaml_files
from ...domain.personal_numbers import CHECKS
from ...domain.prohibition import Ban

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

LISTS = ("headings", "words")
KEYS = {"label", "override", "pattern", "check", *LISTS}


NUMBERS = frozenset({"id_number", "old_id_number", "card_number", "phone"})
"""Bans whose numbers may not stand in the reason of an override either."""


@dataclass(frozen=True)
class Bans:
    """The bans, and what each is called."""

    bans: tuple[Ban, ...]
    labels: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=1)
def bans() -> Bans:
    """The packaged bans; raises :class:`yaml_files.BrokenFile`."""
    return load_bans(yaml_files.file("emergency/prohibitions.yaml"))


def load_bans(source: Traversable) -> Bans:
    """Read and check a file of bans; raises :class:`yaml_files.BrokenFile`."""
    document = yaml_files.read(source)
    written = document.data.get("bans") if isinstance(document.data, dict) else None
    if not isinstance(written, dict) or not written:
        raise document.broken("must have a mapping called bans")
    found = tuple(_ban(document, code, ban) for code, ban in written.items())
    return Bans(found, {code: ban["label"] for code, ban in written.items()})


def _ban(document: Any, code: str, ban: Any) -> Ban:
    place = ("bans", code)
    if not isinstance(ban, dict) or set(ban) - KEYS:
        raise document.broken(f"{code} may have {', '.join(sorted(KEYS))} only", *place)
    label = ban.get("label")
    if not isinstance(label, dict) or any(not label.get(x) for x in vocabularies.LANGUAGES):
        raise document.broken(f"{code} must have a name in each language", *place, "label")
    for name in LISTS:
        if not all(isinstance(word, str) and word for word in ban.get(name, [])):
            raise document.broken(f"{name} must be a list of texts", *place, name)
    if ban.get("check", "") not in {"", *CHECKS}:
        raise document.broken(f"check must be one of {', '.join(CHECKS)}", *place, "check")
    try:
        re.compile(str(ban.get("pattern", "")))
    except re.error as error:
        raise document.broken(f"pattern: {error}", *place, "pattern") from error
    headings, words = (tuple(ban.get(name, ())) for name in LISTS)
    return Ban(
        code,
        bool(ban.get("override")),
        headings,
        words,
        str(ban.get("pattern", "")),
        str(ban.get("check", "")),
    )
