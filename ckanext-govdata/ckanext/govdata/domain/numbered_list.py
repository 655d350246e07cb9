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

SEPARATORS = ",，、;；|｜\r\n\t\v\f\x85\u2028\u2029﹐﹑﹔､︐︑︔‚¦‖丨"
"""What parts the pieces of a list, in all widths."""
_HAN = r"[\u3400-\u9fff]"
_DIGITS = "一二三四五六七八九十"
_FORMAL = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾", "一二二三三四五六六七八九十")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_NUMERAL = rf"\d{{1,3}}|[{_DIGITS}]{{1,3}}|[壹贰貳叁參肆伍陆陸柒捌玖拾]{{1,3}}"
_BEGIN = r"(?:^|(?<=[\s,，、;；。|｜]))"
_SIGNS = "①-⒛❶-➓㈠-㈩㊀-㊉㉑-㉟㊱-㊿⓵-⓾"
"""Characters that are a number each."""
_ROMAN_SIGN = r"[Ⅰ-Ⅻⅰ-ⅻ](?!(?:[类類级級型期等线線段区區])(?![别別型限]))"
"""Roman ones; Ⅰ类 and Ⅱ级 are classes, which their numbers tell apart."""
_ROMAN = r"(?:x{0,3}(?:ix|iv|vi{0,3}|i{1,3})|x{1,3})"
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
_OPEN, _CLOSE = r"[(（\[【〔〈<《｛{「]", r"[)）\]】〕〉>》｝}」]"
_BLANK = r"[ \t\u3000]"
_JOINING = "_~～·/"
"""Signs behind a number that count nothing where it is the only one: 001_名录."""


class _Counting(NamedTuple):
    """A way of counting: how a mark looks, and what it counts."""

    mark: re.Pattern[str]
    number: Callable[[str], int]


def _number(written: str) -> int:
    return int(arabic(unicodedata.normalize("NFKC", written).translate(_FORMAL)))


def _number_before(written: str) -> int:
    """Of a number with its sign behind it, or of a key's cap."""
    return _number(written.rstrip(")）.．、:：\ufe0f"))


def _letter(written: str) -> int:
    """Of a letter, also of ⓐ and ⒜."""
    return ord(unicodedata.normalize("NFKC", written).strip("()").lower()) - ord("a") + 1


def _sign(written: str) -> int:
    return int(unicodedata.numeric(written))


def _stem(written: str) -> int:
    return _STEMS.index(written) + 1


def _roman(written: str) -> int:
    values = [_ROMAN_VALUES[one] for one in unicodedata.normalize("NFKC", written).lower()]
    return sum(-value if value < after else value
               for value, after in zip(values, [*values[1:], 0], strict=True))  # fmt: skip


_BRACKETED = rf"{_OPEN}(?P<in>{_NUMERAL}){_CLOSE}[.、:：]?\s*"
_PUT_BEFORE = re.compile(
    rf"{_BRACKETED}|{_BEGIN}(?P<out>{_NUMERAL}){_BLANK}?"
    rf"(?:[)）.．。>＞](?!\d)|[、:：]|[,，|｜](?!\d)|\ufe0f?\u20e3|[-—–_~～·/](?={_HAN}))\s*"
)
_SIGN = re.compile(
    rf"{_OPEN}?(?P<sign>[{_SIGNS}]|{_ROMAN_SIGN}){_CLOSE}?(?:[.．、:：]|[-—–](?={_HAN}))?\s*")
_BEHIND = re.compile(
    rf"(?P<out>\d{{1,2}}[)）.．、]|(?<![(（])[{_DIGITS}]{{1,3}}[)）.．、:：])(?={_HAN}|《)"
    r"|(?P<key>\d{1,2}\ufe0f?)\u20e3")
_BARE = re.compile(
    rf"{_BEGIN}(?P<out>0\d{{1,2}}|\d{{1,3}}(?=[ \t]))[ \t]*(?=[A-Za-z]|{_HAN})")
_LETTERED = re.compile(
    rf"(?:{_BEGIN}|(?<={_HAN}))(?P<out>[A-Za-zＡ-Ｚａ-ｚ])[)）.．、:：]\s*(?={_HAN})"
    rf"|{_OPEN}(?P<in>[A-Za-zＡ-Ｚａ-ｚ]){_CLOSE}[.、]?\s*(?={_HAN})|(?P<sign>[Ⓐ-ⓩ⒜-⒵])\s*"
)
_ROMAN_LETTERS = re.compile(
    rf"(?:{_BEGIN}|(?<={_HAN}))(?P<out>{_ROMAN})[)）.．、:：]\s*(?={_HAN})"
    rf"|{_OPEN}(?P<in>{_ROMAN}){_CLOSE}[.、]?\s*", re.IGNORECASE)
_STEM = re.compile(
    rf"{_OPEN}(?P<in>[{_STEMS}]){_CLOSE}[.、]?\s*|{_BEGIN}(?P<out>[{_STEMS}])[)）.．、:：]\s*(?={_HAN})")
_WORDED = re.compile(
    rf"{_BEGIN}(?:第|序号|序號|字段|栏位|欄位|数据项|數據項|信息项|指标|项目)(?P<one>{_NUMERAL})"
    rf"[项個个条號号]?{_BLANK}?[、:：.．)）]\s*"
    rf"|(?:[Nn][Oo][.．]?|№|[#＃]){_BLANK}?(?P<two>\d{{1,3}})[.、:：]?{_BLANK}*(?={_HAN}|[A-Za-z])"
    rf"|{_BEGIN}(?P<three>\d{{1,3}})(?:[#＃]{_BLANK}+|号{_BLANK}?[:：、])\s*(?={_HAN})"
    rf"|{_BEGIN}其(?P<four>[{_DIGITS}])[、:：,，]?\s*(?={_HAN})"
    rf"|{_BEGIN}(?P<five>[{_DIGITS}])是(?!否)[:：]?\s*(?={_HAN})"
)
"""第一：姓名; 字段1：姓名; No.1 姓名; 1号：姓名; 其一姓名; 一是姓名."""
_BELOW = re.compile(
    rf"{_BEGIN}1[.．-](?P<out>\d{{1,2}})(?![.\d%％米年月日级級度版万萬亿億元倍吨寸公千毫小个個])"
    rf"[.、)）]?{_BLANK}*(?={_HAN})")
"""1.1 姓名 1.2 地址; 1.5米 is a length."""
_COUNTINGS = (
    _Counting(_SIGN, _sign),
    _Counting(_PUT_BEFORE, _number),
    _Counting(_BEHIND, _number_before),
    _Counting(_BARE, _number),
    _Counting(_ROMAN_LETTERS, _roman),
    _Counting(_LETTERED, _letter),
    _Counting(_STEM, _stem),
    _Counting(_WORDED, _number),
    _Counting(_BELOW, _number),
)  # fmt: skip
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
    if list(counts) != [1] or marks[0].start() or marks[0][0].rstrip()[-1:] in _JOINING:
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
    alone = len(set(found)) < len(found)  # their numbers are all that tells them apart
    return found if not alone and all(one and not one.isdigit() for one in found) else []
