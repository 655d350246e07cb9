"""Phrases of declared files in the reader's language: labels, articles, brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..domain.locales import ENGLISH, SIMPLIFIED, TRADITIONAL
from .language import spoken
from .script import fold

DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")}
TENS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = f"第([{''.join((*DIGITS, *TENS))}]+)"
ARTICLE = re.compile(f"{_NUMBER}条")
ITEM = re.compile(f"{_NUMBER}项$")


def label(words: Mapping[str, str]) -> str:
    """The words of a file's label in the reader's language."""
    return words.get(spoken(), "") or words.get(SIMPLIFIED, "")


def article(written: str) -> str:
    """An article for the reader: ``第二十六条``, ``第二十六條`` or ``Article 26``."""
    reader = spoken()
    if reader == ENGLISH:
        numbers = [str(_number(one)) for one in ARTICLE.findall(written)]
        if len(numbers) == 1:
            item = ITEM.search(written)
            return f"Article {numbers[0]}{f'({_number(item[1])})' if item else ''}"
        return f"Articles {', '.join(numbers)}" if numbers else "last sentence" if written else ""
    return written.replace("条", "條").replace("项", "項") if reader == TRADITIONAL else written


def place_of(written: str) -> tuple[list[int], str]:
    """Where an article stands among others: the ninth before the twenty-third."""
    return [_number(one) for one in ARTICLE.findall(written)], written


def _number(chinese: str) -> int:
    """``二十六`` is 26, ``一千零三十四`` is 1034; up to 9999."""
    total, digit = 0, 0
    for sign in chinese:
        if sign in DIGITS:
            digit = DIGITS[sign]
        else:
            total += (digit or 1) * TENS[sign]
            digit = 0
    return total + digit


def spaced() -> bool:
    """Whether the reader's language puts blanks between words."""
    return spoken() == ENGLISH


def joined(sentences: Iterable[str]) -> str:
    """Sentences one behind the other."""
    return (" " if spaced() else "").join(sentences)


def bracketed(words: str) -> str:
    """Words in brackets behind a sentence, in the width of the reader's script."""
    return f" ({words})" if spoken() == ENGLISH else f"（{words}）"


def in_script(text: object) -> str:
    """A text of the portal's own in the script of the reader, character by character."""
    return fold(str(text or ""), spoken())
