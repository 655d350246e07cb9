"""Values as people send them: empty or not, texts within their bounds, lists of names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, cast

from .procedure import Field

LONGEST = 20_000
"""Characters; no field takes more, whatever its declaration says."""
MOST = 1000
"""Entries; no list takes more."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of writing around."""


class Bad(Exception):
    """A value that cannot be taken: the code of the refusal, what was given, facts."""

    def __init__(self, code: str, value: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.value = value[:100]
        self.facts = {name: str(fact) for name, fact in facts.items()}


def is_empty(value: object) -> bool:
    """Whether nothing was filled in."""
    empty = value is None or value is False or (isinstance(value, (str, list, dict)) and not value)
    return empty or (isinstance(value, str) and not visible(value))


def visible(text: str) -> str:
    """What of a text a reader sees: no blanks of any width, none that take no room, no fillers."""
    seen = (one for one in text if unicodedata.category(one)[0] not in "ZC")
    return "".join(one for one in seen if one not in FILLERS)


FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and patterns that show nothing."""


def words_of(item: Field, value: object) -> str:
    """A text within the bounds that its field declares."""
    if not isinstance(value, str):
        raise Bad("not_text")
    words = value.replace("\r\n", "\n").strip()
    if CONTROL.search(words):
        raise Bad("control_characters")
    longest = item.max or LONGEST
    if len(words) > longest:
        raise Bad("too_long", most=longest, length=len(words))
    if len(visible(words)) < item.min:
        raise Bad("too_short", least=item.min)
    return words


def names_of(value: object) -> list[str]:
    """A list of texts that are not longer than a file's or a column's name."""
    items = listed(value)
    if any(len(item) > LONGEST for item in items) or sum(map(len, items)) > LONGEST * 2:
        raise Bad("too_long", most=LONGEST, length=sum(map(len, items)))
    return items


def listed(value: object) -> list[str]:
    """A list of different texts; one text alone is a list of one."""
    items: Any = [value] if isinstance(value, str) else value
    if not isinstance(items, list):
        raise Bad("not_a_list")
    entries = cast("list[Any]", items)
    if not all(isinstance(entry, str) for entry in entries):
        raise Bad("not_a_list")
    if len(entries) > MOST:
        raise Bad("too_many", most=MOST)
    return list(dict.fromkeys(entries))


def among(value: object, known: Iterable[str]) -> list[str]:
    """A list of texts, each of which is known."""
    items = listed(value)
    for entry in items:
        if entry not in known:
            raise Bad("not_here", entry)
    return items
