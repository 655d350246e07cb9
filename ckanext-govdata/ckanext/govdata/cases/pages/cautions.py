"""What whoever decides is told before: that nothing can be fetched yet, that nobody was asked whose
rights are concerned, and which parts could be given though the rest may not be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import ckan.model as model
import ckan.plugins.toolkit as tk

from ...access import fetchable, grantable
from ...domain import consultation, owed_data, severance
from ...domain.case import Case
from ...domain.field_part import FieldPart
from ...domain.procedure import Command, Procedure
from ...domain.scope import Extent, extent
from ...speech import phrases
from ..answers import HeardTold, ToldBefore
from ..model import CaseRow


@dataclass(frozen=True)
class StandingData:
    """The data that a case asks for, as it is today: ``parts`` are what may be given of it."""

    case: Case
    asked: Extent
    titles: dict[str, str]
    parts: dict[str, list[str]]
    fetchable: frozenset[str]


def standing(row: CaseRow, case: Case) -> StandingData:
    """What a case asks for, as those see it who decide."""
    files = grantable.files(row.package_id, insider=True)
    asked = extent(case.procedure.by_part(case.answers))
    open_today = {name: columns for name, (_title, columns) in files.items()}
    return StandingData(
        case,
        asked,
        {name: title for name, (title, _columns) in files.items()},
        severance.proposed(asked, open_today),
        fetchable.of_entry(model.Session, row.package_id),
    )


def matters(procedure: Procedure, command: Command) -> bool:
    """Whether a command decides on giving data."""
    decides = bool(command.to and procedure.states[command.to].outcome)
    return procedure.gives_data and decides


def told_before(data: StandingData, command: Command) -> ToldBefore:
    """What is said with a command, and what its form begins with."""
    said = list(_said(data, command))
    found: ToldBefore = {"cautions": said} if said else {}
    names = data.case.procedure.names_by_part(command)
    if _less(data) and FieldPart.ITEMS in names and not command.form:
        found["preset"] = {
            names[FieldPart.FILES]: list(data.parts),
            names[FieldPart.ITEMS]: {name: of for name, of in data.parts.items() if of},
        }
    return found


def heard(case: Case) -> HeardTold:
    """How many third parties were asked, what they said, to how many it could not be delivered and
    of how many nobody noted whether it was."""
    counted = Counter(one.answer for one in case.asked_parties if one.answer)
    unserved, unnoted = consultation.unserved(case), consultation.unnoted(case)
    told: HeardTold = {
        "asked": len(case.asked_parties),
        "answers": dict(sorted(counted.items())),
        "silent": consultation.silent(case),
    }
    if unserved:
        told["unserved"] = unserved
    if unnoted:
        told["unnoted"] = unnoted
    return told


def _said(data: StandingData, command: Command) -> Iterator[str]:
    procedure = data.case.procedure
    parts = procedure.names_by_part(command)
    if command.owes and owed_data.is_owed(data.case, {}, data.fetchable):
        yield tk._(
            "Nothing of what was asked for can be fetched yet: the entry has no readable file. "
            "The case stays open after the decision, and its term runs on, until the first file "
            "is there."
        )
    if any(field.part is FieldPart.PARTY for field in procedure.fields.values()):
        yield _of_parties(data.case)
    if FieldPart.NOT_SEVERED in parts and severance.can_be_severed(data.parts):
        yield tk._(
            "A part could be given, though the rest may not be published: {parts}. Whoever "
            "withholds all of it says why (Regulations on Open Government Information, "
            "article 37)."
        ).format(parts=_named(data))
    if FieldPart.ITEMS in parts and _less(data):
        yield tk._(
            "Not all that was asked for may be given today. What may be is chosen here: {parts}."
        ).format(parts=_named(data))


def _of_parties(case: Case) -> str:
    """Whether third parties were asked."""
    if not case.asked_parties:
        return tk._(
            "No third party was asked. Where trade secrets or the privacy of others are concerned, "
            "they are asked in writing before it is decided (Regulations on Open Government "
            "Information, articles 15 and 32)."
        )
    told, unweighed = heard(case), consultation.unweighed(case)
    answers = ", ".join(f"{name}: {number}" for name, number in _answers(case, told))
    said = tk._(
        "Third parties asked: {asked}; {answers}; silent: {silent}; not delivered: {unserved}; "
        "delivery not noted: {unnoted}."
    ).format(
        asked=told["asked"],
        answers=answers or tk._("nobody answered"),
        silent=told["silent"],
        unserved=told.get("unserved", 0),
        unnoted=told.get("unnoted", 0),
    )
    if not unweighed:
        return said
    more = tk.ungettext(
        "Of {n} third party that objects or was not reached it is not said yet what is found; "
        "nothing is given before.",
        "Of {n} third parties that object or were not reached it is not said yet what is found; "
        "nothing is given before.",
        unweighed,
    )
    return phrases.joined((said, more.format(n=unweighed)))


def _answers(case: Case, told: HeardTold) -> Iterator[tuple[str, int]]:
    """Each answer in words, with how many gave it."""
    fields = case.procedure.fields.values()
    field = next(one for one in fields if one.part is FieldPart.PARTY_ANSWER)
    for code, number in told["answers"].items():
        yield tk.h.govdata_words(field.options[code]), number


def _less(data: StandingData) -> bool:
    """Whether some of what was asked for may not be given today, and some may."""
    asked = {name: list(data.asked.items.get(name, ())) for name in data.asked.files or ()}
    return bool(data.parts) and data.parts != asked


def _named(data: StandingData) -> str:
    """The parts that may be given, by file."""
    comma, script = tk._(", "), tk.h.govdata_script
    named = (
        tk._("{file} ({columns})").format(
            file=script(data.titles.get(name, name)), columns=comma.join(map(script, columns))
        )
        if columns else script(data.titles.get(name, name))
        for name, columns in data.parts.items()
    )  # fmt: skip
    return tk._("; ").join(named)
