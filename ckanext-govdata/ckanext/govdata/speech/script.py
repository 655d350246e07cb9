"""Fold Chinese text to the reader's script, character by character.

Only characters: converters that also change phrases damage place names
(蚌埠 becomes 蚌端口 with OpenCC's Taiwan phrases).
"""

from __future__ import annotations

from functools import lru_cache

import opencc

from ..domain.locales import SIMPLIFIED, TRADITIONAL

CONVERSIONS = {SIMPLIFIED: "t2s", TRADITIONAL: "s2t"}
"""Locale -> OpenCC conversion of characters; other locales see the text as written."""


@lru_cache(maxsize=4)
def converter(conversion: str) -> opencc.OpenCC:
    """One converter per process and conversion; loading its tables takes milliseconds."""
    return opencc.OpenCC(conversion)


@lru_cache(maxsize=8192)
def _short(text: str, conversion: str) -> str:
    return converter(conversion).convert(text)


def fold(text: str, locale: str) -> str:
    """``text`` in the script of ``locale``; unchanged where the locale has none of its own."""
    conversion = CONVERSIONS.get(locale)
    if not conversion or not text or text.isascii():
        return text
    if len(text) <= 80:
        return _short(text, conversion)
    return converter(conversion).convert(text)
