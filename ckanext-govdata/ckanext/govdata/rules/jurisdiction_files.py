"""Reading the jurisdiction files into the core's ``Rulebook``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from ..config_reader import BrokenFile, open_file
from ..domain.clock import Rung
from ..domain.instrument import (
    PORTAL,
    Clause,
    InForce,
    Instrument,
    Level,
    Rank,
    ValidityRule,
)
from ..domain.node import Flaw, Node, Parts
from ..domain.rulebook import Rulebook
from ..domain.rulebook_checks import check_rulebook
from .rule_kinds import CLAUSES
from .term_reader import read_terms

SET_BY_A_TEXT = ("terms", "requires", "names")
OF_A_TEXT = ("rank", "number", "maker", "in_force", "text_at_hand", *SET_BY_A_TEXT)
"""What a file says of a text, and what the text sets."""
OPTIONAL = (
    "document",
    "region",
    "extends",
    "place",
    "authority",
    "notes",
    "to_confirm",
    *OF_A_TEXT,
)
WORDS = {
    "level_missing": "no file has the id '{value}'",
    "extends_unknown": "extends '{value}', which no file defines",
    "extends_circular": "extends '{value}', which leads back to '{id}'",
    "extends_lower": "extends '{value}', which is of a lower rank",
    "versions_overlap": "two versions of '{id}' are in force at once",
}


def read_rulebook(paths: Iterable[Path]) -> Rulebook:
    """The rules in these files; raises ``BrokenFile`` with every problem found."""
    flaws: list[Flaw] = []
    found: list[tuple[Instrument, Node]] = []
    for path in paths:
        top = open_file(path, flaws)
        instrument = read_instrument(top) if top else None
        if top and instrument:
            found.append((instrument, top))
    found.sort(key=lambda pair: (pair[0].id, pair[0].in_force.first or date.min))
    if not flaws:
        flaws.extend(_between(found))
    if flaws:
        raise BrokenFile(flaws)
    versions: dict[str, tuple[Instrument, ...]] = {}
    for instrument, _ in found:
        versions[instrument.id] = (*versions.get(instrument.id, ()), instrument)
    return Rulebook(versions)


def read_instrument(top: Node) -> Instrument | None:
    """One file; ``None`` if it has not even an id."""
    parts = top.entries(known=OPTIONAL, needed=("id", "name", "level"))
    if "id" not in parts or "level" not in parts:
        return None
    name = parts["id"].code()
    level = parts["level"].member(Level) or Level.COUNTY
    _check_whole(parts, top, own=name == PORTAL)
    rank = parts.read("rank", lambda node: node.member(Rank), None) or Rank.NORMATIVE_DOCUMENT
    return Instrument(
        id=name,
        name=parts.read("name", Node.label, {}),
        level=level,
        rank=rank,
        document=parts.read("document", Node.label, {}),
        number=parts.read("number", Node.text, ""),
        maker=parts.read("maker", Node.label, {}),
        region=parts.read("region", Node.text, ""),
        extends=parts.read("extends", Node.code, ""),
        place=parts.read("place", Node.yes_no, True),
        authority=parts.read("authority", Node.label, {}),
        in_force=parts.read("in_force", _in_force, InForce()),
        text_at_hand=parts.read("text_at_hand", Node.yes_no, True),
        terms=parts.read("terms", lambda node: read_terms(node, rank), ()),
        requires=parts.read("requires", lambda node: _clauses(node, name == PORTAL), {}),
        names=parts.read("names", Node.labels, {}),
        notes=parts.read("notes", Node.label, {}),
        to_confirm=parts.read("to_confirm", Node.label, {}),
    )


def _check_whole(parts: Parts, top: Node, own: bool) -> None:
    """A text has a rank and a validity; a place without one sets nothing; nobody cites what nobody
    has read; the portal's own rules are no text."""
    if "document" not in parts:
        for key in OF_A_TEXT:
            if key in parts:
                parts[key].blame(f"'{key}' is of a text, and there is no 'document'")
        return
    for key in ("rank",) if own else ("rank", "in_force"):
        if key not in parts:
            top.blame(f"'{key}' is missing")
    if "rank" in parts and (parts["rank"].value == Rank.PORTAL.value) != own:
        parts["rank"].blame(f"'{Rank.PORTAL.value}' is the rank of the portal's own rules alone")
    if "text_at_hand" in parts and not parts["text_at_hand"].yes_no():
        for key in SET_BY_A_TEXT:
            if key in parts:
                parts[key].blame(f"'{key}' stands here, though the text is not at hand")


