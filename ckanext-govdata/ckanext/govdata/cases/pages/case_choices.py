"""What may be chosen in a case: the entry's files and columns, colleagues, articles, terms."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, TypedDict

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ... import database, now
from ...access import grantable, grants
from ...access.grantable import WHOLE_ENTRY
from ...departments import members
from ...domain import hindrance
from ...domain.access import Subject
from ...domain.case import PARTY_TOLD, Case
from ...domain.field_part import FieldPart
from ...domain.form import Choices, among
from ...domain.grant import Grant
from ...domain.ground import Ground, Grounds, GroundUse
from ...domain.locales import Label
from ...domain.party_letter import PartyLetter, choosable
from ...domain.points_type import points_of
from ...domain.procedure import Command, Procedure
from ...domain.refusal import Refusal
from ...forms import attachments
from ...rules import in_force
from ...rules.sentences import citation
from ...speech import phrases
from ...speech.phrases import place_of
from ...speech.when import day_written
from .. import refusal_sentences
from ..engine import declared_procedures, event_rows, visibility
from ..model import CaseEventRow, CaseRow, event
from ..terms import terms_of_use
from .letter_citations import cited_words, of_ground


def choices(
    row: CaseRow, types: Collection[str], hindered: tuple[Refusal, ...] = ()
) -> Choices:
    """The choices of this case, today; only those that fields of these types have are looked up."""
    terms = terms_of_use()[0].version
    found = Choices(today=now.today(), terms_version=terms, hindrances=hindered)
    if "resources" in types or "columns" in types:
        files = grantable.files(row.package_id)
        columns = {name: frozenset(listed) for name, (_title, listed) in files.items()}
        found = replace(found, resources=columns)
    if "attachments" in types:
        held = frozenset(attachments.of_case(model.Session, row.id))
        found = replace(found, attachments=held)
    if "reference" in types:
        found = replace(found, references=frozenset(grant.id for grant in _grants(row)))
    if "colleague" in types:
        colleagues = members.colleagues([row.organization_id])
        found = replace(found, colleagues=frozenset(colleagues))
    if "articles" in types:
        found = replace(
            found,
            articles=articles(row.jurisdiction, row.rules_day),
            grounds=in_force.grounds(row.jurisdiction, row.rules_day),
            powers=powers(row),
        )
    if "point_answers" in types:
        found = replace(found, points=tuple(points(row)))
    if "reason" in types:
        length = reason_length(row.jurisdiction, row.rules_day)
        found = replace(found, reason_length=length)
    return found


def powers(row: CaseRow) -> Grounds:
    """The articles by which a department is made to put something right: of the texts that bind
    today, since it is done today, whenever the case was received."""
    return in_force.grounds(row.jurisdiction, now.today(), GroundUse.RECTIFICATION)


def named_here(procedure: Procedure, row: CaseRow) -> Procedure:
    """The procedure with the open attributes called as the case's place calls them (Yaohai 15, Xin
    26), on its forms and where what was chosen is shown."""
    fields = {
        name: replace(item, options={code: _called(row, code) or label
                                     for code, label in item.options.items()})
        for name, item in procedure.fields.items() if item.part is FieldPart.ATTRIBUTE
    }  # fmt: skip
    return replace(procedure, fields={**procedure.fields, **fields}) if fields else procedure


def _called(row: CaseRow, attribute: str) -> Label:
    name = f"open_attribute.{attribute}"
    return in_force.rulebook().label(row.jurisdiction, name, row.rules_day)


def points(row: CaseRow) -> list[str]:
    """What was missing when it was asked for last, point by point."""
    procedure = declared_procedures.procedures()[row.kind]
    asking = {
        command.name: item.name
        for command in procedure.commands.values()
        for item in procedure.asked(command)
        if item.type == "points"
    }
    asked = {"id": row.id, "commands": list(asking)}
    last = model.Session.execute(LAST_ASKED, asked).first() if asking else None
    return points_of(json.loads(last.fields).get(asking[last.command]) or []) if last else []


LAST_ASKED = (
    sa.select(event.c.fields, event.c.command)
    .where(
        event.c.case_id == sa.bindparam("id"),
        event.c.command.in_(sa.bindparam("commands", expanding=True)),
    )
    .order_by(event.c.number.desc())
    .limit(1)
)


def entry(package_id: str | None) -> dict[str, Any] | None:
    """The catalogue entry of a case as its applicant sees it now, or ``None`` when it is gone."""
    try:
        entry = tk.get_action("package_show")({}, {"id": package_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    return entry if entry["state"] == "active" else None


def hindrances(row: CaseRow, answers: Mapping[str, object]) -> tuple[Refusal, ...]:
    """What stands against giving today what a case asks for; one statement."""
    found = model.Session.execute(STANDING, {"id": row.package_id}).first()
    if found is None:
        return (Refusal("entry_withdrawn", "dataset_id", row.package_id or ""),)
    subject = Subject(
        found.attribute,
        found.id,
        found.provider or "",
        found.there,
        found.private,
        basis=found.basis or "",
    )
    procedure = declared_procedures.procedures()[row.kind]
    asked = [name for name in procedure.files_asked(answers) if name != WHOLE_ENTRY]
    return hindrance.hindrances(subject, row.organization_id, asked, found.files)


def hindrances_of(row: CaseRow, case: Case) -> tuple[Refusal, ...]:
    """As :func:`hindrances`, of a case of any kind: not all of them lead to data."""
    return hindrances(row, case.answers) if case.procedure.gives_data else ()


def against(row: CaseRow, case: Case, command: Command | None) -> tuple[Refusal, ...]:
    """What stands against giving the data today, for commands to which that matters."""
    if command is None:
        return ()
    matters = hindrance.gives(command) or hindrance.OPTION in command.also_from
    proposes = any(field.proposes for field in case.procedure.asked(command))
    return hindrances_of(row, case) if matters or proposes else ()


def hindrances_told(row: CaseRow, answers: Mapping[str, object]) -> list[str]:
    """What stands against giving the data, in words, while a case is open."""
    procedure = declared_procedures.procedures()[row.kind]
    if not (procedure.states[row.state].open and row.received and procedure.gives_data):
        return []
    return [refusal_sentences.words(procedure, one) for one in hindrances(row, answers)]


def narrowed(
    procedure: Procedure,
    offered: Mapping[str, tuple[str, list[str]]],
    answers: Mapping[str, object],
) -> dict[str, tuple[str, list[str]]]:
    """Of files and their items those that an application asked for: no decision gives more."""
    choices = {name: frozenset(items) for name, (_title, items) in offered.items()}
    deciding = [field for field in procedure.fields.values() if field.among]
    left = among(Choices(now.today(), choices), deciding, answers).resources
    return {
        name: (title, [one for one in items if one in left[name]])
        for name, (title, items) in offered.items()
        if name in left
    }


class OfferedChoices(TypedDict):
    """Ids by kind of choices (``domain/field_base.py``) with what is shown of each: of files the
    name and the items."""

    resources: dict[str, tuple[str, list[str]]]
    attachments: dict[str, attachments.AttachmentTold]
    colleagues: dict[str, str]
    articles: dict[str, str]
    powers: dict[str, str]
    points: list[str]
    party_letters: dict[str, str]


class CaseOffer(NamedTuple):
    """What the forms of a case show to choose from, and in words what is not given, and why."""

    choices: OfferedChoices
    not_given: str
    titles: Mapping[str, Mapping[str, str]]
    """How each is called."""
    letters: tuple[PartyLetter, ...] = ()
    """The letters to third parties, for those who work on the case."""

    def for_command(self, procedure: Procedure, command: Command) -> OfferedChoices:
        """The choices in the forms of a command: of the letters those that it may be about."""
        those = choosable(self.letters, procedure.names_by_part(command))
        named = {str(one.number): self.titles["party_letters"][str(one.number)] for one in those}
        return {**self.choices, "party_letters": named}

    def narrowed(self, procedure: Procedure, answers: Mapping[str, object]) -> OfferedChoices:
        """The choices of whoever decides: of files and items those that were asked for."""
        left = narrowed(procedure, self.choices["resources"], answers)
        return {**self.choices, "resources": left}


def offered(row: CaseRow, insider: bool = False, *, works: bool = False) -> CaseOffer:
    """What is offered to the applicant, or, with ``insider``, to those who decide; whoever
    ``works`` on it is told to whom letters to third parties are."""
    letters = _party_letters(row) if works else ()
    tells = declared_procedures.procedures()[row.kind].words.letters.get(PARTY_TOLD)
    told = phrases.label(tells.short) if tells else ""
    files, sensitive = grantable.contents(row.package_id, insider)
    held = attachments.of_case(model.Session, row.id)
    choices: OfferedChoices = {
        "resources": files,
        "attachments": held,
        "colleagues": members.names(set(members.colleagues([row.organization_id]))),
        "articles": _citable(row),
        "powers": {one.id: _about(one) for one in powers(row).offered.values()},
        "points": points(row),
        "party_letters": {},
    }
    titles = {
        "resources": {key: title for key, (title, _columns) in files.items()},
        "attachments": {key: one["name"] for key, one in held.items()},
        "colleagues": choices["colleagues"],
        "party_letters": {str(one.number): _of_party(one, told) for one in letters},
    }
    rule = grantable.opening_rule(row) if sensitive else grantable.OpeningRule()
    return CaseOffer(choices, refusal_sentences.not_given(sensitive, rule), titles, letters)


def _party_letters(row: CaseRow) -> tuple[PartyLetter, ...]:
    """The letters to third parties, where the case is of a kind that has such."""
    procedure = declared_procedures.procedures()[row.kind]
    if not any(field.part is FieldPart.PARTY for field in procedure.fields.values()):
        return ()
    found = sa.select(event).where(event.c.case_id == row.id).order_by(event.c.number)
    rows = database.rows(model.Session, found, CaseEventRow)
    return event_rows.case_of(procedure, row, rows).party_letters


def _of_party(letter: PartyLetter, told: str) -> str:
    """To whom it is, and of which day; what a letter is called that asks nothing is ``told``."""
    said = visibility.in_clear(letter.party) + (f" {told}" if letter.tells else "")
    return said + phrases.bracketed(day_written(letter.asked.isoformat()))


STANDING = sa.text("""
SELECT p.id, p.state = 'active' AS there, coalesce(p.private, false) AS private,
    p.extras ->> 'open_attribute' AS attribute, p.extras ->> 'open_basis' AS basis,
    d.id AS provider,
    ARRAY(SELECT r.id FROM resource r WHERE r.package_id = p.id AND r.state = 'active') AS files
