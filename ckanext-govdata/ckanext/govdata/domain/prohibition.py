"""What may not be opened, looked for in a table and its words (Anhui 35, 36).

禁止开放的，不得开放: state secrets and data that is not open never; personal data never, except
what a named person answers for, such as the telephone number of a duty office. Words and
patterns come from ``config/emergency/prohibitions.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .sheet import Sheet

SHOWN = 3
"""Places named for one finding."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RUN = re.compile(r"(?<![0-9A-Za-z])[0-9]{15,19}[Xx]?(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Ban:
    """One kind of thing that may not be opened; ``override`` where a named person may answer."""

    code: str
    override: bool = False
    headings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    pattern: str = ""
    check: str = ""


@dataclass(frozen=True)
class Finding:
    """Something that stands against publishing: which ban, and where; no value in clear."""

    ban: str
    override: bool
    places: tuple[str, ...]


def id_number(text: str) -> bool:
    """Whether it is a citizen's identity number: the check digit is right (GB 11643)."""
    if not re.fullmatch(r"[1-9]\d{5}(18|19|20)\d{9}[\dXx]", text):
        return False
    total = sum(int(d) * w for d, w in zip(text, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == text[-1].upper()


def card_number(text: str) -> bool:
    """Whether 16–19 digits are a bank card's number: their Luhn sum is right (GB/T 17698)."""
    if not re.fullmatch(r"[3-6]\d{15,18}", text):
        return False
    digits = [int(d) for d in reversed(text)]
    doubled = (sum(divmod(2 * d, 10)) for d in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


CHECKS: Mapping[str, Callable[[str], bool]] = {"id_number": id_number, "card_number": card_number}


def findings(
    bans: Iterable[Ban], attribute: str | None, texts: Mapping[str, str], sheet: Sheet | None
) -> list[Finding]:
    """All that stands against publishing: the entry's attribute, its words, its table.

    ``texts`` are words that are published with it, by what they are.
    """
    found: list[Finding] = []
    if attribute == "non_open":
        found.append(Finding("non_open", False, ("open_attribute",)))
    elif attribute == "conditional":
        found.append(Finding("conditional", True, ("open_attribute",)))
    for ban in bans:
        places = [*_in_texts(ban, texts), *(_in_sheet(ban, sheet) if sheet else ())]
        if places:
            found.append(Finding(ban.code, ban.override, tuple(places[:SHOWN])))
    return found


def _in_texts(ban: Ban, texts: Mapping[str, str]) -> list[str]:
    return [name for name, text in texts.items() if _hits(ban, text)]


def _in_sheet(ban: Ban, sheet: Sheet) -> list[str]:
    """Headings, and cells as ``heading:row`` with rows counted from 1."""
    places = [name for name in sheet.columns if _heading(ban, name) or _hits(ban, name)]
    for row, cells in enumerate(sheet.rows, 1):
        for name, cell in zip(sheet.columns, cells, strict=True):
            if cell and name not in places and _hits(ban, cell):
                places.append(f"{name}:{row}")
        if len(places) >= SHOWN:
            break
    return places


def _heading(ban: Ban, name: str) -> bool:
    plain = re.sub(r"[\s_（）()]", "", name).lower()
    return any(plain == word or plain.endswith(word) for word in ban.headings)


def _hits(ban: Ban, text: str) -> bool:
    if any(word in text for word in ban.words):
        return True
    if ban.check:
        check = CHECKS[ban.check]
        return any(check(run) for run in _RUN.findall(text))
    return bool(ban.pattern and re.search(ban.pattern, text))


def blocking(found: Iterable[Finding], overridden: Sequence[str]) -> list[Finding]:
    """What still stands against publishing after somebody answered for these bans by name."""
    named = set(overridden)
    return [one for one in found if not (one.override and one.ban in named)]
