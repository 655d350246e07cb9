"""Turn the words of a catalogue sheet into the codes of our fields.

What a word means is declared in ``config/vocabularies``. Nothing is guessed silently: whatever
changed on its way is told by :class:`Became`, and what cannot be read is a :class:`CannotRead`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypedDict, cast

from . import cell_list, cell_period, item_notation
from .cell_value import Became, CannotRead, Fold, plain
from .heading_notes import notes, without_notes
from .headings import NOTHING
from .node import Node, Parts
from .vocabulary import How, Match, Vocabulary


@dataclass(frozen=True)
class ValueRules:
    """The vocabularies, and what ``config/imports/values.yaml`` adds to them."""

    vocabularies: Mapping[str, Vocabulary]
    nothing: frozenset[str]
    unclear: Mapping[str, frozenset[str]]
    flags: Mapping[str, bool]
    item_flags: Mapping[str, bool]
    beside_formats: frozenset[str]
    """Words that stand beside a format and name none: csv文件."""
    departments: Mapping[str, str]
    """Short form of a department's name to the full one: 卫健委."""
    fold: Fold = field(compare=False)
    no_conditions: frozenset[str] = frozenset()
    """Of ``nothing``, what says that there are no conditions."""

    def says_nothing(self, text: str) -> bool:
        """Whether the cell is one of the ways to leave a cell empty (-, NULL, 暂无), in whichever
        script and between whatever marks."""
        return plain(text, self.fold).strip("().。") in self.nothing

    def leaves_open(self, conditions: str) -> bool:
        """Whether the cell of the conditions says neither which they are nor that there are none:
        待定, 未填, a stroke."""
        bare = plain(conditions, self.fold).strip("().。")
        return bool(bare) and bare in self.nothing - self.no_conditions

    def knows(self, vocabulary: str, text: str) -> bool:
        """Whether such a value can stand in a column of that vocabulary."""
        key = plain(text, self.fold)
        if vocabulary == NOTHING:
            return self.says_nothing(text)
        if vocabulary == "formats":
            return bool({*formats(text, self).value} - {"other"})
        if self.says_nothing(text) or key in self.unclear.get(vocabulary, ()):
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

    parts = top.entries(needed=("nothing", "no_conditions", "unclear", "yes", "no", "item_yes",
                               "item_no", "beside_formats", "departments"))  # fmt: skip
    nothing, yes, no = (parts.read(key, Node.texts, ()) for key in ("nothing", "yes", "no"))
    unclear = parts["unclear"].entries(known=vocabularies) if "unclear" in parts else Parts()
    return ValueRules(
        vocabularies=vocabularies,
        nothing=keys(["", *nothing]),
        unclear={name: keys(words.texts()) for name, words in unclear.items()},
        flags=dict.fromkeys(keys(yes), True) | dict.fromkeys(keys(no), False),
        item_flags=dict.fromkeys(keys(parts.read("item_yes", Node.texts, ())), True)
        | dict.fromkeys(keys(parts.read("item_no", Node.texts, ())), False),
        beside_formats=keys(parts.read("beside_formats", Node.texts, ())),
        departments=parts.read("departments", lambda node: node.each(_full_form), {}),
        fold=fold,
        no_conditions=keys(parts.read("no_conditions", Node.texts, ())),
    )


def _full_form(_short: str, node: Node) -> str:
    return node.text()


def code(vocabulary: str, text: str, rules: ValueRules) -> Became:
    """A value of a closed vocabulary; empty for one that says nothing or decides nothing.

    ``known`` is false for a fallback and for what decides nothing. Raises :class:`CannotRead`
    (``unknown_value``).
    """
    match = rules.find(vocabulary, text)
    key = plain(text, rules.fold)
    if match is not None and match.how is not How.FALLBACK:
        return Became(match.code)
    if rules.says_nothing(text):
        return Became("")
    if key in rules.unclear.get(vocabulary, ()):
        return Became("", known=False)
    if match is None:
        raise CannotRead("unknown_value")
    return Became(match.code, known=False)


def open_attribute(text: str, rules: ValueRules, conditions: str = "") -> tuple[Became, str]:
    """The open attribute, and the condition where the words are one (实名注册用户可下载).

    Under 是否向社会开放 stand 是 and 否; 是 with ``conditions`` beside it is conditional. Raises
    :class:`CannotRead` (``conditions_unsaid``) where they are left open.
    """
    key = plain(text, rules.fold)
    if key in rules.flags and rules.find("open_attributes", text) is None:
        if rules.flags[key] and rules.leaves_open(conditions):
            raise CannotRead("conditions_unsaid")
        opened = "unconditional" if rules.says_nothing(conditions) else "conditional"
        return Became(opened if rules.flags[key] else "non_open"), ""
    for term in rules.vocabularies["open_attributes"].terms:
        if key in {plain(word, rules.fold) for word in term.conditions}:
            return Became(term.code), text.strip()
    noted = _noted_attribute(text, rules, conditions)
    return noted or (code("open_attributes", text, rules), "")


def is_of_two_lists(values: Iterable[str]) -> bool:
    """Whether the codes of a column of open attributes are of two lists: 0 and 1 say no and yes,
    1, 2 and 3 the kinds; below both 1 may be either."""
    codes = {unicodedata.normalize("NFKC", value).strip() for value in values}
    return "0" in codes and any(code.isdecimal() and code > "1" for code in codes)