FROM package p LEFT JOIN "group" d ON d.id = p.owner_org AND d.state = 'active'
WHERE p.id = :id
""")
def articles(jurisdiction: str, day: date) -> dict[str, str]:
    """The articles that a decision may cite, by id: those that bind on the day of receipt."""
    rules = in_force.rulebook()
    chain = rules.chain(jurisdiction, day)
    found: dict[str, str] = {}
    for level in () if isinstance(chain, Refusal) else chain:
        rulings = [*level.requires.values(), *level.terms]
        cited = {ruling.article for ruling in rulings if ruling.article}
        for article in sorted(cited, key=place_of):
            found[f"{level.id}:{article}"] = citation(level, article)
    return found


def _citable(row: CaseRow) -> dict[str, str]:
    """What is offered as a basis, by id: grounds with what each is about, first those on which the
    entry's attribute usually rests, or else articles."""
    fields = declared_procedures.procedures()[row.kind].fields.values()
    if not any(field.grounds for field in fields):
        return articles(row.jurisdiction, row.rules_day)
    found = model.Package.get(row.package_id)
    attribute = str((found.extras or {}).get("open_attribute") or "") if found else ""
    grounds = in_force.grounds(row.jurisdiction, row.rules_day)
    return {one.id: _about(one) for one in grounds.usual_first(attribute)}


def _about(ground: Ground) -> str:
    """A ground as it is offered: cited, with what it is about and what else to write."""
    heading = phrases.label(ground.heading)
    if ground.hint:
        heading += phrases.bracketed(phrases.label(ground.hint))
    article = cited_words(of_ground(ground), text=False)
    return tk._("{article}: {heading}").format(article=article, heading=heading)


def _grants(row: CaseRow) -> list[Grant]:
    """The applicant's grants of the same entry: one of them may be renewed."""
    return grants.of_user(model.Session, row.applicant_id, row.package_id or "-")


def reason_length(jurisdiction: str, day: date) -> int:
    """The least number of characters of a reason, by the jurisdiction or the portal's own rule."""
    ruling = in_force.rulebook().clause(jurisdiction, "refusal", day)
    lengths = [] if isinstance(ruling, Refusal) else [ruling.clause.values.get("reason_min_length")]
    portal = in_force.rulebook().versions["portal"][-1].requires["refusal"]
    lengths.append(portal.values.get("reason_min_length"))
    return next(int(str(length)) for length in lengths if length)
