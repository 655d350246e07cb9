"""Lists that people write into one cell: names of items, keywords, formats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from .cell_value import arabic

_SEPARATORS = ",，、;；|｜\r\n\t"
_OPENING, _CLOSING = "([{（【〔〈《［｛", ")]}）】〕〉》］｝"
_ESCAPED = re.compile(r"(?:\\r)?\\n|\\r(?![A-Za-z])|\\t(?![A-Za-z])|<br\s*/?>", re.IGNORECASE)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_MARK = re.compile(
    r"[(（](?P<in>\d{1,3}|[一二三四五六七八九十]{1,3})[)）][.、]?\s*"
    rf"|(?P<round>[{_CIRCLED}])"
    r"|(?:^|(?<=[\s,，、;；。|｜]))(?P<out>\d{1,3}|[一二三四五六七八九十]{1,3})"
    r"(?:[)）.．](?!\d)|[、:：])\s*"
)
_QUOTED = "\"'`‘’“”「」『』[] \t\u3000"
_HAN = re.compile(r"[\u3400-\u9fff]{2,10}")
_WORD = re.compile(r"[\w \-.]{2,100}")
_IN_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]{0,100})[)）\]】]")
_BULLETS = "-–—•·●○■◆*※> "
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
    plain = unescaped(text)
    parts = list(_parts(plain)) if _is_balanced(plain) else re.split(rf"[{_SEPARATORS}]+", plain)
    return [part.strip() for part in parts if part.strip()]


def _is_balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character in _OPENING) - (character in _CLOSING)
        if depth < 0:
            return False
    return depth == 0


def _parts(text: str) -> Iterator[str]:
    depth = start = 0
    for place, character in enumerate(text):
        depth += (character in _OPENING) - (character in _CLOSING)
        if depth == 0 and character in _SEPARATORS:
            yield text[start:place]
            start = place + 1
    yield text[start:]


def names(text: str) -> list[str]:
    """The names of a list, each once: without numbers in front, on one line each."""
    plain = _unlisted(unescaped(text)).strip("\"“” \t\r\n\u3000")
    found = [name for piece in _numbered(plain) for name in _words(piece)]
    lines = (" ".join(one_line(name).split()) for name in found)
    return list(dict.fromkeys(kept for name in lines if (kept := name.strip(_MARKS))))


def _unlisted(text: str) -> str:
    """A JSON list of texts without its brackets."""
    listed = re.fullmatch(r"\s*\[\s*(\"[^\[\]{}]*\")\s*\]\s*", text)
    return listed[1] if listed else text


_MARKS = "\"'“”"
"""Marks around one name of a list: "姓名","性别"."""


def _words(piece: str) -> list[str]:
    """The parts; where only blanks or strokes part several Chinese words, these are the parts."""
    parts = [part.rstrip("。") for part in split(piece)]
    if len(parts) == 1:
        for words in (parts[0].split(), re.split("[/／]", parts[0])):
            if len(words) >= FEWEST_BY_BLANKS and all(map(_HAN.fullmatch, words)):
                return words
    return [part.lstrip(_BULLETS) for part in parts]


def _numbered(text: str) -> list[str]:
    """The pieces between the numbers 1, 2, 3 …; the whole text where it does not count.

    A number that is left out or stands twice is one all the same where each begins a line or a
    piece: 1、姓名；2、地址；4、电话.
    """
    marks = list(_MARK.finditer(text))
    counts = [_count(mark) for mark in marks]
    only = text[marks[0].end() :].strip() if counts == [1] and not marks[0].start() else ""
    outside = set(re.sub(r"[(（][^()（）]{0,200}[)）]", "", only))
    if only and not only.isdigit() and not outside & set(_SEPARATORS) and not _TIGHT.search(only):
        return [only]
    if len(marks) < 2 or marks[0].start() > 0 or counts != list(range(1, len(marks) + 1)):
        return _loosely_numbered(text, marks, counts)
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    pieces = [text[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    return pieces if all(piece.strip(_SEPARATORS + " ") for piece in pieces) else [text]


def _loosely_numbered(
    text: str, marks: Sequence[re.Match[str]], counts: Sequence[int]
) -> list[str]:
    """The same of numbers in order but not one by one, of letters, and of 1）甲2）乙."""
    tight = list(_TIGHT.finditer(text))
    if [int(mark["n"]) for mark in tight] == list(range(1, len(tight) + 1)) and len(tight) > 1 and (
        tight[0].start() == 0
    ):  # fmt: skip
        return [piece for piece in _TIGHT.split(text)[2::2] if piece.strip(_SEPARATORS + " ")]
    pieces = [piece for piece in re.split(r"[;；\r\n]+", text) if piece.strip()]
    bare = [_LETTER.sub("", piece.strip()) for piece in pieces]
    if len(pieces) > 1 and not any(map(str.__eq__, bare, map(str.strip, pieces))):
        return bare
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    cut = [text[m.end() : end].strip(_SEPARATORS + " ") for m, end in zip(marks, ends)]  # noqa: B905
    if len(marks) > 1 and marks[0].start() == 0 and counts == sorted(counts) and (
        all(one and not one.isdigit() for one in cut)
    ):  # fmt: skip
        return cut
    return [text]


_TIGHT = re.compile(r"(?P<n>\d{1,2})[)）](?=[\u3400-\u9fff])")
_LETTER = re.compile(r"^[(（]?[a-zA-Z](?:[)）、.．]|[:：])\s*(?=[\u3400-\u9fff])")
"""Letters that count: a、姓名；b、地址."""


def _count(mark: re.Match[str]) -> int:
    written = mark["in"] or mark["round"] or mark["out"]
    return int(arabic(unicodedata.normalize("NFKC", written)))


def keywords(text: str) -> tuple[list[str], bool]:
    """Keywords, each once, in the characters that CKAN allows in a tag (2–100 of them), and
    whether all were kept as they are written."""
    found: dict[str, None] = {}
    whole = True
    for part in re.split(rf"[{_SEPARATORS}#＃]+", unescaped(text)):
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