def _noted_attribute(
    text: str, rules: ValueRules, conditions: str
) -> tuple[Became, str] | None:
    """有条件开放（实名） is conditional on what stands in brackets, 否（涉密） not open; a note
    that may say otherwise, or that narrows what is open without conditions, is not read."""
    said, bare = "；".join(notes(text)), without_notes(text).strip()
    if not said or not bare or bare == text or rules.find("open_attributes", text) is not None:
        return None
    became, condition = open_attribute(bare, rules, conditions)
    against = _AGAINST.get(str(became.value))
    if against is None or against.search(rules.fold(said)):
        return None
    return became, condition or (said if became.value == "conditional" else "")


_AGAINST = {
    "conditional": re.compile(r"无条件|不予|不开放|不公开|非开放|禁止|无$"),
    "non_open": re.compile(r"条件|申请|可开放|可公开|部分|除|暂"),
}
"""What a note says that may be another attribute."""


def update_period(text: str, rules: ValueRules) -> Became:
    """The update period; lengths that no word names (每3个月, 2次/年) are counted."""
    found = code("update_periods", text, rules)
    if found.known:
        return found
    counted = cell_period.counted(plain(text, rules.fold))
    bare = without_notes(text)
    if counted or bare == text or not bare.strip():
        return counted or found
    if any(_SEVERAL.search(plain(note, rules.fold)) for note in notes(text)):
        return found  # 每年（6月、12月各一次）: more often than its word says
    noted = update_period(bare, rules)  # 每月（暂定）
    return noted if noted.known else found


_SEVERAL = re.compile(
    r"次|各|每|两|逐|(?<!第[一二三四1234])季|(?<![上下])半|旬|实时|随时|[日天周月年]报"
    r"|[日号月周一二三四五六\d]"
    r"[、,，;；和及与/][^)）]{0,12}[日号月周一二三四五六\d]|[按隔][日天周月季年]"
)
"""A note that names several times, or another period."""

_FORMAT_WORDS = re.compile(r"[A-Za-z0-9.\-]+|[\u3400-\u9fff]+")
_LINKED = re.compile(r"(?:[(（\[【][^)）\]】]{0,100}[)）\]】]|[^/\\+&＋＆\s和及或与與])+")
"""Pieces between / + & and blanks; brackets stay with what they explain."""


def formats(text: str, rules: ValueRules) -> Became:
    """Format codes of a list such as ``xls,xls、CSV`` or ``XLS/CSV``, each once."""
    found = [became for part in cell_list.split(text) for became in _formats(part, rules)]
    codes = dict.fromkeys(became.value for became in found if became.value)
    return Became(list(codes), known=all(became.known for became in found))


def _formats(part: str, rules: ValueRules) -> Iterator[Became]:
    """The formats of one part: as a whole, else those of its pieces."""
    whole = code("formats", part, rules)
    pieces = [] if whole.known else [_in_piece(one, rules) for one in _LINKED.findall(part)]
    found = [became for codes, _ in pieces for became in codes]
    if not found:
        yield whole
    all_known = all(known for _, known in pieces)
    for became in found:
        yield Became(became.value, known=all_known)


def _in_piece(piece: str, rules: ValueRules) -> tuple[list[Became], bool]:
    """What the words of a piece name, and whether each names something.

    Letters say more than the words around them: 电子表格(xls) is xls; but an address is only where
    an interface is.
    """
    whole = code("formats", piece, rules)
    if whole.known:
        return [whole], True
    words = [word for word in _FORMAT_WORDS.findall(piece)
             if plain(word, rules.fold) not in rules.beside_formats]  # fmt: skip
    found = [(word, code("formats", word, rules)) for word in words]
    known = [became for _, became in found if became.known and became.value]
    lettered = [became for word, became in found
                if became in known and word.isascii() and became.value != "html"]  # fmt: skip
    others = [became for became in known if became.value != "html"]
    return lettered or others or known, all(became.known for _, became in found)


def domain(text: str, rules: ValueRules) -> Became:
    """The domain: of the whole text, else of the first part that the vocabulary knows.

    ``known`` is false if parts were left out or nothing was known.
    """
    whole = code("domains", text, rules)
    bare = without_notes(text).strip()
    if not whole.known and bare and bare != text:
        whole = code("domains", bare, rules)  # 交通及通讯 (144)
    if whole.known:
        return whole
    parts = cell_list.split(text)
    found = [became for part in parts if (became := code("domains", part, rules)).known]
    return Became(found[0].value, known=len(parts) == 1) if found else whole


def item_type(text: str, rules: ValueRules) -> tuple[str, str]:
    """The code of an item's data type, and its length where the notation says one: C..100.

    Raises :class:`CannotRead` (``unknown_value``).
    """
    def known(word: str) -> str:
        match = rules.find("item_types", word)
        return match.code if match else ""

    found = item_notation.read(text, known)
    if found is None:
        raise CannotRead("unknown_value")
    return found


def flag(text: str, rules: ValueRules) -> bool | None:
    """是 or 否 of an information item, ``None`` for an empty cell. Raises :class:`CannotRead`
    (``unknown_value``)."""
    key = plain(text, rules.fold)
    if key in rules.flags or key in rules.item_flags:
        return {**rules.item_flags, **rules.flags}[key]
    if rules.says_nothing(text):
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
    most: int = 2000

    def note(self, column: str, value: str, became: object, known: bool = True) -> None:
        """Record one mapping; a value that stayed the same is none."""
        shown = ", ".join(cast("list[str]", became)) if isinstance(became, list) else str(became)
        if shown == value:
            return
        key = (column, value[:200], shown[:200], known)
        if key in self.counts or len(self.counts) < self.most:
            self.counts[key] = self.counts.get(key, 0) + 1

    def rows(self) -> list[MappingCount]:
        """For the answer, the most frequent first."""
        ordered = sorted(self.counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
        return [
            MappingCount(column=column, value=value, became=became, known=known, count=count)
            for (column, value, became, known), count in ordered
        ]
