"""Rows of a sheet's body that are no entries: totals, notes, signatures, the head once more.

They are told from an entry by what stands in their first cell and by how little stands beside it;
nothing that fills its columns is passed over, whatever it is called.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from .heading_notes import is_demand
from .headings import Head, HeadingRules, recognise
from .text import visible

REPEATED_HEAD, TOTAL, NOTE, SIGNATURE, CAPTION, EXAMPLE = (
    "repeated_head", "total", "note", "signature", "caption", "example",
)  # fmt: skip
HEAD_LINE = "head_line"
"""Numbers of the columns, or which of them are needed; it stands below any head."""
OTHER_HEAD = "other_head"
"""A row that heads other columns: what follows is another table."""
DOUBTFUL = "doubtful"
"""A row that may be a note or signature, or an entry with little in it: 备注｜由科室汇总."""
LONGEST_SHOWN = 30
LONGEST = 80
"""Characters of a cell that are looked at."""

_TOTAL = re.compile(
    r"(?:本页|以上|全部|本表)?(?:合计|总计|小计|共计|总数|总和|汇总|累计|total|sum|subtotal|grandtotal)"
    r"(?:数?量?[(（][^()（）]{0,8}[)）])?(?:数?量)?"
    r"(?:$|[:：=共](?:$|\D{0,6}\d)|\d[\d,.]*\D{0,2}$|[项条个类家份]$)"
    r"|(?:以上|本表|全表)?共计?\d+(?:项|条|个|类|家|份)"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|注释|附|填表说明|填报说明|填写说明|填表须知|注意事项|备查|数据来源|资料来源"
    r"|来源|口径说明)\d*(?:[:：.、]|[(（][^()（）]{0,30}[)）](?:$|[:：.、\d]))"
    r"|[*※＊]\S|[-—=_*(（]*(?:以下空白|以下无正文|以下无内容|无正文|完|结束|end)[-—=_*)）]*$"
    r"|[(（]?(?:续表|接上页|转下页|接下页)[)）]?$"
    r"|(?:以上)?(?:数据|资料|统计)?(?:截至|截止)(?:(?:时间|日期)?[:：]"
    r"|(?:19|20)\d\d(?:年|年?底|年[初末]|(?:[-/.年月]\d{1,2}){1,2}[日月]?[底初末]?)?$)"
    r"|第\d+页(?:[,，/]?共\d+页)?$|(?:填表说明|填报说明|填写说明|注意事项)$"
)
_SIGNATURE = re.compile(
    r"(?:(?:填表|填报|制表|编制|审核|审批|审定|复核|校对|核稿|签发|报送|上报|负责|分管|主管|主要"
    r"|经办|联系|联络|咨询|录入|统计|采集|单位|部门|科室|机构|领导|公章|日期|时间|电话|手机|传真|邮箱"
    r"|电子邮箱|联系方式|人员|及|与|和|签字|签章|签名|盖章|人|者|(?:19|20)\d\d年?)+"
    r"[(（]?(?:签字|签章|签名|盖章|公章|手写|印章|章)?[)）]?)[:：_]"
    r"|[^:：]{2,30}[(（](?:盖章|公章|签章|印章)[)）](?:$|[:：_]|(?:19|20)\d\d)"
)
_ROLE = re.compile(
    r"(?:(?:填表|填报|制表|编制|审核|审批|审定|复核|校对|签发|报送|上报|负责|分管|主管|经办|联系|联络|录入)"
    r"(?:单位|部门|科室|机构|领导|人员|人|者)?(?:签字|签章|签名|盖章|姓名|电话|日期|时间)?"
    r"|单位(?:盖章|公章|负责人)|日期|时间|电话|联系方式|签字|签章|签名|盖章|公章|传真|邮箱)"
    r"[(（]?(?:签字|签章|签名|盖章|公章)?[)）]?"
)
"""What is signed for, without a colon: the name or day stands in the cell beside it."""
_SIGNER = re.compile(
    r"签字|签章|签名|盖章|公章"
    r"|(?:填表|填报|制表|审核|审批|审定|复核|校对|经办|录入)(?:人|者|单位|部门)"
)
"""What nobody calls an entry."""
_REACHED = re.compile(r"[\d()（）转+*-]{6,}|\S{1,64}@\S{1,64}|[\u4e00-\u9fff·]{2,4}[\d-]{7,}")
"""A number or address by which somebody is reached, perhaps behind his name."""
_OFFICE = re.compile(r"[局委厅办处科室部所院站队馆会校乡镇村]$|中心$|政府$|公司$|街道$")
_OF_DAYS = re.compile(r"日期|时间|日$|年月|时点|date|time")
"""Headings below which days stand."""
_REMARK = re.compile(r"(?:备注|说明|注|附注|注释|填表说明|填报说明|数据来源|资料来源)\d*")
_DAY = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?|(?:19|20)\d\d年\d{1,2}月")
_CAPTION = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．:：]?"
    r"|第[一二三四五六七八九十\d]+(?:部分|类|章|节)"
)
_EXAMPLE = re.compile(
    r"[(（\[【]?(?:填写|填报|填表)?(?:示例|样例|范例|举例|例如|例)\d?[)）\]】]?[:：]?"
)
_EXAMPLE_TITLE = re.compile(
    r"[(（\[【](?:填写|填报|填表)?(?:示例|样例|范例|举例|例如|例)\d?[)）\]】]"
    r"|(?:填写|填报|填表)?(?:示例|样例|范例|举例|例如|例)\d?(?:[:：]|$)"
)
"""How the title of an example begins: 示例：人口信息, (样例)企业名录."""
_STARS = "*※＊"
"""Before a note of its own; before a title a mark that the sheet explains elsewhere."""
_NUMBER = re.compile(r"[\d,.]+")
_HINT = re.compile(r"名称|名稱|标题|標題|title|name", re.IGNORECASE)


class NoEntry(NamedTuple):
    """A row that is passed over, what it is, and the beginning of what stands there."""

    row: int
    kind: str
    text: str


class BodyRows:
    """Tells the rows of one sheet."""

    def __init__(self, head: Head, rules: HeadingRules) -> None:
        self._fold = rules.fold
        self._folded_rules = replace(rules, fold=str)
        self._width = len(head.columns)
        headings = self._plain([column.heading for column in head.columns])
        self._words = {column.index: frozenset((text, *text.split("/")))
                       for column, text in zip(head.columns, headings, strict=True)}  # fmt: skip
        fields = head.by_field
        self._title = fields["title"].index if "title" in fields else -1
        items = {rule.name for rule in rules.fields if rule.item}
        self._items = frozenset(c.index for name, c in fields.items() if name in items)
        self._days = frozenset(index for index, words in self._words.items()
                               if any(map(_OF_DAYS.search, words)))  # fmt: skip

    def kind(self, cells: Sequence[str]) -> str:
        """One of the words above; empty for what may be an entry, or a part of one."""
        words = self._plain(cells)
        filled = [(index, text) for index, text in enumerate(words) if text]
        if not filled:
            return ""
        if len(filled) >= 2 and self._is_head(filled):
            return REPEATED_HEAD
        if len(filled) >= 2 and _is_of_head(filled):
            return HEAD_LINE
        if self._is_example(filled):
            return EXAMPLE
        if self._is_other_head(words):
            return OTHER_HEAD
        return self._beside_entries(filled)

    def _beside_entries(self, filled: Sequence[tuple[int, str]]) -> str:
        index, first = filled[0]
        few = len(filled) <= max(2, self._width // 3)
        if self._is_numbered_total(filled):
            return TOTAL
        if index in self._items or not few:
            signed = index not in self._items and _all_signed([text for _, text in filled])
            return SIGNATURE if signed else ""
        if _TOTAL.match(first):
            return TOTAL
        if self._has_its_day(filled):
            return ""
        starred = index == self._title and len(filled) > 1 and first[0] in _STARS
        for kind, words in ((NOTE, _NOTE), (SIGNATURE, _SIGNATURE)):
            if words.match(first) and not starred:
                return kind
        if len(filled) == 2 and self._width >= 3 and (kind := self._signed_beside(*filled)):
            return kind
        alone = len(filled) == 1
        if alone and _DAY.fullmatch(first):
            return SIGNATURE
        captioned = alone and index != self._title and self._width > 2
        return CAPTION if captioned and _CAPTION.match(first) else ""

    def _is_numbered_total(self, filled: Sequence[tuple[int, str]]) -> bool:
        """Whether a total stands where titles do, behind a running number: 3｜合计｜｜45."""
        title = next((text for index, text in filled if index == self._title), "")
        others = [text for index, text in filled if index != self._title]
        return bool(_TOTAL.match(title)) and all(map(_NUMBER.fullmatch, others))

    def _has_its_day(self, filled: Sequence[tuple[int, str]]) -> bool:
        """Whether a title has a day beside it where days stand: that is an entry with little."""
        return self._title == filled[0][0] and any(
            index in self._days and re.search(r"\d{4}", text) for index, text in filled[1:]
        )

    def _is_example(self, filled: Sequence[tuple[int, str]]) -> bool:
        """Whether it is said before the title, or as it."""
        words = [text for index, text in filled if index < self._title]
        title = next((text for index, text in filled if index == self._title), "")
        return any(_EXAMPLE.fullmatch(word) for word in words[:1]) or bool(
            _EXAMPLE_TITLE.match(title))

    def _signed_beside(self, one: tuple[int, str], other: tuple[int, str]) -> str:
        """What two cells are of a sheet of many columns: 填报单位｜教体局, 某局｜2023年5月1日.

        Below the title's heading a word may be an entry's title, and before a title stands its
        number: then only what nobody would write of an entry is taken for a signature.
        """
        (index, first), second = one, other[1]
        titled = index == self._title
        if _REMARK.fullmatch(first):
            return DOUBTFUL if titled else NOTE
        if _ROLE.fullmatch(first):
            sure = _SIGNER.search(first) or _REACHED.fullmatch(second) or _DAY.fullmatch(second)
            return SIGNATURE if sure or self._title not in (index, other[0]) else DOUBTFUL
        if not _DAY.fullmatch(second):
            return ""
        sure = bool(_OFFICE.search(first)) if titled else not first.isdecimal()
        return SIGNATURE if sure else DOUBTFUL

    def _is_head(self, filled: Sequence[tuple[int, str]]) -> bool:
        return all(text in self._words.get(index, ()) for index, text in filled)

    def _is_other_head(self, words: Sequence[str]) -> bool:
        filled = [text for text in words if text]
        if len(filled) < 3 or not any(len(t) <= 20 and _HINT.search(t) for t in filled):
            return False
        if any(len(text) > 30 for text in filled):
            return False
        fields, _ = recognise(words, self._folded_rules)
        return "title" in fields and len(fields) >= 3 and 2 * len(fields) >= len(filled)

    def _plain(self, cells: Sequence[str]) -> list[str]:
        """The cells without white space, width, case and script; all of a row are folded at once,
        since each call of the folding costs more than its text."""
        texts = [unicodedata.normalize("NFKC", visible(cell)[:LONGEST]) for cell in cells]
        bare = "\n".join("".join(text.split()) for text in texts)
        return self._fold(bare).lower().split("\n") if texts else []


def _is_of_head(filled: Sequence[tuple[int, str]]) -> bool:
    """Whether the columns are numbered, or said to be 必填 and 选填."""
    texts = [text for _, text in filled]
    numbers = [str(number) for number in range(1, len(texts) + 1)]
    return all(map(is_demand, texts)) or (
        len(texts) >= 3 and [text.strip("()（）") for text in texts] == numbers)


def _all_signed(texts: Sequence[str]) -> bool:
    """Whether names that are signed for stand in the cells, and at most days beside them."""
    return any(map(_SIGNATURE.match, texts)) and all(
        _SIGNATURE.match(text) or _DAY.fullmatch(text) for text in texts
    )


def shown(text: str) -> str:
    """What of a passed-over row is told: not what stands behind a colon, which may be a person."""
    return re.split(r"[:：]", text.strip(), maxsplit=1)[0][:LONGEST_SHOWN]
