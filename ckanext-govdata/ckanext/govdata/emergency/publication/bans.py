"""What may not be opened, from ``config/emergency/prohibitions.yaml``; headings over data of people
from ``config/personal_headings.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ... import config_reader
from ...domain.locales import Label
from ...domain.node import Node, Parts
from ...domain.personal_columns import EMAIL, NO_WORDS
from ...domain.personal_numbers import CHECKS
from ...domain.prohibition import Ban
from ...sheets.personal_headings import personal_words

if TYPE_CHECKING:
    from importlib.abc import Traversable

KEYS = ("override", "consent", "pattern", "check", "headings", "words")


NUMBERS = frozenset({"id_number", "old_id_number", "card_number", "phone"})
"""Bans whose numbers may not stand in the reason of an override either."""


@dataclass(frozen=True)
class Bans:
    """The bans, and what each is called."""

    bans: tuple[Ban, ...]
    labels: Mapping[str, Label]


@lru_cache(maxsize=1)
def bans() -> Bans:
    """The packaged bans; raises ``BrokenFile``."""
    return load_bans(config_reader.file("emergency/prohibitions.yaml"))


def load_bans(source: Traversable) -> Bans:
    """Read and check a file of bans; raises ``BrokenFile`` with all that is wrong."""
    return config_reader.checked(source, _bans)


def _bans(top: Node) -> Bans:
    parts = top.entries(needed=("bans",))
    nodes = parts["bans"].entries() if "bans" in parts else Parts()
    if "bans" in parts and not nodes:
        parts["bans"].blame("no ban is there")
    labels: dict[str, Label] = {}
    found: list[Ban] = []
    for code, node in nodes.items():
        fields = node.entries(KEYS, needed=("label",))
        labels[code] = fields.read("label", Node.label, {})
        found.append(_ban(code, fields))
    return Bans(tuple(found), labels)


def _ban(code: str, fields: Parts) -> Ban:
    return Ban(
        code,
        fields.read("override", Node.yes_no, False),
        fields.read("headings", Node.texts, ()),
        fields.read("words", Node.texts, ()),
        fields.read("pattern", _pattern, ""),
        fields.read("check", lambda node: node.code((*CHECKS, EMAIL)), ""),
        fields.read("consent", Node.yes_no, False),
        config_reader.elsewhere(personal_words) or NO_WORDS,
    )


def _pattern(node: Node) -> str:
    written = node.text()
    try:
        re.compile(written)
    except re.error as error:
        node.blame(f"this is no pattern: {error}")
    return written
