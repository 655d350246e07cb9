"""Turn the values of a catalogue sheet into the values of our fields.

What a word means is declared in ``config/vocabularies``; here stand the lists, the dates and the
periods. Nothing is guessed silently: whatever changed on its way is
told by :class:`Became`, and what cannot be read is a :class:`CannotRead`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypedDict, cast

from .node import Node, Parts
from .vocabulary import How, Match, Vocabulary

Fold = Callable[[str], str]

YEARS = range(1900, 2101)
"""Years in which data can have been published; anything else is a slip of the pen."""

_QUOTES = "\"'`‘’“”「」『』 \t\r\n\u3000"
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(20000, 73051)  # 1954-10-03 to 2100-01-01 in the workbook's day count
_MILLENNIUM_MS = 10**12
_SPLIT = re.compile(r"[,，、;；|｜\r\n]+")
_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "两": "2"}


class CannotRead(ValueError):
    """A value that cannot become one of ours. ``code`` names the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Became:
    """What a value became. ``known`` is false where only a stand-in was found (其他)."""

    value: Any
    known: bool = True


@dataclass(frozen=True)
class ValueRules:
    """The vocabularies, and what ``config/imports/values.yaml`` adds to them."""

    vocabularies: Mapping[str, Vocabulary]
    nothing: frozenset[str]
    unclear: Mapping[str, frozenset[str]]
    flags: Mapping[str, bool]
    departments: Mapping[str, str]
    """Short form of a department's name to the full one: 卫健委."""
    fold: Fold = field(compare=False)

    def says_nothing(self, text: str) -> bool:
        """Whether the cell is one of the ways to leave a cell empty (-, NULL, 暂无)."""
        return plain(text, self.fold) in self.nothing

    def knows(self, vocabulary: str, text: str) -> bool:
        """Whether such a value can stand in a column of that vocabulary."""
        key = plain(text, self.fold)
        if key in self.nothing or key in self.unclear.get(vocabulary, ()):
            return True
        if vocabulary == "open_attributes" and self._is_open_word(key):
            return True
        match = self.find(vocabulary, text)
        return match is not None and match.how is not How.FALLBACK

    def _is_open_word(self, key: str) -> bool:
        terms = self.vocabularies["open_attributes"].terms
        words = (word for term in terms for word in term.conditions)
        return key in self.flags or key in {plain(word, self.fold) for word in words}

    def find(self, vocabulary: str, text: str) -> Match | None:
        """The term that is meant, in either script; see :meth:`Vocabulary.find`."""
        words = self.vocabularies[vocabulary]
        match = words.find(text)
        if match is None or match.how is How.FALLBACK:
            folded = words.find(plain(text, self.fold))
            return folded if folded is not None and folded.how is not How.FALLBACK else match
        return match


def rules_from(top: Node, vocabularies: Mapping[str, Vocabulary], fold: Fold) -> ValueRules:
    """Read the rules of ``imports/values.yaml``; the codes are those of the vocabularies."""

    def keys(words: Iterable[str]) -> frozenset[str]:
        return frozenset(plain(word, fold) for word in words)

    parts = top.entries(needed=("nothing", "unclear", "yes", "no", "departments"))
    nothing, yes, no = (parts.read(key, Node.texts, ()) for key in ("nothing", "yes", "no"))
    unclear = parts["unclear"].entries(known=vocabularies) if "unclear" in parts else Parts()
    return ValueRules(
        vocabularies=vocabularies,
        nothing=keys(["", *nothing]),
        unclear={name: keys(words.texts()) for name, words in unclear.items()},
        flags=dict.fromkeys(keys(yes), True) | dict.fromkeys(keys(no), False),
        departments=parts.read("departments", lambda node: node.each(_full_form), {}),
        fold=fold,
    )


def _full_form(_short: str, node: Node) -> str:
    return node.text()


def plain(text: str, fold: Fold) -> str:
    """The text without quotes, white space, width, case and script."""
    folded = fold(unicodedata.normalize("NFKC", text))
    return "".join(c for c in folded if c not in _QUOTES and not c.isspace()).lower()


