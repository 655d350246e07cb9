"""On what the emergency opening of data rests: a plan, an article or a numbered decision, and not
any word (Anhui 35: lawfully 依法)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ..locales import Label
from ..refusal import Refusal

_ARTICLE = re.compile(r"《[^《》]{2,200}》[^；;]*第[〇零一二三四五六七八九十百千\d]+[条條]")
_PLAN = re.compile(r"[\u4e00-\u9fff·]{4,}[预預]案")
_DECISION = re.compile(r"[\u4e00-\u9fff]{2,}[〔\[（(]\d{4}[〕\]）)]\s*第?\d+号")


@dataclass(frozen=True)
class OpeningBasis:
    """One that is offered: how it is cited, and of which kinds of event; ``drill`` for drills."""

    cite: str
    heading: Label = field(hash=False)
    kinds: frozenset[str] = frozenset()
    place: str = ""
    drill: bool = False


@dataclass(frozen=True)
class OpeningBases:
    """Those of a place, and the titles and numbers of the texts that the portal knows: of them
    only what is offered may be cited."""

    offered: Sequence[OpeningBasis] = ()
    titles: Collection[str] = ()

    def fault(self, words: str) -> Refusal | None:
        """Why this is nothing on which the opening of data could rest."""
        plain = _plain(words)
        if not plain:
            return Refusal("missing", "basis")
        if any(_plain(one.cite) in plain for one in self.offered):
            return None
        named = any(pattern.search(words) for pattern in (_ARTICLE, _PLAN, _DECISION))
        if not named or any(_plain(title) in plain for title in self.titles):
            return Refusal("basis_unreal", "basis", words)
        return None


def _plain(words: str) -> str:
    return re.sub(r"[\s《》]|中华人民共和国", "", words).replace("條", "条")
