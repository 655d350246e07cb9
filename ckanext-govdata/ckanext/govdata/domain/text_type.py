"""The types of fields into which people write words of one form or another."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from .field_base import Choices, FieldType, ShownValue, Titles
from .field_part import FieldPart
from .procedure import Field
from .typed_value import Bad, words_of

PHONE = re.compile(
    r"(?:\+?[0-9]|\([0-9])[0-9 ()-]{5,19}(?:(?:转|轉|#|ext\.? ?)[0-9]{1,6})?"
    r"|1[0-9]{2,4}|9[5-6][0-9]{3}"
)
"""A number with an area and an extension, or a short one of a service: 12345, 95598."""
_DASHES = str.maketrans("‐‑‒–—―−－", "--------")
EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
LINK = re.compile(r"https?://[^\s/?#<>\"'@]+\.[^\s<>\"']+", re.IGNORECASE)


class LongTextType(FieldType):
    """A text of several lines."""

    macro = "area"


class ReasonType(LongTextType):
    """A text that says something: enough different letters."""

    part = FieldPart.REASON

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The words."""
        words = words_of(item, value)
        letters = re.sub(r"[\W_]", "", words)
        least = choices.reason_length
        if len(letters) < least or len(set(letters)) < min(4, least):
            raise Bad("too_short", least=least)
        return words


class PatternType(FieldType):
    """A text of one form."""

    def __init__(self, control: str, form: re.Pattern[str], code: str, told: bool) -> None:
        self.control, self.form, self.code, self.told = control, form, code, told

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The words, if they have the form; nothing that a browser would run."""
        words = words_of(item, value)
        if not self.form.fullmatch(words):
            raise Bad(self.code, words if self.told else "")
        return words


class PlainType(PatternType):
    """The same, in whichever width it was typed: １３９ is 139."""

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The words in half width."""
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value[:MOST_TYPED])
        return super().clean(item, value, choices)


class PhoneType(PlainType):
    """A telephone number: 0551—62620000 is 0551-62620000."""

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The number in half width, with plain strokes."""
        return super().clean(
            item, value.translate(_DASHES) if isinstance(value, str) else value, choices
        )


MOST_TYPED = 1000
"""Characters of such a text that are looked at; none that is right is as long."""


class LinkType(PatternType):
    """An address of the web."""

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """The address, which leads there."""
        return (ShownValue(str(value), link=str(value), folds=False),)


class SuggestedType(FieldType):
    """A text for which the page suggests its ``choices``; another one may be written."""

    macro = "suggested"
