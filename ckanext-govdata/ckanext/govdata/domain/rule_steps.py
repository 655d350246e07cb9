"""Why a term binds, text by text, and where the texts of a chain contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from itertools import product

from .ceiling import Yielded
from .instrument import PORTAL, Asking, Instrument, ShareType, Term, extended_name
from .procedure import Applicant
from .refusal import Refusal
from .rulebook import Rulebook
from .ruling import TermRuling

ASKERS = (Applicant.DEPARTMENT, Applicant.ORGANISATION, Applicant.PERSON)
"""Who may ask; what the portal itself begins nobody asks for."""
EVERYBODY = tuple(Asking(who, what) for who, what in product(ASKERS, ShareType))
"""Each way of asking."""


class Verdict(str, Enum):
    """What a text has to do with the term that binds."""

    NO_TEXT = "no_text"
    NOT_YET = "not_yet"
    LAPSED = "lapsed"
    UNREAD = "unread"
    SILENT = "silent"
    OTHERS = "others"
    BINDS = "binds"
    YIELDS = "yields"
    BEHIND = "behind"
    NOT_NEEDED = "not_needed"
    CAPS = "caps"
    WITHIN = "within"
    LATEST = "latest"
    OUTER = "outer"


@dataclass(frozen=True)
class ChainStep:
    """One text of the chain: what it sets for whoever asks (of ``OTHERS`` what it sets for them),
    its verdict, and for ``YIELDS`` and ``CAPS`` the numbers that give way."""

    source: Instrument
    verdict: Verdict
    term: Term | None = None
    yields: tuple[Yielded, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """Two texts of a chain that set different numbers, and for whom.

    ``yields`` says which number gave way; without it both stand: the higher text is no ceiling,
    and nobody but a jurist can say which number binds.
    """

    name: str
    lower: Instrument
    upper: Instrument
    lower_term: Term
    upper_term: Term
    yields: tuple[Yielded, ...]
    askings: tuple[Asking, ...] = ()


def explain(
    book: Rulebook, jurisdiction: str, name: str, day: date, asking: Asking
) -> tuple[TermRuling, tuple[ChainStep, ...]] | Refusal:
    """The term that binds, and each text of the chain with its part in that, nearest first."""
    chain, ruling = book.chain(jurisdiction, day), book.term(jurisdiction, name, day, asking)
    if isinstance(chain, Refusal):
        return chain
    if isinstance(ruling, Refusal):
        return ruling
    asked = extended_name(name) or name
    base = book.term(jurisdiction, asked, day, asking)
    found = base if isinstance(base, TermRuling) else ruling
    texts = (*chain, *book.versions[PORTAL])
    return ruling, tuple(_step(text, asked, day, asking, found) for text in texts)


def _step(
    text: Instrument, name: str, day: date, asking: Asking, ruling: TermRuling
) -> ChainStep:
    term = text.term(name, asking)
    if not text.document:
        return ChainStep(text, Verdict.NO_TEXT)
    if not text.in_force.covers(day) and text != ruling.source:
        past = text.in_force.lapsed(day)
        return ChainStep(text, Verdict.LAPSED if past else Verdict.NOT_YET, term)
    if not text.text_at_hand:
        return ChainStep(text, Verdict.UNREAD)
    if term is None:
        others = next((one for one in text.terms if one.name == name), None)
        return ChainStep(text, Verdict.OTHERS if others else Verdict.SILENT, others)
    given_way = tuple(one for one in ruling.yields if one.source == text)
    taken = tuple(one for one in ruling.yields if one.to == text)
    return ChainStep(text, _verdict(text, term, ruling, bool(given_way), bool(taken)), term,
                given_way or taken)  # fmt: skip


def _verdict(
    text: Instrument, term: Term, ruling: TermRuling, gives_way: bool, takes: bool
) -> Verdict:
    ways = (
        (gives_way, Verdict.YIELDS),
        (takes, Verdict.CAPS),
        (text == ruling.source, Verdict.BINDS),
        (term.outer_limit, Verdict.OUTER),
        (any(one.source == text for one in ruling.latest), Verdict.LATEST),
        (text.rank.caps, Verdict.WITHIN),
        (text.id == PORTAL, Verdict.NOT_NEEDED),
    )
    return next((verdict for holds, verdict in ways if holds), Verdict.BEHIND)


def variants(
    book: Rulebook, jurisdiction: str, name: str, day: date
) -> tuple[tuple[TermRuling, tuple[Asking, ...]], ...]:
    """Each different ruling of a term, with everybody for whom it is so; first comes that of a
    person. Nothing where the place has no such term."""
    found: dict[TermRuling, list[Asking]] = {}
    if not _differs(book, name):
        ruling = book.term(jurisdiction, name, day)
        return ((ruling, EVERYBODY),) if isinstance(ruling, TermRuling) else ()
    for asking in sorted(EVERYBODY, key=lambda one: one != Asking()):
        ruling = book.term(jurisdiction, name, day, asking)
        if isinstance(ruling, TermRuling):
            found.setdefault(ruling, []).append(asking)
    return tuple((ruling, tuple(askings)) for ruling, askings in found.items())


def _differs(book: Rulebook, name: str) -> bool:
    """Whether any text sets the term for some only."""
    asked = extended_name(name) or name
    texts = (text for versions in book.versions.values() for text in versions)
    terms = (term for text in texts for term in text.terms if term.name == asked)
    return any(term.askers or term.share_types for term in terms)


def matters(askings: tuple[Asking, ...]) -> tuple[frozenset[Applicant], frozenset[ShareType]]:
    """The askers and share types to which a ruling is limited; nothing where it is for all."""
    askers = frozenset(one.asker for one in askings)
    types = frozenset(one.share_type for one in askings)
    return (
        askers if askers != frozenset(ASKERS) else frozenset(),
        types if types != frozenset(ShareType) else frozenset(),
    )


def open_questions(
    book: Rulebook,
    jurisdiction: str,
    name: str,
    day: date,
    asker: Applicant | None = None,
    share_type: ShareType | None = None,
) -> tuple[str, ...]:
    """What has to be known of whoever asks before one term can be named: ``asker``,
    ``share_type``, both or neither."""
    if not _differs(book, name):
        return ()
    askers = (asker,) if asker else ASKERS
    types = (share_type,) if share_type else tuple(ShareType)
    found: dict[Asking, TermRuling | None] = {}
    for who, what in product(askers, types):
        ruling = book.term(jurisdiction, name, day, Asking(who, what))
        found[Asking(who, what)] = ruling if isinstance(ruling, TermRuling) else None
    by_asker = any(len({found[Asking(who, what)] for who in askers}) > 1 for what in types)
    by_type = any(len({found[Asking(who, what)] for what in types}) > 1 for who in askers)
    return ("asker",) * by_asker + ("share_type",) * by_type


def conflicts(book: Rulebook, jurisdiction: str, day: date) -> tuple[Conflict, ...]:
    """Where the texts in force of a place's chain contradict each other."""
    chain = book.chain(jurisdiction, day)
    if isinstance(chain, Refusal):
        return ()
    texts = [text for text in chain if text.document and text.in_force.covers(day)]
    found: dict[Conflict, list[Asking]] = {}
    for name in sorted({term.name for text in texts for term in text.terms}):
        for ruling, askings in variants(book, jurisdiction, name, day):
            for asking in askings:
                for one in _against(texts, name, asking, ruling):
                    found.setdefault(one, []).append(asking)
    return tuple(replace(one, askings=tuple(askings)) for one, askings in found.items())


def _against(
    texts: list[Instrument], name: str, asking: Asking, ruling: TermRuling
) -> Iterator[Conflict]:
    """What stands against the nearest text that sets a term."""
    setting = [(text, term) for text in texts if (term := text.term(name, asking))]
    if not setting:
        return
    lower, own = setting[0]
    for upper, other in setting[1:]:
        given_way = tuple(one for one in ruling.yields if (one.source, one.to) == (lower, upper))
        if given_way or (not upper.rank.caps and _longer(own, other)):
            yield Conflict(name, lower, upper, own, other, given_way)


def _longer(own: Term, other: Term) -> bool:
    """Whether the first gives more time, as far as the two can be compared."""
    alike = (own.start, own.unit) == (other.start, other.unit)
    return alike and (own.amount > other.amount or own.most > other.most)
