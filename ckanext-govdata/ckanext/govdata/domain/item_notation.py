"""Types of information items in notations: C..100, N..10,2, D8, VARCHAR(4000), 字符型（长度50）.

The letters are those of the national catalogue guide; ``..`` and numbers give the length as GB/T
19488.1 and the standards of data elements (a..an, n8, d8, t6, bl, by) write it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from .heading_notes import NARROW

LONGEST = 100
"""Characters of a cell with a type and its length."""
_SIZE = r"(?:\d+|\*|max)(?:\s*[,.，]\s*\d+)?"
_UNIT = r"\s*(?:bytes?|chars?|字节|字符|个字符|位字符|位数|位|个字|字|bit)?"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<word>[^()]+?)\s*\(\s*(?P<length>{_SIZE}){_UNIT}\s*\)(?P<rest>.*)",
        r"(?P<word>[a-z]{1,3})(?P<length>\.\.\d+\(\d+)\)(?P<rest>)",
        rf"(?P<word>[a-z]{{1,3}})(?P<length>(?:{_SIZE})?\.\.(?:{_SIZE}|ul)?)(?P<rest>)",
        rf"(?P<word>[^\d().]+?)[\s,]*(?P<length>\d+(?:\s*[,.，]\s*\d+)?){_UNIT}(?P<rest>)",
        r"(?P<word>[^()\d]+?)\s*\((?P<other>[^()]+)\)(?P<length>)(?P<rest>.*)",
        r"(?P<word>[^()\d]+?)(?:[\s,;:/|*_-]+|(?=[≤<]))(?P<other>[^()]*\d[^()]*)(?P<length>)(?P<rest>)",
        r"(?P<word>[^()\da-z]+?)(?P<other>[yh][^()]+)(?P<length>)(?P<rest>)",
        r"(?P<length>)(?P<word>[^()]+?)(?P<rest>)",
    )
]
_LENGTH = re.compile(
    r"(?:数据|最大|最长|总)*(?:长度|长|length|len|size)?\s*(?:为|是|[:=])?\s*"
    r"(?:不超过|不大于|不多于|小于等于|至多|最多|最大|最长|≤|<=|\.\.)?\s*"
    rf"(?:(?P<least>\d+)\s*(?:-|~|—|至|到|\.\.)\s*)?(?P<most>\d+){_UNIT}\s*(?:以内|以下|之内|内)?"
    rf"(?:\s*[,、;]?\s*(?:其中|保留|含|带|小数点后|小数)*\s*(?P<places>\d+){_UNIT}(?:小数)?)?",
    re.IGNORECASE,
)
"""A length in words: 长度50, 不超过50字, 1-50, 18位,2位小数."""
_TELLS_LENGTH = re.compile(
    r"长度|\d\s*[位字]|字节|字符|不超过|不大于|最[多大长]|以内|以下|[≤<]|\b(?:len|size|bytes?|chars?)",
    re.IGNORECASE,
)
_NO_LENGTH = re.compile(r"(?:保留)?\d+位小数|(?:0\D{0,3}1|1\D{0,3}0)\D{0,3}|小数点后\d+位|精确到.*")
"""Numbers beside a type that give no length: 保留2位小数, 0否1是."""
_MODIFIERS = re.compile(
    r"\b(?:unsigned|signed|zerofill|not\s+null|null|with(?:out)?\s+time\s+zone|identity|precision"
    r"|varying|binary)\b",
    re.IGNORECASE,
)
_ANGLED = re.compile(r"<([^<>=]*)>")
_DAY = re.compile(r"y{2,4}[-/.年]?m{1,2}[-/.月]?d{1,2}日?", re.IGNORECASE)
_CLOCK = re.compile(
    r"h{1,2}(?:24)?[:时]?m[mi]?(?:[:分]?s{1,2}秒?)?分?(?:\.s+)?", re.IGNORECASE)


def read(text: str, known: Callable[[str], str]) -> tuple[str, str] | None:
    """The code and the length (empty where none is said); ``None`` where no word is known, or
    something is said of a length that is not understood.

    ``known`` gives the code of a word, or an empty text.
    """
    if len(text.strip()) > LONGEST:
        return None
    seen = _ANGLED.sub(r"(\1)", unicodedata.normalize("NFKC", text.strip())).translate(NARROW)
    seen = seen.strip()
    if code := known(seen):
        return code, ""
    if pattern := _pattern(seen):
        return pattern, ""
    for form in _FORMS:
        match = form.fullmatch(seen)
        if match and (code := _code(match, known)):
            length = _length(code, match.groupdict())
            return None if length is None else (code, length)
    return None


def _length(code: str, parts: dict[str, str | None]) -> str | None:
    """What the notation says of it; ``None`` where that is not understood."""
    written = parts["length"] or ""
    if not written:
        return _in_words(code, (parts.get("other") or "").strip())
    if code == "L" and re.fullmatch(r"[01]\D[01]", written):
        return ""
    plain = re.sub(r"\s+", "", written).replace("，", ",").replace("(", ",")
    return plain.removeprefix("..")


def _in_words(code: str, other: str) -> str | None:
    found = _LENGTH.fullmatch(other)
    if found is None or code in "DTLG":
        unclear = _TELLS_LENGTH.search(other) and re.search(r"\d", other)
        return None if unclear and code not in "DTLG" and not _NO_LENGTH.fullmatch(other) else ""
    if _NO_LENGTH.fullmatch(other):
        return ""
    least, most, places = found["least"], found["most"], found["places"]
    return (f"{least}..{most}" if least else most) + (f",{places}" if places else "")


def _pattern(text: str) -> str:
    """YYYY-MM-DD is a day, with hh:mm:ss behind it an instant."""
    day, clock = _DAY.match(text), _CLOCK.search(text)
    if day is None:
        return ""
    rest = text[day.end() :].strip(" T")
    return "D" if not rest else "T" if clock and clock[0] == rest else ""


def _code(match: re.Match[str], known: Callable[[str], str]) -> str:
    rest = _MODIFIERS.sub("", match["rest"]).strip()
    word = match["word"].strip()
    bare = _MODIFIERS.sub("", word).strip()
    words = dict.fromkeys([word, bare, *_with_letter(bare), bare.rpartition(".")[2]])
    code = next((code for each in words if each and (code := known(each))), "")
    if not code:
        return ""
    for beside in (match.groupdict().get("other") or "", rest):
        said = known(beside.strip()) or _pattern(beside.strip())
        if said == "T" and code == "D":  # a day with its time is an instant: 日期（… hh:mm:ss）
            code = said
        elif said not in ("", code):
            return ""
    return code if not rest or known(rest) == code else ""


def _with_letter(word: str) -> list[str]:
    """字符型C, C字符型: a word and the letter of its code."""
    letter, han, between = "([A-Za-z])", r"([\u3400-\u9fff]+)", r"[\s\-:]*"
    found = re.fullmatch(f"{letter}{between}{han}|{han}{between}{letter}", word)
    return [found[2] or found[3]] if found else []
