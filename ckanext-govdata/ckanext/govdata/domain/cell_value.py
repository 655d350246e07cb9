"""What a cell became, or why it could not be read; digits in whichever way people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Fold = Callable[[str], str]
"""Folds Traditional characters to Simplified ones."""

QUOTES = "\"'`‘’“”「」『』 \t\r\n\u3000"
_ONES = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "兩": 2}
_PLACES = {"十": 10, "百": 100}
_NUMERAL = re.compile("[零〇○一二三四五六七八九十百两兩]+")


class CannotRead(ValueError):
    """A value that cannot become one of ours. ``code`` names the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Became:
    """What a value became. ``known`` is false where only a stand-in was found (其他)."""

    value: Any
    known: bool = True


def plain(text: str, fold: Fold) -> str:
    """The text without quotes, white space, width, case and script."""
    folded = fold(unicodedata.normalize("NFKC", text))
    return "".join(c for c in folded if c not in QUOTES and not c.isspace()).lower()


def arabic(text: str) -> str:
    """The text with its Chinese numerals in digits: 二〇二三年十二月 is 2023年12月."""
    return _NUMERAL.sub(lambda found: _number(found[0]), text)


def _number(numeral: str) -> str:
    if not any(place in numeral for place in _PLACES):
        return "".join(str(_ONES[c]) for c in numeral)
    total = ones = 0
    for character in numeral:
        if character in _PLACES:
            total += (ones or 1) * _PLACES[character]
            ones = 0
        else:
            ones = _ONES[character]
    return str(total + ones)