def code(vocabulary: str, text: str, rules: ValueRules) -> Became:
    """A value of a closed vocabulary; empty for one that says nothing or decides nothing.

    ``known`` is false for a fallback and for what decides nothing. Raises :class:`CannotRead`
    (``unknown_value``).
    """
    match = rules.find(vocabulary, text)
    key = plain(text, rules.fold)
    if match is not None and match.how is not How.FALLBACK:
        return Became(match.code)
    if key in rules.nothing:
        return Became("")
    if key in rules.unclear.get(vocabulary, ()):
        return Became("", known=False)
    if match is None:
        raise CannotRead("unknown_value")
    return Became(match.code, known=False)


def open_attribute(text: str, rules: ValueRules, conditions: str = "") -> tuple[Became, str]:
    """The open attribute, and the condition where the words are one (实名注册用户可下载).

    Under 是否向社会开放 stand 是 and 否; 是 with ``conditions`` beside it is conditional.
    """
    key = plain(text, rules.fold)
    if key in rules.flags and rules.find("open_attributes", text) is None:
        opened = "conditional" if conditions.strip() else "unconditional"
        return Became(opened if rules.flags[key] else "non_open"), ""
    for term in rules.vocabularies["open_attributes"].terms:
        if key in {plain(word, rules.fold) for word in term.conditions}:
            return Became(term.code), text.strip()
    return code("open_attributes", text, rules), ""


def update_period(text: str, rules: ValueRules) -> Became:
    """The update period; lengths that no word names (每3个月) are counted."""
    found = code("update_periods", text, rules)
    if found.known:
        return found
    counted = _counted_period(plain(text, rules.fold))
    return Became(counted) if counted else found


_PERIOD = re.compile(
    r"(?:每|按|逐)?(?P<n>\d+(?:\.\d+)?|半)?(?:个)?"
    r"(?P<unit>年|季度|季|月|周|星期|日|天|小时|分钟|分|秒)"
    r"(?:更新|度)?(?:一次|\d*次)?(?:\d+月)?(?:更新)?$"
)
_UNITS = {"年": 365.0, "季度": 91.0, "季": 91.0, "月": 30.0, "周": 7.0, "星期": 7.0, "日": 1.0,
          "天": 1.0, "小时": 0.04, "分钟": 0.0, "分": 0.0, "秒": 0.0}  # fmt: skip
_STEPS = ((0.5, "real_time"), (1, "daily"), (7, "weekly"), (31, "monthly"), (92, "quarterly"),
          (184, "half_yearly"), (366, "yearly"), (731, "biennial"))  # fmt: skip


def _counted_period(key: str) -> str | None:
    """``每年1次``, ``1次/月``, ``每2年``, ``30秒``: the named period of exactly that length."""
    key = "".join(_DIGITS.get(c, c) if c != "一" else "1" for c in key)
    match = _PERIOD.match(re.sub(r"^\d+次/", "", key))
    if not match:
        return None
    count = match["n"]
    days = _UNITS[match["unit"]] * (0.5 if count == "半" else float(count or 1))
    for longest, name in _STEPS:
        if days <= longest:
            shortest = 0.9 * longest
            return name if longest <= 1 or days >= shortest else None
    return None


def formats(text: str, rules: ValueRules) -> Became:
    """Format codes of a list such as ``xls,xls、CSV``, each once."""
    found = [code("formats", part, rules) for part in split(text)]
    codes = dict.fromkeys(became.value for became in found if became.value)
    return Became(list(codes), known=all(became.known for became in found))


def domain(text: str, rules: ValueRules) -> Became:
    """The domain: of the whole text, else of the first part that the vocabulary knows.

    ``known`` is false if parts were left out or nothing was known.
    """
    whole = code("domains", text, rules)
    if whole.known:
        return whole
    parts = split(text)
    found = [became for part in parts if (became := code("domains", part, rules)).known]
    return Became(found[0].value, known=len(parts) == 1) if found else whole


def split(text: str) -> list[str]:
    """The parts of a list that people write with , 、 ; | or line breaks."""
    return [part.strip() for part in _SPLIT.split(text) if part.strip()]