def _in_force(place: Node) -> InForce:
    parts = place.entries(known=("until", "article", "by_rule"), needed=("from",))
    first = last = None
    year_only = "from" in parts and isinstance(parts["from"].value, int)
    if year_only:
        first = date(min(parts["from"].number(1949), 9999), 1, 1)
    elif "from" in parts:
        first = parts["from"].day()
    if "until" in parts:
        last = parts["until"].day()
        if "article" not in parts:
            place.blame("'article' is missing: which one ends it?")
        if first and last and last < first:
            parts["until"].blame(f"it ends ({last}) before it begins ({first})")
        if "by_rule" in parts:
            parts["by_rule"].blame("a text that names its end has it by no rule")
    rule = parts.read("by_rule", _validity_rule, None)
    return InForce(first, last, parts.read("article", Node.text, ""), year_only, rule)


def _validity_rule(place: Node) -> ValidityRule:
    parts = place.entries(needed=("years", "title", "article"))
    title, article = (parts.read(key, Node.text, "") for key in ("title", "article"))
    return ValidityRule(parts.read("years", Node.number, 1), title, article)


def _clauses(place: Node, own: bool) -> dict[str, Clause]:
    clauses: dict[str, Clause] = {}
    for name, value in place.entries(known=CLAUSES).items():
        kinds = CLAUSES[name]
        parts = value.entries(("quote", *kinds), needed=() if own else ("article",))
        values = {key: _value(parts[key], kind) for key, kind in kinds.items() if key in parts}
        article = parts["article"].text() if "article" in parts else ""
        quote = parts["quote"].text() if "quote" in parts else ""
        clauses[name] = Clause(name, article, quote, values)
    return clauses


def _value(place: Node, kind: str) -> object:
    readers: dict[str, Callable[[Node], object]] = {
        "codes": Node.codes,
        "code": Node.code,
        "number": Node.number,
        "yes_no": Node.yes_no,
        "ladder": _ladder,
    }
    return readers[kind](place)


def _ladder(place: Node) -> tuple[Rung, ...]:
    rungs: list[Rung] = []
    for item in place.items():
        parts = item.entries(("working_days_before", "days_after", "every_days"), needed=("to",))
        if ("working_days_before" in parts) == ("days_after" in parts):
            item.blame("one of working_days_before or days_after is wanted")
        numbers = {key: parts[key].number(0) for key in parts if key != "to"}
        rungs.append(
            Rung(
                to=parts["to"].codes() if "to" in parts else (),
                before=numbers.get("working_days_before", 0),
                after=numbers.get("days_after", 0),
                every=numbers.get("every_days", 0),
            )
        )
    return tuple(rungs)


def _between(found: list[tuple[Instrument, Node]]) -> list[Flaw]:
    """What is wrong between the files, blamed on the file concerned."""
    flaws: list[Flaw] = []
    for refusal in check_rulebook(one for one, _ in found):
        message = WORDS[refusal.code].format(value=refusal.value, **refusal.facts)
        tops = [top for place, top in found if place.id == refusal.facts.get("id")]
        if tops:
            document = tops[-1].document
            flaws.append(Flaw(document.file, document.line(refusal.field), message))
        else:
            flaws.append(Flaw("jurisdictions", 1, message))
    return flaws
