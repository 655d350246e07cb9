"""Rows of a sheet's body that are no entries: totals, notes, signatures, the head once more.

They are told from an entry by what stands in their first cell and by how little stands beside it;
nothing that fills its columns is passed over, whatever it is called.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .headings import Head, HeadingRules, recognise

REPEATED_HEAD, TOTAL, NOTE, SIGNATURE, CAPTION, EXAMPLE = (
    "repeated_head", "total", "note", "signature", "caption", "example",
)  # fmt: skip
OTHER_HEAD = "other_head"
"""A row that heads other columns: what follows is another table."""
LONGEST_SHOWN = 30

_TOTAL = re.compile(
    r"(?:本页|以上|全部|本表)?(?:合计|总计|小计|共计|总数|总和|汇总|累计|total|sum|subtotal|grandtotal)"
    r"(?:$|[:：(（共=]|\d|数?(?:量)?[(（:：]|\(?[项条个类家份]\)?$)"
    r"|(?:以上|本表|全表)?共计?\d+(?:项|条|个|类|家|份)"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|注释|附|填表说明|填报说明|填写说明|填表须知|注意事项|备查|数据来源|资料来源"
    r"|来源|口径说明)\d*[:：.、(（]"
    r"|[*※＊]\S|[-—=_*(（]*(?:以下空白|以下无正文|以下无内容|无正文|完|结束|end)[-—=_*)）]*$"
    r"|[(（]?(?:续表|接上页|转下页|接下页)[)）]?$|(?:以上)?(?:数据|资料|统计)?(?:截至|截止)(?:时间)?[:：\d]"
    r"|第\d+页(?:[,，/]?共\d+页)?$|(?:填表说明|填报说明|填写说明|注意事项)$"
)
_SIGNATURE = re.compile(
    r"(?:(?:填表|填报|制表|编制|审核|审批|审定|复核|校对|核稿|签发|报送|上报|负责|分管|主管|主要"
    r"|经办|联系|联络|录入|统计|采集|单位|部门|科室|机构|领导|公章|日期|时间|电话|手机|传真|邮箱"
    r"|电子邮箱|联系方式|人员|及|与|和|签字|签章|签名|盖章|人|者|(?:19|20)\d\d年?)+"
    r"[(（]?(?:签字|签章|签名|盖章|公章|手写|印章|章)?[)）]?)[:：_]"
    r"|[^:：]{2,30}[(（](?:盖章|公章|签章|印章)[)）]|(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}日)?$"
)
_ROLE = re.compile(
    r"(?:(?:填表|填报|制表|编制|审核|审批|审定|复核|校对|签发|报送|上报|负责|分管|主管|经办|联系|联络|录入)"
    r"(?:单位|部门|科室|机构|领导|人员|人|者)?(?:签字|签章|签名|盖章|姓名|电话|日期|时间)?"
    r"|单位(?:盖章|公章|负责人)|日期|时间|电话|联系方式|签字|签章|签名|盖章|公章|传真|邮箱)"
    r"[(（]?(?:签字|签章|签名|盖章|公章)?[)）]?"
)
"""What is signed for, without a colon: the name or day stands in the cell beside it."""
_REMARK = re.compile(r"(?:备注|说明|注|附注|注释|填表说明|填报说明|数据来源|资料来源)\d*")
_DAY = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?|(?:19|20)\d\d年\d{1,2}月")
_CAPTION = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．:：]?"
    r"|第[一二三四五六七八九十\d]+(?:部分|类|章|节)"
)
_DEMAND = re.compile(r"[(（]?(?:条件)?(?:必填|选填|必选|可选|非必填)项?[)）]?")
_EXAMPLE = re.compile(
    r"[(（\[【]?(?:填写|填报|填表)?(?:示例|样例|范例|举例|例如|例)\d?[)）\]】]?[:：]?"
)
_EXAMPLE_TITLE = re.compile(
    r"[(（\[【](?:填写|填报|填表)?(?:示例|样例|范例|举例|例如|例)\d?[)）\]】]"
    r"|(?:填写|填报|填表)?(?:示例|样例|范例|举例|例如|例)\d?(?:[:：]|$)"
)
"""How the title of an example begins: 示例：人口信息, (样例)企业名录."""
_HINT = re.compile(r"名称|名稱|标题|標題|title|name", re.IGNORECASE)


class NoEntry(NamedTuple):
    """A row that is passed over, what it is, and the beginning of what stands there."""

    row: int
    kind: str
    text: str


class BodyRows:
    """Tells the rows of one sheet."""

    def __init__(self, head: Head, rules: HeadingRules) -> None:
        self._rules = rules
        self._width = len(head.columns)
        self._words = {column.index: _words(column.heading, rules) for column in head.columns}
        fields = head.by_field
        self._title = fields["title"].index if "title" in fields else -1
        items = {rule.name for rule in rules.fields if rule.item}
        self._items = frozenset(c.index for name, c in fields.items() if name in items)

    def kind(self, cells: Sequence[str]) -> str:
        """One of the words above; empty for what may be an entry, or a part of one."""
        filled = [(index, text) for index, cell in enumerate(cells) if (text := cell.strip())]
        if not filled:
            return ""
        if len(filled) >= 2 and (self._is_head(filled) or self._is_of_head(filled)):
            return REPEATED_HEAD
        if self._is_example(filled):
            return EXAMPLE
        if self._is_other_head(filled, cells):
            return OTHER_HEAD
        return self._beside_entries(filled)

    def _beside_entries(self, filled: Sequence[tuple[int, str]]) -> str:
        index, text = filled[0]
        first = self._plain(text)
        few = len(filled) <= max(2, self._width // 3)
        if index in self._items or not few:
            signed = len(filled) <= max(2, self._width // 2) and index not in self._items
            return SIGNATURE if signed and _all_signed(self._plain(t) for _, t in filled) else ""
        for kind, words in ((TOTAL, _TOTAL), (NOTE, _NOTE), (SIGNATURE, _SIGNATURE)):
            if words.match(first):
                return kind
        if len(filled) == 2 and (kind := self._signed_beside(first, self._plain(filled[1][1]))):
            return kind
        alone = len(filled) == 1 and index != self._title and self._width > 2
        return CAPTION if alone and _CAPTION.match(first) else ""

    def _is_example(self, filled: Sequence[tuple[int, str]]) -> bool:
        """Whether it is said before the title, or as it."""
        words = [self._plain(text) for index, text in filled if index < self._title]
        title = next((self._plain(text) for index, text in filled if index == self._title), "")
        return any(_EXAMPLE.fullmatch(word) for word in words[:1]) or bool(
            _EXAMPLE_TITLE.match(title))

    def _signed_beside(self, first: str, second: str) -> str:
        """What two cells are of a sheet of many columns: 填报单位｜教体局, 某局｜2023年5月1日."""
        if self._width < 4:
            return ""
        if _REMARK.fullmatch(first):
            return NOTE
        return SIGNATURE if _ROLE.fullmatch(first) or _DAY.fullmatch(second) else ""

    def _is_head(self, filled: Sequence[tuple[int, str]]) -> bool:
        return all(self._plain(text) in self._words.get(index, ()) for index, text in filled)

    def _is_of_head(self, filled: Sequence[tuple[int, str]]) -> bool:
        """Whether the columns are numbered, or said to be 必填 and 选填."""
        texts = [self._plain(text) for _, text in filled]
        numbers = [str(number) for number in range(1, len(texts) + 1)]
        return all(map(_DEMAND.fullmatch, texts)) or (
            len(texts) >= 3 and [text.strip("()（）") for text in texts] == numbers)

    def _is_other_head(self, filled: Sequence[tuple[int, str]], cells: Sequence[str]) -> bool:
        if len(filled) < 3 or not any(len(t) <= 20 and _HINT.search(t) for _, t in filled):
            return False
        if any(len(text) > 30 for _, text in filled):
            return False
        fields, _ = recognise([cell.strip() for cell in cells], self._rules)
        return "title" in fields and len(fields) >= 3 and 2 * len(fields) >= len(filled)

    def _plain(self, text: str) -> str:
        folded = self._rules.fold(unicodedata.normalize("NFKC", text[:80]))
        return re.sub(r"\s+", "", folded).lower()


def _all_signed(texts: Iterable[str]) -> bool:
    return all(_SIGNATURE.match(text) for text in texts)


def _words(heading: str, rules: HeadingRules) -> frozenset[str]:
    """The heading and each of its merged parts, as a body's cells are compared."""
    folded = rules.fold(unicodedata.normalize("NFKC", heading))
    return frozenset(re.sub(r"\s+", "", part).lower() for part in (folded, *folded.split("/")))


def shown(text: str) -> str:
    """What of a passed-over row is told: not what stands behind a colon, which may be a person."""
    return re.split(r"[:：]", text.strip(), maxsplit=1)[0][:LONGEST_SHOWN]