def keywords(text: str) -> list[str]:
    """Keywords, each once, in the characters that CKAN allows in a tag (2–100 of them)."""
    words = (re.sub(r"[^\w \-.]", "", word).strip() for word in split(text))
    return list(dict.fromkeys(word for word in words if 2 <= len(word) <= 100))


_DATE = re.compile(
    r"(?P<y>\d{4})(?:[-/.年](?P<m>\d{1,2})(?:[-/.月](?P<d>\d{1,2})日?)?月?|年)?"
    r"(?:[T ]?\d{1,2}[:时点]\d{1,2}.*)?$"
)
_PACKED = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:\d{6})?$")
_MINGUO = re.compile(r"(?P<y>\d{2,3})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?$")


def day(text: str, today: date | None = None) -> str:
    """An ISO day of the ways to write one: ``2022年11月9日``, ``20221109``, ``44874``, ROC years.

    A month or year alone means its first day. Raises :class:`CannotRead` with ``date_unreadable``,
    ``date_impossible`` (2022-02-30), or ``date_future`` if it lies after ``today``.
    """
    key = unicodedata.normalize("NFKC", text).strip(_QUOTES)
    key = re.sub(r"\s*([年月日/.-])\s*", r"\1", re.sub("^(?:中[華华])?民[國国]", "", key))
    found = _as_number(key) or _as_written(key)
    if found.year not in YEARS:
        raise CannotRead("date_impossible")
    if today and found > today:
        raise CannotRead("date_future")
    return found.isoformat()


def _as_number(key: str) -> date | None:
    """Workbook serials (days since 1899-12-30) and milliseconds since 1970."""
    if not re.fullmatch(r"\d{5}(?:\.\d+)?|\d{13}", key):
        return None
    number = float(key)
    if number >= _MILLENNIUM_MS:
        return date(1970, 1, 1) + timedelta(days=int(number // 86_400_000))
    if int(number) not in _SERIALS:
        raise CannotRead("date_impossible")
    return _EXCEL_EPOCH + timedelta(days=int(number))


def _as_written(key: str) -> date:
    for pattern, era in ((_PACKED, 0), (_DATE, 0), (_MINGUO, 1911)):
        match = pattern.match(key)
        if match:
            parts = match.groupdict()
            try:
                return date(int(parts["y"]) + era, int(parts["m"] or 1), int(parts["d"] or 1))
            except ValueError as error:
                raise CannotRead("date_impossible") from error
    raise CannotRead("date_unreadable")


def flag(text: str, rules: ValueRules) -> bool | None:
    """是 or 否, ``None`` for an empty cell. Raises :class:`CannotRead` (``unknown_value``)."""
    key = plain(text, rules.fold)
    if key in rules.flags:
        return rules.flags[key]
    if key in rules.nothing:
        return None
    raise CannotRead("unknown_value")


class MappingCount(TypedDict):
    """What one value of a column became, and how often."""

    column: str
    value: str
    became: str
    known: bool
    count: int


@dataclass
class MappingRecord:
    """Counts what became what; one row for each different ``column``, ``value``, ``became``."""

    counts: dict[tuple[str, str, str, bool], int] = field(
        default_factory=dict[tuple[str, str, str, bool], int]
    )
    left_out: int = 0
    most: int = 2000

    def note(self, column: str, value: str, became: object, known: bool = True) -> None:
        """Record one mapping; a value that stayed the same is none."""
        shown = ", ".join(cast("list[str]", became)) if isinstance(became, list) else str(became)
        if shown == value:
            return
        key = (column, value[:200], shown[:200], known)
        if key not in self.counts and len(self.counts) >= self.most:
            self.left_out += 1
        else:
            self.counts[key] = self.counts.get(key, 0) + 1

    def rows(self) -> list[MappingCount]:
        """For the answer, the most frequent first."""
        ordered = sorted(self.counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
        return [
            MappingCount(column=column, value=value, became=became, known=known, count=count)
            for (column, value, became, known), count in ordered
        ]
