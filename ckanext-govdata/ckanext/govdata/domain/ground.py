"""Grounds: on what a request for data may be refused, and whether what somebody cites is one.

They are a closed list (``config/grounds.yaml``): Regulations on Open Government Information 13 to
16 and 36, laws and administrative regulations, and the local articles that repeat them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from .instrument import Rank
from .locales import Label
from .refusal import Refusal


class GroundUse(str, Enum):
    """What is founded on a ground: the answer to a request, what an entry of the catalogue says
    of its opening and of its sharing, or that a department has to put something right."""

    REQUEST = "request"
    OPENING = "opening"
    SHARING = "sharing"
    RECTIFICATION = "rectification"


class CitedRank(str, Enum):
    """The rank that somebody gives to a text that is not on the list, in the words of its country:
    only the first ones can carry a refusal (:data:`ENOUGH`)."""

    LAW = "法律"
    ADMINISTRATIVE_REGULATION = "行政法规"
    POLICY = "党中央、国务院政策"
    LOCAL_REGULATION = "地方性法规"
    RULE = "规章"
    DOCUMENT = "规范性文件"


class ReplyKind(str, Enum):
    """What a reply to a request is (Regulations on Open Government Information 36, 35): public
    already, given, withheld, not there, another body's, asked for before, under a law of its own,
    or not processed. Grounds make it; without one it is given."""

    PUBLIC = "public"
    GIVEN = "given"
    WITHHELD = "withheld"
    ABSENT = "absent"
    NOT_OURS = "not_ours"
    REPEATED = "repeated"
    ELSEWHERE = "elsewhere"
    UNPROCESSED = "unprocessed"


_UPPER = (CitedRank.LAW, CitedRank.ADMINISTRATIVE_REGULATION)
ENOUGH: Mapping[GroundUse, tuple[CitedRank, ...]] = {
    GroundUse.REQUEST: _UPPER,
    GroundUse.OPENING: _UPPER,
    GroundUse.SHARING: (*_UPPER, CitedRank.POLICY),
    GroundUse.RECTIFICATION: _UPPER,
}
"""What carries what: regulations 13 to 16 for opening, Anhui 21 and 22 for sharing."""
_OWN = re.compile(
    r"^\s*《(?P<title>[^《》]{2,200})》.*第[〇零一二三四五六七八九十百千\d]+[条條]"
    r"[^（(]*(?:[（(](?P<rank>[^（）()]+)[）)])?\s*$"
)
"""《…》 with an article and, in brackets at its end, the rank of the text."""


@dataclass(frozen=True)
class Ground:
    """One ground: ``text`` is the id of its document, ``citation`` how it is cited in a letter.

    ``document``, ``number`` and ``rank`` are its document's, ``quote`` what the article says on
    the day; ``hint`` tells whoever chooses it what else to write; ``reply`` is what it makes of
    the answer.
    """

    text: str
    article: str
    citation: str
    heading: Label = field(hash=False)
    reconsider_first: bool = False
    alone: bool = True
    document: Label = field(default_factory=dict[str, str], hash=False)
    number: str = ""
    rank: Rank = Rank.LAW
    quote: str = ""
    hint: Label = field(default_factory=dict[str, str], hash=False)
    reply: ReplyKind = ReplyKind.WITHHELD
    uses: frozenset[GroundUse] = frozenset({GroundUse.REQUEST})
    usual_for: frozenset[str] = frozenset()
    """The open attributes and share types of an entry that usually rest on it."""
    also: str = ""
    """Another way of citing it: by the title of its document, where letters have the number."""

    @property
    def id(self) -> str:
        """What forms and programs name it by."""
        return f"{self.text}:{self.article}"


@dataclass(frozen=True)
class Grounds:
    """Those that may be cited in a case, by id; ``titles`` are those of every text that the portal
    knows, whether it binds here or not, with the numbers under which they are cited too."""

    offered: Mapping[str, Ground]
    titles: Collection[str]
    replies: Mapping[ReplyKind, Ground] = field(default_factory=dict[ReplyKind, Ground])
    """The article that knows each kind of reply."""
    use: GroundUse = GroundUse.REQUEST

    def usual_first(self, kind: str) -> tuple[Ground, ...]:
        """Those that are offered, before others those on which such an attribute usually rests."""
        return tuple(sorted(self.offered.values(), key=lambda one: kind not in one.usual_for))

    @cached_property
    def _known(self) -> tuple[str, ...]:
        return tuple(_plain(title) for title in self.titles)

    @cached_property
    def _by_citation(self) -> Mapping[str, Ground]:
        offered = self.offered.values()
        return {_plain(way): one for one in offered for way in (one.citation, one.also) if way}

    def named(self, words: str) -> Ground | None:
        """The ground that is named by its id or cited in words; blanks do not matter."""
        if words in self.offered:
            return self.offered[words]
        return self._by_citation.get(_plain(words))

    def judge(self, words: str) -> str | Refusal:
        """The citation as a letter has it, or why this is no ground."""
        ground = self.named(words)
        return ground.citation if ground else self._judge_own(words)

    def _judge_own(self, words: str) -> str | Refusal:
        """A text that is not on the list: cited whole, not one that is known, of a rank that says
        what a letter needs."""
        found = _OWN.match(words)
        plain = _plain(words)
        if any(title in plain for title in self._known):
            return Refusal("no_ground", value=words)
        if found is None:
            return Refusal("no_article", value=words)
        rank = (found["rank"] or "").strip()
        known = [one.value for one in CitedRank]
        enough = [one.value for one in ENOUGH[self.use]]
        if rank not in known:
            return Refusal("rank_not_said", value=words, facts={"known": "，".join(known)})
        if rank not in enough:
            facts = {"rank": rank, "wanted": "，".join(enough)}
            return Refusal("rank_too_low", value=words, facts=facts)
        return words.strip()

    def together(self, citations: Collection[str]) -> Refusal | None:
        """What is wrong with them as a whole: an article that cannot carry a refusal alone."""
        named = [self.named(one) for one in citations]
        if named and all(one is not None and not one.alone for one in named):
            return Refusal("ground_not_alone", value="、".join(citations))
        return None

    def reconsidered_first(self, citations: Collection[str]) -> bool:
        """Whether reconsideration comes before a suit against a refusal on these grounds."""
        found = (self.named(one) for one in citations)
        return any(one.reconsider_first for one in found if one)

    def on_paper(self, citations: Collection[str]) -> bool:
        """Whether one of them is of a normative document, whose review may be asked for."""
        named = [self.named(one) for one in citations]
        return any(one is not None and one.rank is Rank.NORMATIVE_DOCUMENT for one in named)

    def reply(self, citations: Collection[str]) -> ReplyKind:
        """Which kind of reply these grounds make: one that withholds makes it a refusal, whatever
        else is cited beside it."""
        named = [self.named(one) for one in citations]
        kinds = [one.reply if one else ReplyKind.WITHHELD for one in named]
        if ReplyKind.WITHHELD in kinds:
            return ReplyKind.WITHHELD
        return kinds[0] if kinds else ReplyKind.GIVEN


def _plain(words: str) -> str:
    """A citation without blanks, title marks and the name of the state, in one writing."""
    return re.sub(r"[\s《》]|中华人民共和国", "", words).replace("條", "条")
