"""Types of information items in notations: C..100, N..10,2, D8, VARCHAR(4000), 字符型(50).

The letters are those of the national catalogue guide; ``..`` and numbers give the length as GB/T
19488.1 and the standards of data elements (a..an, n8, d8, t6, bl, by) write it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

LONGEST = 100
"""Characters of a cell with a type and its length."""
_SIZE = r"(?:\d+|\*|max)(?:\s*[,.，]\s*\d+)?"
_UNIT = r"\s*(?:bytes?|chars?|字节|字符|个字符|位)?"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<word>[^()]+?)\s*\(\s*(?P<length>{_SIZE}){_UNIT}\s*\)(?P<rest>.*)",
        rf"(?P<word>[a-z]{{1,3}})(?P<length>(?:{_SIZE})?\.\.(?:{_SIZE}|ul)?)(?P<rest>)",
        rf"(?P<word>[^\d().]+?)[\s,]*(?P<length>\d+(?:\s*[,.，]\s*\d+)?){_UNIT}(?P<rest>)",
        r"(?P<word>[^()\d]+?)\s*\((?P<other>[^()]+)\)(?P<length>)(?P<rest>)",
        r"(?P<length>)(?P<word>[^()]+?)(?P<rest>)",
    )
]
_MODIFIERS = re.compile(
    r"\b(?:unsigned|signed|zerofill|not\s+null|null|with(?:out)?\s+time\s+zone|identity|precision"
    r"|varying|binary)\b",
    re.IGNORECASE,
)
_DAY = re.compile(r"y{2,4}[-/.年]?m{1,2}[-/.月]?d{1,2}日?", re.IGNORECASE)
_CLOCK = re.compile(r"h{1,2}[:时]?m{1,2}(?:[:分]?s{1,2}秒?)?(?:\.s+)?", re.IGNORECASE)


def read(text: str, known: Callable[[str], str]) -> tuple[str, str] | None:
    """The code and the length (empty where none is said); ``None`` where no word is known.

    ``known`` gives the code of a word, or an empty text.
    """
    if len(text.strip()) > LONGEST:
        return None
    seen = unicodedata.normalize("NFKC", text.strip()).strip()
    if code := known(seen):
        return code, ""
    if pattern := _pattern(seen):
        return pattern, ""
    for form in _FORMS:
        match = form.fullmatch(seen)
        if match and (code := _code(match, known)):
            return code, re.sub(r"\s+", "", match["length"]).replace("，", ",").removeprefix("..")
    return None


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
    codes = [known(each) for each in dict.fromkeys([word, bare, *_with_letter(bare)]) if each]
    code = next((each for each in codes if each), "")
    beside = match.groupdict().get("other") or rest
    if not code or not beside:
        return code
    return code if known(beside.strip()) in ("", code) and not rest else ""


def _with_letter(word: str) -> list[str]:
    """字符型C, C字符型: a word and the letter of its code."""
    letter, han, between = "([A-Za-z])", r"([\u3400-\u9fff]+)", r"[\s\-:]*"
    found = re.fullmatch(f"{letter}{between}{han}|{han}{between}{letter}", word)
    return [found[2] or found[3]] if found else []
