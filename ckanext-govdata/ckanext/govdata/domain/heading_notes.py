"""A heading as headings are compared, and what stands at one and is no part of it: notes in
brackets, 必填, numbers, footnotes.

Headings are compared with it and without it, of a catalogue and of people's data alike, and words
of a cell with and without their notes; no rule for what may stand there is anywhere else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from .cell_value import Fold

_OPENED, _CLOSED = r"(\[{【〔〈<（［｛＜﹙﹛", r")\]}】〕〉>）］｝＞﹚﹜"
NARROW = str.maketrans("[{【〔〈〖", "(" * 6) | str.maketrans("]}】〕〉〗", ")" * 6)
"""Brackets as round ones, of a text in narrow characters."""
_NOTE = re.compile(rf"[{_OPENED}][^{_OPENED}{_CLOSED}]{{0,100}}[{_CLOSED}]")
_OPEN_NOTE = re.compile(rf"(?<=.)[{_OPENED}][^{_OPENED}{_CLOSED}]{{0,100}}$", re.DOTALL)
"""A note that nobody closed."""
_DEEPEST = 3
_DEMAND = (
    r"(?:(?:条件)?(?:非?必填写?|选填|必选|可选|必须填写?|必输|必录|可不填|可填|选录)(?:项|字段)?"
    r"|required|mandatory|optional)"
)
_FRONT = re.compile(rf"(?:{_DEMAND}|\d{{1,2}}(?![\d年月日级类号岁]))+")
_DATE_FORM = (
    r"(?<=.)(?:格式为?|如|例如?)?y{2,4}[/年]?m{1,2}(?:[/月]?d{1,2}日?)?"
    r"(?:t?h{1,2}(?:24)?时?m[mi]?分?(?:s{1,2}秒?)?)?"
)
"""How a day is written, without the punctuation that headings are compared without: yyyymmdd."""
_END = re.compile(
    rf"(?:{_DEMAND}|{_DATE_FORM}|(?:注|附注|备注|说明|见注)?(?<!\d)\d{{1,2}}){{1,9}}$"
)
"""What asks for a value, or counts, before a heading and behind it."""
_ASKED = re.compile(rf"[(\[【]?{_DEMAND}[)\]】]?")
_DROPPED = re.compile(
    r"[\s\"'`“”‘’「」『』*＊:：,，。、;；!！?？_\-—·.()\[\]【】〔〕〈〉<>{}※★☆△▲▽▼●○◎◆◇■□√✓✔☑]+"
)


def plain(heading: str, fold: Fold) -> str:
    """The heading without white space, quotes, punctuation, width and script; ``/`` stays."""
    text = unicodedata.normalize("NFKC", heading)
    return _DROPPED.sub("", fold(text)).strip("/").lower()


def numbered(headings: Sequence[str]) -> list[str]:
    """The headings, each once: of two alike the second is ``备注#2``, or ``#3`` where a column is
    headed so itself."""
    taken = set(headings)
    met: set[str] = set()
    found: list[str] = []
    for heading in headings:
        name, number = heading, 2
        while heading in met and name in taken:
            name, number = f"{heading}#{number}", number + 1
        met.add(heading)
        taken.add(name)
        found.append(name)
    return found


def without_notes(text: str) -> str:
    """The text without what stands in brackets, one within the other too, or in one that nobody
    closed."""
    for _ in range(_DEEPEST):
        shorter = _NOTE.sub("", text)
        if shorter == text:
            break
        text = shorter
    return _OPEN_NOTE.sub("", text)


def notes(text: str) -> list[str]:
    """What stands in brackets, or in one that nobody closed; what is within another is a part of
    its note."""
    found: list[str] = []
    depth = start = 0
    for place, character in enumerate(text):
        if character in _OPENED:
            start = start if depth else place + 1
            depth += 1
        elif character in _CLOSED and depth:
            depth -= 1
            found += [] if depth else [text[start:place]]
    return [note.strip() for note in (*found, *([text[start:]] if depth else []))]


def unmarked(key: str) -> str:
    """A plain heading without 必填, the form of its days and the numbers that count it:
    1资源名称必填 is 资源名称, 发布日期yyyymmdd is 发布日期."""
    front = _FRONT.match(key)
    bare = key[front.end() :] if front else key
    return _END.sub("", bare).strip("/")


def is_demand(text: str) -> bool:
    """Whether a text says nothing but that a value is needed, or is not: 必填, (选填)."""
    return _ASKED.fullmatch(text) is not None
