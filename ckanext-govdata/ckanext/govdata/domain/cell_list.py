"""Lists that people write into one cell: names of items, keywords, formats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from . import numbered_list
from .numbered_list import SEPARATORS

_OPENING, _CLOSING = "([{（【〔〈《［｛", ")]}）】〕〉》］｝"
_ESCAPED = re.compile(r"(?:\\r)?\\n|\\r(?![A-Za-z])|\\t(?![A-Za-z])|<br\s*/?>", re.IGNORECASE)
_MARKUP = re.compile(r"&#(?:1[03]|x0?[ad]);|</?(?:p|div|li|ul|ol) ?/?>", re.IGNORECASE)
_QUOTED = "\"'`‘’“”「」『』[] \t\u3000"
_HAN = re.compile(r"[\u3400-\u9fff]{2,10}")
_WORD = re.compile(r"[\w \-.]{2,100}")
_IN_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]{0,100})[)）\]】]")
_SIGNS_BEFORE = "•●○■□◆◇▪▫◦‣❖★☆▲△▼▽▶►▸→⇒√✓✔☑☐※"
"""Signs that stand before each piece, and never in a name."""
_BULLETS = _SIGNS_BEFORE + "-–—－·*＊> "
FEWEST_BY_BLANKS = 3
"""Chinese words with blanks or strokes between them are a list from so many on; two may be one
name."""


def unescaped(text: str) -> str:
    """Line ends that stand there as signs (``\\r\\n``, ``<br>``) as line ends.

    ``\\new`` of a path stays: only signs after a character that no path has are meant.
    """
    return _ESCAPED.sub(lambda found: "\n" if _is_no_path(text, found) else found[0], text)


def _is_no_path(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 1) : found.start()]
    after = text[found.end() : found.end() + 1]
    return len(found[0]) > 2 or not (re.match(r"[A-Za-z0-9:\\]", before) and after.isascii()
                                     and after.isalpha())  # fmt: skip


def one_line(text: str) -> str:
    """The text on one line: words that a line end parts stay apart, Chinese ones do not."""
    lines = [line.strip() for line in unescaped(text).splitlines() if line.strip()]
    joined = lines[0] if lines else ""
    for line in lines[1:]:
        joined += line if not (joined[-1].isascii() and line[0].isascii()) else f" {line}"
    return joined.replace("\t", " ")


def split(text: str) -> list[str]:
    """The parts of a list; what stands between brackets is not cut."""
    parts = _parts(unescaped(text))
    return [part.strip() for part in parts if part.strip()]


def is_balanced(text: str) -> bool:
    """Whether every bracket that opens closes, and none closes that did not open."""
    depth = 0
    for character in text:
        depth += (character in _OPENING) - (character in _CLOSING)
        if depth < 0:
            return False
    return depth == 0


_NUMERAL = r"第?(?:\d{1,3}|[一二三四五六七八九十百]{1,5})"
_ONE_WORD = re.compile(
    r"(?<![\d.])\d{1,3}(?:[,，]\d{3}){1,4}(?!\d)"
    rf"|{_NUMERAL}(?:[、,，]{_NUMERAL}){{1,20}}(?=[条款项类章节批期次级产种届号季])"
)
"""Separators that part nothing: 1,200 is a number, 第一、二条 and 一、二、三类 one word."""


def _parts(text: str) -> Iterator[str]:
    kept = {at for word in _ONE_WORD.finditer(text) for at in range(*word.span())}
    depth = start = 0
    counted = is_balanced(text)
    for place, character in enumerate(text):
        depth += counted and (character in _OPENING) - (character in _CLOSING)
        if depth == 0 and character in SEPARATORS and place not in kept:
            yield text[start:place]
            start = place + 1
    yield text[start:]


def names(text: str) -> list[str]:
    """The names of a list, each once: without numbers in front, on one line each."""
    plain = bare(text)
    found = _quoted(plain) or [
        name for piece in _pieces(plain) for name in _words(piece)]
    lines = (" ".join(one_line(name).split()) for name in found)
    return list(dict.fromkeys(kept for name in lines if (kept := name.strip(_MARKS))))


def _pieces(text: str) -> list[str]:
    """The pieces that numbers count, or that a sign stands before; else the whole."""
    if text[:1] and text[0] in _SIGNS_BEFORE:
        marked = [piece.strip(SEPARATORS + " ") for piece in text.split(text[0])]
        return [piece for piece in marked if piece]
    return numbered_list.pieces(text)


_WHAT = r"(?:信息项|数据项|字段|栏位|内容|指标|数据)(?:名称|清单|列表)?"
_LEAD = re.compile(
    rf"(?:(?:主要|具体)?(?:{_WHAT})?(?:主要|具体)?(?:包括|包含|涵盖)(?:但不限于)?[:：]?"
    rf"|{_WHAT}(?:主要|具体)?(?:如下|有|为)?[:：]|共?\d{{1,3}}[项个](?:{_WHAT})?[:：])\s*(?=\S)"
)
"""What says that a list follows: 主要包括, 字段有：."""
_REST = r"(?:\d{1,3}[项个類类条])?(?:相关)?(?:信息项|数据项|信息|数据|内容|字段|情况|要素)?[.。]?"
_TAIL = re.compile(
    rf"(?:(?<=[{SEPARATORS}\s])等|(?<=[^{SEPARATORS}\s中高初同平均对相甲乙丙特优次劣上下一二三])等)"
    rf"{_REST}$|(?:\.{{2,}}|…+)[.。]?$|(?<=[{SEPARATORS}])\s*共?\d{{1,3}}[项个类条]{_REST}$"
)
"""What says that a list is not all, or how long it is: 等, …, 共3项."""
_LONGEST_TAIL = 30


def bare(text: str) -> str:
    """A list without what is said before and behind it, and without the brackets or quotation
    marks around it as a whole."""
    plain = unescaped(_MARKUP.sub("\n", text.replace("&nbsp;", " "))).strip()
    inner = plain[1:-1].strip()
    if plain[:1] + plain[-1:] in ("[]", "{}", "【】") and inner[:1] in _MARKS and _quoted(
        inner, 1
    ):  # fmt: skip
        plain = inner
    if _quoted(plain):
        return plain
    led = _LEAD.match(plain)
    plain = (plain[led.end() :] if led else plain).strip("\"“” \t\r\n\u3000")
    if not set(plain) & set(SEPARATORS + " "):
        return plain
    end = max(0, len(plain) - _LONGEST_TAIL)
    tail = _TAIL.search(plain, end)
    return plain[: tail.start()].strip(SEPARATORS + " ") if tail else plain


_MARKS = "\"'“”"
"""Marks around one name of a list: "姓名","性别"."""
_IN_MARKS = re.compile(
    r"\s*(\"[^\"]{1,200}\"|'[^']{1,200}'|“[^“”]{1,200}”|「[^「」]{1,200}」|【[^【】]{1,200}】)"
    rf"[{SEPARATORS}\s]*"
)


def _quoted(text: str, least: int = 2) -> list[str]:
    """The names of a list in which each stands in marks; nothing within them is cut."""
    found: list[str] = []
    at = 0
    while at < len(text):
        name = _IN_MARKS.match(text, at)
        if name is None:
            return []
        found.append(name[1][1:-1].strip())
        at = name.end()
    counted = numbered_list.pieces("\n".join(found))
    found = counted if len(counted) == len(found) else found
    return found if len(found) >= least else []


_BETWEEN = (
    r"\s+", r"[/／]", r"[+＋]", r"[·•]", r"[&＆]", r"[\\＼]", r"->|→|=>", r"--|——", r"[:：]",
    r"[~～]", r"[\^$*#＃]", r"。",
)  # fmt: skip
_ALSO = re.compile("以及[:：]?")
"""Before the last of a list."""


def _words(piece: str) -> list[str]:
    """The parts; where only blanks or strokes part several Chinese words, these are the parts."""
    parts = [part.rstrip("。") for part in split(piece)]
    parts = [part[len(also[0]) :] if at and (also := _ALSO.match(part)) else part
             for at, part in enumerate(parts)]  # fmt: skip
    if len(parts) == 1:
        for between in _BETWEEN:
            words = re.split(between, parts[0].strip().lstrip(_BULLETS))
            if len(words) >= FEWEST_BY_BLANKS and all(map(_HAN.fullmatch, words)):
                return words
    return [part.lstrip(_BULLETS) for part in parts]


def keywords(text: str) -> tuple[list[str], bool]:
    """Keywords, each once, in the characters that CKAN allows in a tag (2–100 of them), and
    whether all were kept as they are written."""
    found: dict[str, None] = {}
    whole = True
    for part in re.split(rf"[{SEPARATORS}#＃]+", unescaped(text)):
        for word in _separate(part.strip(_QUOTED)):
            kept = _IN_BRACKETS.sub(r"\1", unicodedata.normalize("NFC", word))
            if _WORD.fullmatch(kept):
                found[kept] = None
                whole = whole and kept == word
            else:
                whole = False
    return list(found), whole


def _separate(word: str) -> list[str]:
    """水价/民生 and 水价 民生 供水 are several words; open data and TCP/IP one each."""
    for between in (r"[/／]", r"\s+"):
        words = [each for each in re.split(between, word) if each]
        if len(words) > 1 and all(re.search(r"[\u3400-\u9fff]", each) for each in words):
            return [each.strip(_QUOTED) for each in words]
    return [word] if word else []
