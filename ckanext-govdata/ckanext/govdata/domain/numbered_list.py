"""Numbers, letters and signs that count the pieces of a list in one cell: 1、姓名 2、地址.

They are taken away where they count; a number that counts nothing belongs to its piece:
PM2.5, 65岁.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from .cell_value import arabic

SEPARATORS = ",，、;；|｜\r\n\t"
"""What parts the pieces of a list."""
_HAN = r"[\u3400-\u9fff]"
_NUMERAL = r"\d{1,3}|[一二三四五六七八九十]{1,3}"
_BEGIN = r"(?:^|(?<=[\s,，、;；。|｜]))"
_SIGNS = "①-⒛Ⅰ-Ⅻⅰ-ⅻ❶-➓㈠-㈩㊀-㊉㉑-㉟㊱-㊿⓵-⓾"
"""Characters that are a number each."""


class _Counting(NamedTuple):
    """A way of counting: how a mark looks, and what it counts."""

    mark: re.Pattern[str]
    number: Callable[[str], int]


def _number(written: str) -> int:
    return int(arabic(unicodedata.normalize("NFKC", written)))


def _number_before(written: str) -> int:
    """Of a number with its sign behind it."""
    return _number(written[:-1])


def _letter(written: str) -> int:
    return ord(written.lower()) - ord("a") + 1


def _sign(written: str) -> int:
    return int(unicodedata.numeric(written))


_BRACKETED = rf"[(（\[【](?P<in>{_NUMERAL})[)）\]】][.、]?\s*"
_PUT_BEFORE = re.compile(
    rf"{_BRACKETED}|{_BEGIN}(?P<out>{_NUMERAL})"
    rf"(?:[)）.．](?!\d)|[、:：]|[,，](?!\d)|[-—–](?={_HAN}))\s*"
)
_SIGN = re.compile(rf"(?P<sign>[{_SIGNS}])[.．、:：)）]?\s*")
_BEHIND = re.compile(
    rf"(?P<out>\d{{1,2}}[)）.．、]|[一二三四五六七八九十]{{1,3}}、)(?={_HAN}|《)")
_BARE = re.compile(
    rf"{_BEGIN}(?P<out>0\d{{1,2}}|\d{{1,3}}(?=[ \t]))[ \t]*(?=[A-Za-z]|{_HAN})")
_LETTERED = re.compile(rf"{_BEGIN}[(（]?(?P<out>[A-Za-z])[)）.．、:：]\s*(?={_HAN})")
_COUNTINGS = (
    _Counting(_SIGN, _sign),
    _Counting(_PUT_BEFORE, _number),
    _Counting(_BEHIND, _number_before),
    _Counting(_BARE, _number),
    _Counting(_LETTERED, _letter),
)
"""In this order: what stands before a piece, then what also stands right behind the one before."""
_LETTER_BEFORE = re.compile(rf"^[(（]?[a-zA-Z](?:[)）、.．]|[:：])\s*(?={_HAN})")
"""Letters that count: a、姓名；b、地址."""


def pieces(text: str) -> list[str]:
    """The pieces between marks that count 1, 2, 3 …; the whole text where none do.

    A number that is left out or stands twice is one all the same where each begins a line or a
    piece: 1、姓名；2、地址；4、电话.
    """
    for way in _COUNTINGS:
        marks = list(way.mark.finditer(text))
        if found := _between(text, marks, [way.number(_written(mark)) for mark in marks]):
            return found
    for way in _COUNTINGS[:2]:
        marks = list(way.mark.finditer(text))
        counts = [way.number(_written(mark)) for mark in marks]
        if found := _alone(text, marks, counts) or _loosely(text, marks, counts):
            return found
    return [text]


def _written(mark: re.Match[str]) -> str:
    return next(group for group in mark.groups() if group)


def _cut(text: str, marks: Sequence[re.Match[str]]) -> list[str]:
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [text[mark.end() : end].strip(SEPARATORS + " ")
            for mark, end in zip(marks, ends, strict=True)]  # fmt: skip


def _between(text: str, marks: Sequence[re.Match[str]], counts: Sequence[int]) -> list[str]:
    """The pieces, each with something in it; not all alike, as of 1月 2月 3月."""
    if len(marks) < 2 or marks[0].start() > 0 or list(counts) != list(range(1, len(marks) + 1)):
        return []
    found = _cut(text, marks)
    return found if all(found) and len(set(found)) > 1 else []


def _alone(text: str, marks: Sequence[re.Match[str]], counts: Sequence[int]) -> list[str]:
    """The one piece behind a 1; a list in it is not counted."""
    if list(counts) != [1] or marks[0].start():
        return []
    only = text[marks[0].end() :].strip()
    outside = set(re.sub(r"[(（][^()（）]{0,200}[)）]", "", only))
    return [only] if only and not only.isdigit() and not outside & set(SEPARATORS) else []


def _loosely(text: str, marks: Sequence[re.Match[str]], counts: Sequence[int]) -> list[str]:
    """The same of letters at each piece, and of numbers in order but not one by one."""
    lines = [piece for piece in re.split(r"[;；\r\n]+", text) if piece.strip()]
    bare = [_LETTER_BEFORE.sub("", line.strip()) for line in lines]
    if len(lines) > 1 and not any(map(str.__eq__, bare, map(str.strip, lines))):
        return bare
    if len(marks) < 2 or marks[0].start() or list(counts) != sorted(counts):
        return []
    found = _cut(text, marks)
    return found if all(one and not one.isdigit() for one in found) else []
