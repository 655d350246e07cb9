"""The terms of an instrument's file: each a number, or several for whoever asks."""

from __future__ import annotations

from ..domain.clock import Unit
from ..domain.instrument import (
    Extension,
    OnLapse,
    Rank,
    ShareType,
    Start,
    Term,
    extended_name,
)
from ..domain.node import Node, Parts
from ..domain.procedure import Applicant
from ..domain.rule_steps import ASKERS

UNITS = tuple(unit.value for unit in Unit)
KNOWN = ("extension", "quote", "askers", "share_types", "outer_limit")
PEOPLE = frozenset({Applicant.PERSON, Applicant.ORGANISATION})


def read_terms(place: Node, rank: Rank) -> tuple[Term, ...]:
    """Every term of a file, flaws noted; of the portal's own rules none has an article."""
    found: list[Term] = []
    for name, value in place.entries().items():
        procedure, dot, clock = name.partition(".")
        if not (procedure and dot and clock) or "." in clock:
            value.blame(f"'{name}' is not a term: procedure.clock")
        elif extended_name(name):
            value.blame(f"'{name}' is an extension: it stands in 'extension' of its term")
        else:
            found.extend(_numbers(name, value, rank))
    return tuple(found)


def _numbers(name: str, place: Node, rank: Rank) -> list[Term]:
    """The numbers of a term, no two of them for the same."""
    found: list[Term] = []
    for node in place.items() if isinstance(place.value, list) else (place,):
        term = _term(name, node, rank)
        if any(term.meets(other) for other in found):
            node.blame("another number of this term is for the same asker and share type")
        found.append(term)
    return found


def _term(name: str, place: Node, rank: Rank) -> Term:
    article = () if rank is Rank.PORTAL else ("article",)
    known = (*UNITS, *KNOWN, "article")
    parts = place.entries(known, needed=("from", "on_lapse", *article))
    if rank is Rank.PORTAL and "article" in parts:
        parts["article"].blame("the portal's own rules stand in no article")
    given = [unit for unit in UNITS if unit in parts]
    if len(given) != 1:
        place.blame(f"one unit is wanted: {' or '.join(UNITS)}")
    unit = given[0] if given else UNITS[0]
    return Term(
        name=name,
        amount=parts.read(unit, Node.number, 1),
        unit=Unit(unit),
        start=parts.read("from", lambda node: node.member(Start), None) or Start.RECEIVED,
        on_lapse=parts.read("on_lapse", lambda node: node.member(OnLapse), None)
        or OnLapse.VIOLATION,
        article=parts.read("article", Node.text, ""),
        quote=parts.read("quote", Node.text, ""),
        extension=parts.read("extension", lambda node: _extension(node, unit), None),
        askers=parts.read("askers", _askers, frozenset()),
        share_types=parts.read("share_types", _share_types, frozenset()),
        outer_limit=_outer_limit(parts, rank),
    )


def _outer_limit(parts: Parts, rank: Rank) -> bool:
    outer = parts.read("outer_limit", Node.yes_no, False)
    if outer and not rank.caps:
        parts["outer_limit"].blame("only a law or an administrative regulation sets a limit")
    return outer


def _askers(node: Node) -> frozenset[Applicant]:
    names = [one.value for one in ASKERS]
    found = frozenset(Applicant(one) for one in node.codes(names) if one)
    if len(found & PEOPLE) == 1:
        node.blame(
            "the portal does not know of a case whether a person or an organisation asks: "
            "name both or neither"
        )
    return found


def _share_types(node: Node) -> frozenset[ShareType]:
    names = [one.value for one in ShareType]
    return frozenset(ShareType(one) for one in node.codes(names) if one)


def _extension(place: Node, unit: str) -> Extension:
    parts = place.entries(needed=(unit, "consent_of", "once"))
    return Extension(
        amount=parts.read(unit, Node.number, 1),
        consent_of=parts.read("consent_of", Node.codes, ()),
        once=parts.read("once", Node.yes_no, True),
    )
