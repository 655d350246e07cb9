"""Whether a condition asks for money: data is opened free of charge, but for fees that a law or an
administrative regulation on fees sets (Regulations on Open Government Information 42).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .decision import Examined
from .field_part import FieldPart
from .ground import ENOUGH, GroundUse
from .refusal import Refusal

ARTICLE = "第四十二条"
_HARMLESS = re.compile(
    r"免费|免費|无偿|無償|不收费|不收費|(不收取|不得|禁止|严禁|嚴禁)[^，。；,;\n]{0,12}"
    r"|free of charge|at no (charge|cost)|without (charge|payment)"
    r"|元(数据|數據|資料|素|件|年)|单元|單元",
    re.IGNORECASE,
)
"""Words that speak of money without asking for any, such as that data may not be sold on."""
_ASKS = re.compile(
    r"收费|收費|付费|付費|缴费|繳費|交费|交費|费用|費用|[数數资資服工查检檢]\w{0,4}[费費]|收取"
    r"|付款|支付|价款|價款|有偿|有償|押金|保证金|保證金|[¥￥]"
    r"|[\d一二三四五六七八九十百千万萬两兩零〇,.]\s*[万萬千百]?\s*元"
    r"|\b(fees?|charges?|pay|paid|payment|payable|price|deposit|RMB|CNY|yuan|renminbi)\b",
    re.IGNORECASE,
)
_OF_FEES = re.compile(r"《[^《》]*(收费|收費|费|費|价格|價格|fee|charge)[^《》]*》", re.IGNORECASE)


def asked_for(words: str) -> str:
    """The words by which a condition asks for money, or nothing."""
    found = _ASKS.search(_HARMLESS.sub("", words))
    return found.group() if found else ""


def is_founded(citations: Iterable[str]) -> bool:
    """Whether one of the texts that are cited is a law or administrative regulation on fees."""
    ranks = tuple(rank.value for rank in ENOUGH[GroundUse.REQUEST])
    return any(_OF_FEES.search(one) and one.rstrip("）) ").endswith(ranks) for one in citations)


def check(examined: Examined) -> Iterator[Refusal]:
    """That the conditions of a decision ask for no money: the check ``free_of_charge``."""
    said = examined.case.procedure.by_part(examined.fields)
    names = examined.case.procedure.names_by_part(examined.command)
    words = asked_for(str(said.get(FieldPart.CONDITIONS, "")))
    if words and not is_founded(said.get(FieldPart.BASIS, ())):
        field = names[FieldPart.CONDITIONS]
        yield Refusal("fee_without_basis", field, words, ARTICLE, {"text": "711"})
