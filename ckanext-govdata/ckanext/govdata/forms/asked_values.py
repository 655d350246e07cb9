"""What was asked of an action, read into plain values; all that is wrong is told at once.

What a form asks for, :func:`declared_values` reads by its declaration; the rest :class:`Asked`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from .. import now
from ..domain import form
from ..domain.field_base import Choices
from ..domain.refusal import Refusal
from ..domain.typed_time import read_instant
from .form_reader import Fields, declared

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,98}")
MOST = 2_000
"""Characters of a text of which no form says more."""


def declared_values(
    name: str, data: Mapping[str, object], **offered: Collection[str]
) -> tuple[dict[str, Any], list[Refusal]]:
    """The fields of the form of that name in their types, and what is wrong with them.

    :param offered: the codes that may be chosen, by the ``choices`` of the fields
    """
    fields = declared(name)
    asked = {field: data[field] for field in fields if field in data}
    choices = Choices(now.today(), offered=offered, zone=now.BEIJING)
    cleaned, wrong = form.clean(fields.values(), asked, choices)
    return cleaned, list(wrong)


class Asked:
    """Values taken from a request one by one; ``wrong`` collects what cannot be read.

    A text has no more characters than its field of the declared form, if it is there.
    """

    def __init__(self, data: Mapping[str, object], fields: Fields | None = None) -> None:
        self.data = data
        self.fields = fields or {}
        self.wrong: list[Refusal] = []

    def has(self, field: str) -> bool:
        """Whether the request names the field at all."""
        return self.data.get(field) is not None

    def text(self, field: str, default: str = "") -> str:
        """A text without blanks around it."""
        value = str(self.data[field]).strip() if self.has(field) else default
        most = (self.fields[field].max if field in self.fields else 0) or MOST
        if len(value) > most:
            self.wrong.append(Refusal("too_long", field, value, facts={"most": str(most)}))
        return value[:most]

    def name(self, field: str) -> str:
        """A name for addresses; empty when none is given."""
        value = self.text(field).lower()
        if value and not NAME.fullmatch(value):
            self.wrong.append(Refusal("name_form", field, value))
        return value

    def instant(self, field: str, default: datetime) -> datetime:
        """An instant with its zone; one without is in Beijing time."""
        written = self.text(field)
        if not written:
            return default
        found = read_instant(written, now.BEIJING)
        if found is None:
            self.wrong.append(Refusal("instant", field, written))
        return found or default

    def flag(self, field: str) -> bool:
        """True or false; false when it is not given."""
        written = self.text(field).lower()
        if written in ("true", "yes", "on", "1"):
            return True
        if written not in ("", "false", "no", "off", "0", "none"):
            self.wrong.append(Refusal("not_a_flag", field, written))
        return False

    def words(self, field: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of words, or words with commas or blanks between."""
        value = self.data.get(field)
        if value in (None, ""):
            return default
        if isinstance(value, str):
            text = value.strip()
            value = _json_list(text) if text.startswith("[") else re.split(r"[,，、\s]+", text)
        if not isinstance(value, list | tuple):
            self.wrong.append(Refusal("not_a_list", field))
            return default
        said = [str(item).strip() for item in cast("Iterable[object]", value)]
        return tuple(dict.fromkeys(item for item in said if item))

    def number(self, field: str) -> int | None:
        """A whole number, or ``None`` when it is not given."""
        written = self.text(field)
        if not written:
            return None
        if not re.fullmatch(r"\d{1,9}", written):
            self.wrong.append(Refusal("number", field, written))
            return None
        return int(written)


def _json_list(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
