"""Clauses of the terms of use, cited as that on which a grant is ended or suspended."""

from __future__ import annotations

import re

from .refusal import Refusal

_NAMED = re.compile("(?:数据|數據|資料)使用[条條]款")
_WHOLE = re.compile(
    rf"《?{_NAMED.pattern}》?[（(](?P<version>[^（）()]+)[）)]》?第(?P<number>[^条條]+)[条條]"
)
_DIGITS = "零一二三四五六七八九"


def named(words: str) -> bool:
    """Whether a citation is of the terms of use, rightly or not: then it is no law."""
    return bool(_NAMED.search("".join(words.split())))


def judge(words: str, version: str, clauses: int) -> str | Refusal:
    """The citation as the letter has it; a refusal where it is not one of so many ``clauses`` of
    this ``version`` of the terms, in the one writing that its number has."""
    found = _WHOLE.fullmatch("".join(words.split()))
    numbers = map(_written, range(1, clauses + 1))
    if found and found["version"] == version and found["number"] in numbers:
        return words
    return Refusal("no_such_clause", value=words)


def number_of(words: str, clauses: int) -> int:
    """Which clause a citation that was judged is of."""
    found = _WHOLE.fullmatch("".join(words.split()))
    numbers = {_written(number): number for number in range(1, clauses + 1)}
    return numbers.get(found["number"], 0) if found else 0


def _written(number: int) -> str:
    """A number below a hundred in Chinese: 十二, 三十, 九十九."""
    tens, ones = divmod(number, 10)
    return (_DIGITS[tens] if tens > 1 else "") + "十" * bool(tens) + (_DIGITS[ones] if ones else "")
