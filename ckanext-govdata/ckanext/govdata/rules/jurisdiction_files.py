"""Reading the jurisdiction files into the core's ``Rulebook``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TypeVar

from ..config_reader import BrokenFile, open_file
from ..domain.clock import Rung, Unit
from ..domain.jurisdiction import (
    DECIDE,
    PORTAL,
    Clause,
    Extension,
    InForce,
    Jurisdiction,
    Level,
    OnLapse,
    Start,
    Term,
    extension_term,
)
from ..domain.node import Flaw, Node
from ..domain.rulebook import Rulebook, check_rulebook
from .rule_kinds import CLAUSES

OPTIONAL = (
    "number",
    "region",
    "extends",
    "authority",
    "in_force",
    "prevails",
    "text_at_hand",
    "terms",
    "requires",
    "names",
    "notes",
)
UNITS = tuple(unit.value for unit in Unit)
WORDS = {
    "level_missing": "no file has the id '{value}'",
    "extends_unknown": "extends '{value}', which no file defines",
    "extends_circular": "extends '{value}', which leads back to '{id}'",
    "versions_overlap": "two versions of '{id}' are in force at once",
}


def read_rulebook(paths: Iterable[Path]) -> Rulebook:
    """The rules in these files; raises ``BrokenFile`` with every problem found."""
    flaws: list[Flaw] = []
    found: list[tuple[Jurisdiction, Node]] = []
    for path in paths:
        top = open_file(path, flaws)
        jurisdiction = read_jurisdiction(top) if top else None
        if top and jurisdiction:
            found.append((jurisdiction, top))
    found.sort(key=lambda pair: (pair[0].id, pair[0].in_force.first or date.min))
    if not flaws:
        flaws.extend(_between(found))
    if flaws:
        raise BrokenFile(flaws)
    versions: dict[str, tuple[Jurisdiction, ...]] = {}
    for jurisdiction, _ in found:
        versions[jurisdiction.id] = (*versions.get(jurisdiction.id, ()), jurisdiction)
    return Rulebook(versions)


Read = TypeVar("Read")


def read_jurisdiction(top: Node) -> Jurisdiction | None:
    """One file; ``None`` if it has not even an id."""
    parts = top.entries(known=OPTIONAL, needed=("id", "name", "level", "document"))
    if "id" not in parts or "level" not in parts:
        return None
    name = parts["id"].code()
    level = parts["level"].code([level.value for level in Level])
    own = name == PORTAL

    def part(key: str, read: Callable[[Node], Read], default: Read) -> Read:
        return read(parts[key]) if key in parts else default

    if not own and "in_force" not in parts:
        top.blame("'in_force' is missing")
    return Jurisdiction(
        id=name,
        name=part("name", Node.label, {}),
        level=Level(level or "county"),
        document=part("document", Node.label, {}),
        number=part("number", Node.text, ""),
        region=part("region", Node.text, ""),
        extends=part("extends", Node.code, ""),
        authority=part("authority", Node.label, {}),
        in_force=part("in_force", _in_force, InForce()),
        prevails=part("prevails", Node.yes_no, False),
        text_at_hand=part("text_at_hand", Node.yes_no, True),
        terms=part("terms", lambda place: _terms(place, own), {}),
        requires=part("requires", lambda place: _clauses(place, own), {}),
        names=part("names", Node.labels, {}),
        notes=part("notes", Node.label, {}),
    )


def _in_force(place: Node) -> InForce:
    parts = place.entries(known=("until", "article"), needed=("from",))
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
    return InForce(first, last, parts["article"].text() if "article" in parts else "", year_only)


def _terms(place: Node, own: bool) -> dict[str, Term]:
    terms: dict[str, Term] = {}
    for name, value in place.entries().items():
        procedure, dot, clock = name.partition(".")
        if not (procedure and dot and clock) or "." in clock:
            value.blame(f"'{name}' is not a term: procedure.clock")
            continue
        term = _term(name, value, own)
        extension = extension_term(term)
        terms[name] = term
        if extension:
            terms[extension.name] = extension
    return terms


def _term(name: str, place: Node, own: bool) -> Term:
    known = (*UNITS, "extension", "quote", *(("article",) if own else ()))
    parts = place.entries(known, needed=("from", "on_lapse", *(() if own else ("article",))))
    given = [unit for unit in UNITS if unit in parts]
    if len(given) != 1:
        place.blame(f"one unit is wanted: {' or '.join(UNITS)}")
    unit = given[0] if given else UNITS[0]
    extension = None
    if "extension" in parts:
        if not name.endswith("." + DECIDE):
            parts["extension"].blame(f"only a clock '{DECIDE}' can be extended")
        extension = _extension(parts["extension"], unit)
    return Term(
        name=name,
        days=parts[unit].number() if unit in parts else 1,
        unit=Unit(unit),
        start=Start(_choice(parts, "from", Start) or Start.RECEIVED.value),
        on_lapse=OnLapse(_choice(parts, "on_lapse", OnLapse) or OnLapse.VIOLATION.value),
        article=parts["article"].text() if "article" in parts else "",
        quote=parts["quote"].text() if "quote" in parts else "",
        extension=extension,
    )


def _choice(parts: dict[str, Node], key: str, choices: type[Enum]) -> str:
    return parts[key].code([choice.value for choice in choices]) if key in parts else ""


def _extension(place: Node, unit: str) -> Extension:
    parts = place.entries(needed=(unit, "consent_of", "once"))
    return Extension(
        days=parts[unit].number() if unit in parts else 1,
        consent_of=parts["consent_of"].codes() if "consent_of" in parts else (),
        once=parts["once"].yes_no() if "once" in parts else True,
    )


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


def _between(found: list[tuple[Jurisdiction, Node]]) -> list[Flaw]:
    """What is wrong between the files, blamed on the file concerned."""
    flaws: list[Flaw] = []
    for refusal in check_rulebook(jurisdiction for jurisdiction, _ in found):
        message = WORDS[refusal.code].format(value=refusal.value, **refusal.facts)
        tops = [top for place, top in found if place.id == refusal.facts.get("id")]
        if tops:
            document = tops[-1].document
            flaws.append(Flaw(document.file, document.line(refusal.field), message))
        else:
            flaws.append(Flaw("jurisdictions", 1, message))
    return flaws
