"""Reading ``config/grounds.yaml``: on what a request for data may be refused, or an entry be not
wholly open or shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ..config_reader import checked, file
from ..domain.catalogue import RESTRICTS
from ..domain.ground import Ground, Grounds, GroundUse, ReplyKind
from ..domain.instrument import PORTAL, Instrument
from ..domain.locales import SIMPLIFIED, Label
from ..domain.node import Node
from ..domain.refusal import Refusal
from ..domain.rulebook import Rulebook
from .sentences import citation

DISCLOSURE = "open_government_information"
"""The file of the regulations that know the kinds of reply."""
RANKS = ("law", "administrative_regulation")
"""Of the documents that are declared beside the grounds: they hold in every place."""


@dataclass(frozen=True)
class _Declared:
    """A ground before it is known how its document is cited."""

    ground: Ground
    national: bool
    clause: str = ""


@dataclass(frozen=True)
class GroundList:
    """Every ground in the order of the file, and the titles of the documents declared there."""

    declared: tuple[_Declared, ...]
    titles: tuple[str, ...]
    replies: Mapping[ReplyKind, str] = field(default_factory=dict[ReplyKind, str])

    def of(
        self,
        rules: Rulebook,
        jurisdiction: str,
        day: date,
        use: GroundUse = GroundUse.REQUEST,
    ) -> Grounds:
        """Those that may be cited for that in that place, by what binds on that day."""
        chain = rules.chain(jurisdiction, day)
        levels = () if isinstance(chain, Refusal) else chain
        binding = {level.id: level for level in levels if level.in_force.covers(day)}
        offered: dict[str, Ground] = {}
        for one in self.declared:
            ground = one.ground
            if use not in ground.uses:
                continue
            if one.national:
                offered[ground.id] = ground
            elif ground.text in binding:
                offered[ground.id] = _bound(one, binding[ground.text])
        titles = (*self.titles, *known_titles(rules), *_ids(rules))
        return Grounds(offered, titles, use=use, replies=self._replies(binding))

    def _replies(self, binding: Mapping[str, Instrument]) -> dict[ReplyKind, Ground]:
        """The article that knows each kind of reply, where the regulations bind."""
        text = binding.get(DISCLOSURE)
        if text is None:
            return {}
        return {
            kind: _bound(_Declared(Ground(text.id, article, "", {}), False), text)
            for kind, article in self.replies.items()
        }


def _bound(one: _Declared, text: Instrument) -> Ground:
    """The ground as the version of its text has it that binds."""
    clause = text.requires.get(one.clause)
    return replace(
        one.ground,
        citation=_cited(text, one.ground.article),
        also=f"《{text.document.get(SIMPLIFIED, '')}》{one.ground.article}",
        document=text.document,
        number=text.number,
        rank=text.rank,
        quote=one.ground.quote or (clause.quote if clause else ""),
    )


def _cited(text: Instrument, article: str) -> str:
    """Laws and administrative regulations are cited by their titles, others as everywhere."""
    if text.rank.caps:
        return f"《{text.document.get(SIMPLIFIED, '')}》{article}"
    return citation(text, article)


def known_titles(rules: Rulebook) -> tuple[str, ...]:
    """Titles and numbers of every version of every place's text."""
    texts = [one for versions in rules.versions.values() for one in versions if one.id != PORTAL]
    found = [word for one in texts for word in (one.document.get(SIMPLIFIED, ""), one.number)]
    return tuple(word for word in found if word)


def _ids(rules: Rulebook) -> list[str]:
    return [f"{name}:" for name in rules.versions if name != PORTAL]


def read_grounds(known: frozenset[str]) -> GroundList:
    """The file's grounds; ``known`` are the ids of the places. Raises ``BrokenFile``."""
    return checked(file("grounds.yaml"), lambda top: _read(top, known))


def _read(top: Node, known: frozenset[str]) -> GroundList:
    parts = top.entries(needed=("documents", "grounds", "replies"))
    documents = parts["documents"].each(_document) if "documents" in parts else {}
    declared: list[_Declared] = []
    for node in parts["grounds"].items() if "grounds" in parts else ():
        one = _ground(node, documents, known)
        if one.ground.id in {each.ground.id for each in declared}:
            node.blame(f"'{one.ground.id}' stands twice")
        declared.append(one)
    titles = tuple(title.get(SIMPLIFIED, "") for title in documents.values())
    return GroundList(tuple(declared), titles, parts.read("replies", _replies, {}))


def _replies(node: Node) -> dict[ReplyKind, str]:
    named = node.entries(needed=[kind.value for kind in ReplyKind])
    return {kind: named[kind.value].text() for kind in ReplyKind if kind.value in named}


def _document(_name: str, node: Node) -> Label:
    parts = node.entries(needed=("title", "rank"))
    parts.read("rank", lambda one: one.code(RANKS), "")
    return parts.read("title", Node.label, {})


def _uses(node: Node) -> frozenset[GroundUse]:
    named = node.codes([use.value for use in GroundUse])
    return frozenset(use for use in GroundUse if use.value in named)


def _ground(node: Node, documents: Mapping[str, Label], known: frozenset[str]) -> _Declared:
    parts = node.entries(
        known=("alone", "reconsider_first", "quote", "clause", "hint", "reply", "usual_for"),
        needed=("text", "article", "heading", "of"),
    )
    allowed = {*documents, *known}
    text = parts.read("text", lambda one: one.known(allowed, "document here or place"), "")
    article = parts.read("article", Node.text, "")
    title = documents.get(text, {}).get(SIMPLIFIED, "")
    ground = Ground(
        text=text,
        article=article,
        citation=f"《{title}》{article}",
        heading=parts.read("heading", Node.label, {}),
        reconsider_first=parts.read("reconsider_first", Node.yes_no, False),
        alone=parts.read("alone", Node.yes_no, True),
        document=documents.get(text, {}),
        quote=parts.read("quote", Node.text, ""),
        hint=parts.read("hint", Node.label, {}),
        reply=parts.read("reply", lambda one: one.member(ReplyKind), None) or ReplyKind.WITHHELD,
        uses=parts.read("of", _uses, frozenset()),
        usual_for=frozenset(parts.read("usual_for", lambda one: one.codes(RESTRICTS), ())),
    )
    return _Declared(ground, text in documents, parts.read("clause", Node.text, ""))
