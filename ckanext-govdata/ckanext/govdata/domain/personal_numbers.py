"""Numbers that stand for a person, found in a text however people write them.

Full-width and Chinese digits, blanks (also of no width), hyphens and dots between the digits, a
line broken in the middle, ``+86`` in front, a small ``x`` at the end. The sums and dates of GB
11643 and of the card schemes (Luhn, GB/T 17698) keep figures and codes from being taken for one.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate
from unicodedata import digit

from .identity_number import PROVINCES, BadNumber, check_digit, citizen, permanent_resident
from .text import visible

_SIGNS = "零〇○一幺壹二贰貳三叁參四肆五伍六陆陸七柒八捌九玖"
_CHINESE = str.maketrans(_SIGNS, "0001112223334455666778899")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
"""Digits of other scripts."""
_CHINESE_RUN = re.compile(rf"[{_SIGNS}]{{11,}}")
_ENOUGH = re.compile(rf"(?:[\d{_SIGNS}]\D{{0,3}}?){{10}}[\d{_SIGNS}]")
_CROSS = re.compile(r"(?<=\d{3})([\s\-]{0,2})[×✕✖╳Хх](?!\s*\d)")
"""What people type for the X at the end of an identity number."""
_STAR = re.compile(r"(?<=\d{17})\*(?![\d*])|(?<=\d{8}[ -]\d{3})\*(?![\d*])")
"""The same for the X at the end: a star behind 17 digits."""
_BREAK = re.compile(r"<br ?/?>|&nbsp;|\s{4,12}", re.IGNORECASE)
"""What tears a number apart when a page or a table is copied."""
_GLUED = re.compile(r"(?<![0-9A-Za-z])[0-9Xx]{22,80}(?![0-9A-Za-z])")
_LETTERED = re.compile(r"(?<![0-9A-Za-z])(?:[EeGg]\d{8}|[Ee][A-Za-z]\d{7}|[A-Za-z][1289]\d{8})"
                       r"(?![0-9A-Za-z])")  # fmt: skip
_TAIWAN = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
"""Letters of Taiwan's identity numbers in the order of their values, from 10 on."""
_BETWEEN = r"[\s\-‐-―−_.·•・/,、|~*()]{1,3}"
_LISTED = re.compile(r"[/,、|~*()]")
"""Signs that stand between the figures of a list as well as between the digits of one number."""
_MOST_LISTED = 6
"""Parts of an identity number that are written with such signs."""
_RUN = re.compile(rf"[0-9]+(?:{_BETWEEN}[0-9]+)*(?:(?:{_BETWEEN})?[Xx](?![0-9A-Za-z]))?")
_PART = re.compile(r"[0-9]+[Xx]?|[Xx]")
_FOREIGN = re.compile(r"(?:00?86|86|0)(?=1[3-9]\d{9}$)")
_ADDRESS = re.compile(r"[a-z]{2,10}://[^\s，。；、]+", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_CARD = re.compile(r"(?:62|60|65|69)\d{14,17}|9558\d{15}|4\d{15}|5[1-5]\d{14}|35\d{14}|3[47]\d{13}")
"""UnionPay and what Chinese banks gave out before it; Visa, MasterCard, JCB, American Express."""
_MOBILE_PARTS = {
    (11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5), (5, 6), (4, 7), (5, 3, 3),
    (3, 4, 2, 2), (9, 2), (8, 3), (10, 1), (2, 9), (1,) * 11,
    (4, 3, 4), (3, 2, 2, 2, 2), (2, 3, 3, 3), (6, 5), (3, 5, 3),
    (3, 3, 3, 2), (5, 4, 2),
}  # fmt: skip
_LISTED_MOBILE = {(3, 4, 4), (3, 8), (2, 3, 8), (2, 3, 4, 4)}
_LEAST, _MOST = 11, 19
"""Digits of the shortest number and of the longest."""
_MAY_BEGIN = re.compile(
    r"(?:00?86|86|0)?1[3-9]\d{9}|[1-9]\d{7}(?:\d\d)?(?:0[1-9]|1[0-2])[0-3]\d{4}"
    r"|(?:6[0259]|9558|4|5[1-5]|3[457])\d{10}",
    re.ASCII,
)
"""How any of the numbers begins, of persons with a month and a day; it is asked first, since
nearly all digits of a table begin otherwise."""
_OF_LENGTH: Mapping[int, tuple[str, ...]] = {
    **dict.fromkeys((11, 12, 13, 14), ("mobile_number",)),
    15: ("old_id_number", "card_number", "mobile_number"),
    **dict.fromkeys((16, 17, 19), ("card_number",)),
    18: ("id_number", "card_number"),
}
"""Which of :data:`CHECKS` know numbers of so many digits."""
_EIGHTEEN = re.compile(r"[1-9]\d{16}[\dXx]", re.ASCII)
_DIGITS = re.compile(r"\d{1,21}", re.ASCII)
"""One number alone, not several that follow each other without a sign between them."""
_CARD_PARTS = ({4}, {1}, {6})
_COMMA = re.compile(r"[,、]")
_MISPLACED = (1, 3, 3, 4)
"""A number with commas as of thousands, in places that no amount has."""
_OLD_PARTS = {(15,), (6, 6, 3), (1,) * 15}


def plain(text: str) -> str:
    """The text in narrow characters, without those that nobody sees."""
    narrow = visible(unicodedata.normalize("NFKC", text))
    if not narrow.isascii():
        narrow = _OTHER_DIGIT.sub(lambda found: str(digit(found[0])), narrow)
        narrow = _CROSS.sub(r"\1X", narrow)
    return _CHINESE_RUN.sub(lambda run: run[0].translate(_CHINESE), narrow)


def id_number(text: str) -> bool:
    """Whether it is an identity number of 18 digits, of a citizen or resident (GB 11643)."""
    if not _EIGHTEEN.fullmatch(text):
        return False
    if check_digit(text[:17]) != text[17].upper():  # ten of eleven codes end here
        return False
    read = permanent_resident if text.startswith("9") else citizen
    try:
        return bool(read(text, date.max))
    except BadNumber:
        return False


def old_id_number(text: str) -> bool:
    """Whether it may be one of 15 digits, which have no check digit: place and day (GB 11643)."""
    fits = re.fullmatch(r"[1-9]\d{14}", text, re.ASCII) is not None
    return fits and text[:2] in PROVINCES and _is_day("19" + text[6:12])


def card_number(text: str) -> bool:
    """Whether it is a bank card's number: a scheme's first digits and length, the Luhn sum."""
    if not _CARD.fullmatch(text):
        return False
    digits = [int(d) for d in reversed(text)]
    doubled = (sum(divmod(2 * d, 10)) for d in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def mobile_number(text: str) -> bool:
    """Whether it is a mobile telephone's number of the mainland, perhaps with ``86`` in front."""
    return _MOBILE.fullmatch(_FOREIGN.sub("", text)) is not None


def document_number(text: str) -> bool:
    """Whether it is a Chinese passport's number, or an identity number of Taiwan by its sum."""
    if not _LETTERED.fullmatch(text):
        return False
    written = text.upper()
    if len(written) == 9:
        return True
    place = _TAIWAN.index(written[0]) + 10
    digits = [place // 10, place % 10, *map(int, written[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(d * weight for d, weight in zip(digits, weights, strict=True)) % 10 == 0


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "id_number": id_number,
    "old_id_number": old_id_number,
    "card_number": card_number,
    "mobile_number": mobile_number,
    "document_number": document_number,
}


def found(text: str, known: bool = False) -> frozenset[str]:
    """Which of :data:`CHECKS` find a number in the text; ``known`` if it is plain already."""
    seen = text if known else plain(text)
    if _DIGITS.fullmatch(seen):
        return frozenset(_in_digits(seen))
    hits = {"document_number" for one in _LETTERED.finditer(seen) if document_number(one[0])}
    seen = _STAR.sub("X", _BREAK.sub(" ", seen))
    if not _ENOUGH.search(seen):
        return frozenset(hits)
    hits |= _in_glued(seen)
    for run in _RUN.finditer(seen):
        _look_at(_parts(seen, run), run[0], hits)
    if "card_number" in hits and "://" in seen:  # numbers of pages; every tenth has the sum
        without = _ADDRESS.sub(" ", seen)
        if without != seen:
            hits -= {"card_number"} - found(without, known=True)
    return frozenset(hits)


def _in_digits(text: str) -> Iterator[str]:
    """What digits alone are: a column of codes has hundreds of thousands of them."""
    if _LEAST <= len(text) <= _MOST and _MAY_BEGIN.match(text):
        yield from _of_length(text, ())


def _in_glued(text: str) -> set[str]:
    """Numbers that follow each other without a sign between them, and nothing else does."""
    hits: set[str] = set()
    for run in _GLUED.finditer(text):
        rest, kinds = run[0], set[str]()
        while rest:
            if id_number(rest[:18]):
                rest, kinds = rest[18:], {*kinds, "id_number"}
            elif mobile_number(rest[:11]):
                rest, kinds = rest[11:], {*kinds, "mobile_number"}
            else:
                break
        hits |= kinds if not rest else set()
    return hits


def _parts(text: str, run: re.Match[str]) -> list[re.Match[str]]:
    """The digits of a run that stand together, but for those at its ends that are a piece of a
    longer key, such as 9dcd5d14830146579b."""
    parts = list(_PART.finditer(run[0]))
    before = re.search(r"[0-9A-Za-z]*$", text[max(0, run.start() - 40) : run.start()])
    after = re.match(r"[0-9A-Za-z]*", text[run.end() : run.end() + 40])
    if after and re.search(r"[0-9]", after[0]):
        parts = parts[:-1]
    return parts[1:] if before and re.search(r"[0-9]", before[0]) else parts


def bare(text: str) -> str:
    """The digits of a text that is one number and nothing else; empty for any other."""
    if _DIGITS.fullmatch(text):
        return text
    run = _RUN.fullmatch(plain(text).strip())
    return "".join(_PART.findall(run[0])) if run else ""


def _look_at(parts: Sequence[re.Match[str]], run: str, hits: set[str]) -> None:
    """Add to the hits what the digits are from any part on up to the end of some later one.

    What is known is not asked again, and at each part only what has the length of a number: a list
    of figures takes as long as it is.
    """
    digits = "".join(part[0] for part in parts)
    ends = list(accumulate(len(part[0]) for part in parts))
    for first, part in enumerate(parts):
        begin = ends[first] - len(part[0])
        if not _MAY_BEGIN.match(digits, begin):
            continue
        last = bisect_left(ends, begin + _LEAST, first)
        while last < len(ends) and ends[last] - begin <= _MOST:
            for name in _of_length(digits[begin : ends[last]], hits):
                lengths = tuple(len(one[0]) for one in parts[first : last + 1])
                if _is_written_so(name, lengths, run[part.start() : parts[last].end()]):
                    hits.add(name)
            last += 1


def _of_length(digits: str, known: Collection[str]) -> Iterator[str]:
    """Which numbers the digits are, beside those that are known."""
    for name in _OF_LENGTH[len(digits)]:
        number = digits.rstrip("Xx") if name == "mobile_number" else digits
        if name not in known and CHECKS[name](number):
            yield name


def _is_written_so(name: str, lengths: tuple[int, ...], written: str) -> bool:
    """Whether people group the digits so; figures that follow each other are no number."""
    if len(lengths) == 1:
        return True
    listed = _LISTED.search(written) is not None
    if name == "id_number":
        return not listed or len(lengths) <= _MOST_LISTED
    if name == "mobile_number":
        if lengths == _MISPLACED:
            return True
        if listed:
            return lengths in _LISTED_MOBILE and not _COMMA.search(written)
        dotted = "." in written and lengths != (3, 4, 4)  # 131.12345678 is a longitude
        return not dotted and lengths in _MOBILE_PARTS
    if listed:
        return False
    return lengths in _OLD_PARTS if name == "old_id_number" else set(lengths[:-1]) in _CARD_PARTS


def _is_day(text: str) -> bool:
    try:
        return bool(date(int(text[:4]), int(text[4:6]), int(text[6:])))
    except ValueError:
        return False
