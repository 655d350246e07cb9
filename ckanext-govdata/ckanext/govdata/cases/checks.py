"""Checks that procedures name: of what an applicant hands in, and of what is decided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timezone
from typing import Any

import ckan.model as model

from .. import now
from ..access import gate
from ..departments.offices import offices_of
from ..domain import charge, consultation, rectification, reply_ground, supplement
from ..domain import severance as severable
from ..domain.decision import Examined
from ..domain.field_part import FieldPart, needs
from ..domain.procedure import Role
from ..domain.refusal import Refusal
from ..forms import attachments
from . import defence
from .engine import visibility


def supplement_says(examined: Examined) -> Iterator[Refusal]:
    """A supplement answers the points, or changes something of the application."""
    yield from supplement.check(examined)


def required_materials(examined: Examined) -> Iterator[Refusal]:
    """Each material that the entry's department requires is there, by its name."""
    entry = model.Package.get(examined.row.package_id)
    wanted = required(entry.extras if entry else {})
    if not wanted:
        return
    procedure = examined.case.procedure
    names = [item.name for item in procedure.asked(examined.command) if item.type == "attachments"]
    sent = {one for name in names for one in examined.fields.get(name, ())}
    held = attachments.of_case(model.Session, examined.row.id)
    there = [file["name"] for key, file in held.items() if key in sent]
    for name in wanted:
        if not any(attachments.is_of(file, name) for file in there):
            yield Refusal("material_missing", next(iter(names), "command"), name)


def required(extras: Any) -> list[str]:
    """The names of the materials without which nobody applies for an entry."""
    rows: list[dict[str, Any]] = json.loads((extras or {}).get("application_materials") or "[]")
    return [one["name"] for one in rows if one.get("name") and attachments.is_required(one)]


def own_department(examined: Examined) -> Iterator[Refusal]:
    """Only who works for the department that provides the entry notes a change of it."""
    user = model.User.get(examined.row.applicant_id)
    if user is None or not gate.provides(user, examined.row.organization_id):
        yield Refusal("not_own_department", "dataset_id", examined.row.package_id or "")


def authority_of_place(examined: Examined) -> Iterator[Refusal]:
    """Only the data authority of the place notifies a department, and not itself."""
    user, row = model.User.get(examined.row.applicant_id), examined.row
    held = [name for name, role in offices_of(row.jurisdiction).items() if role is Role.AUTHORITY]
    if row.organization_id in held or not any(gate.provides(user, one) for one in held):
        yield Refusal("not_the_authority", "department_id", row.organization_id)


@needs(FieldPart.CHANGED)
def changed_before_today(examined: Examined) -> Iterator[Refusal]:
    """What is noted as changed has changed."""
    procedure, today = examined.case.procedure, examined.choices.today
    changed = str(procedure.by_part(examined.fields)[FieldPart.CHANGED])
    if date.fromisoformat(changed) > today:
        field = procedure.names_by_part(examined.command)[FieldPart.CHANGED]
        yield Refusal("changed_in_future", field, changed)


@needs(FieldPart.CHANGED)
def entry_updated(examined: Examined) -> Iterator[Refusal]:
    """The entry was updated since the change that is reported."""
    entry = model.Package.get(examined.row.package_id)
    changed = str(examined.case.procedure.by_part(examined.case.answers)[FieldPart.CHANGED])
    utc = entry.metadata_modified.replace(tzinfo=timezone.utc) if entry else None
    if utc is None or utc.astimezone(now.BEIJING).date() < date.fromisoformat(changed):
        yield Refusal("entry_not_updated", "command", changed)


@needs(FieldPart.BASIS)
def power_named(examined: Examined) -> Iterator[Refusal]:
    """Whoever has something put right names the article that lets him, where there is one."""
    yield from rectification.check(examined)


@needs(FieldPart.CONDITIONS, FieldPart.BASIS)
def free_of_charge(examined: Examined) -> Iterator[Refusal]:
    """Conditions ask for no money, unless a law or administrative regulation on fees is cited."""
    yield from charge.check(examined)


@needs(FieldPart.BASIS)
def grounds_that_withhold(examined: Examined) -> Iterator[Refusal]:
    """Conditions, and what is upheld, rest on a ground that withholds something."""
    yield from reply_ground.check(examined)


@needs(FieldPart.FILES, FieldPart.BASIS, FieldPart.NOT_SEVERED)
def severance(examined: Examined) -> Iterator[Refusal]:
    """Whoever refuses all of what consists of parts says why no part can be given."""
    yield from severable.check(examined)


@needs(FieldPart.HEARD_ON)
def heard_before(examined: Examined) -> Iterator[Refusal]:
    """A hearing that is noted was held since the suspension, and not on a day yet to come."""
    procedure = examined.case.procedure
    day = str(procedure.by_part(examined.fields)[FieldPart.HEARD_ON])
    name = procedure.names_by_part(examined.command)[FieldPart.HEARD_ON]
    found = defence.hearing(model.Session, examined.row)
    wrong = defence.day_wrong(found, date.fromisoformat(day), name)
    if wrong:
        yield wrong


@needs(FieldPart.PARTY_LETTER)
def served_after_asking(examined: Examined) -> Iterator[Refusal]:
    """A letter to a third party was received, or came back, after it was written, and before today
    is over."""
    yield from consultation.check(examined)


@needs(FieldPart.PARTY_LETTER, FieldPart.PARTY_ANSWER)
def objection_stands(examined: Examined) -> Iterator[Refusal]:
    """What somebody objected is not noted over as his consent."""
    yield from consultation.consent(examined)


@needs(FieldPart.PARTY_LETTER, FieldPart.FINDING)
def finding_of_head(examined: Examined) -> Iterator[Refusal]:
    """A head alone finds that data is given in the public interest, and weighs what comes late."""
    yield from consultation.finding(examined)


def objections_weighed(examined: Examined) -> Iterator[Refusal]:
    """Of each third party that does not agree it was said what is found of that, before data is
    given; it is told in this very act."""
    case = examined.case
    names = {str(one.number): visibility.in_clear(one.party) for one in case.asked_parties}
    yield from _days_left(examined)
    for one in consultation.weighed(examined):
        yield replace(one, value=names[one.value])


def _days_left(examined: Examined) -> Iterator[Refusal]:
    """That a third party whose receipt was noted has days left, whatever state the case is in:
    its letter may have been on the way longer than was waited for."""
    case, row = examined.case, examined.row
    waiting = [one.served for one in case.asked_parties if one.served and not one.answer]
    days = [last for one in waiting if (last := defence.last_day(row, CONSULT, one))]
    if not days or max(days) < now.today():
        return
    facts = {
        "asked": str(len(case.asked_parties)),
        "answered": str(sum(bool(one.answer) for one in case.asked_parties)),
        "due": max(days).isoformat(),
    }
    name = examined.command.name
    yield Refusal("parties_not_heard", "command", name, consultation.ARTICLE, facts)


CONSULT = "consult"
"""The term of a third party's answer."""


@needs(FieldPart.PARTY)
def party_asked_once(examined: Examined) -> Iterator[Refusal]:
    """Whose answer is still awaited is not written to as somebody else: a newer letter says which
    one it replaces. One that was answered is not replaced, for its answer counts."""
    case, said = examined.case, examined.case.procedure.by_part(examined.fields)
    fields = case.procedure.names_by_part(examined.command)
    names = {one.number: visibility.in_clear(one.party) for one in case.asked_parties}
    name, instead_of = str(said[FieldPart.PARTY]), str(said.get(FieldPart.PARTY_LETTER, ""))
    before = consultation.named_before(case, name, instead_of, names)
    for one in case.asked_parties:
        facts, number = {"day": one.asked.isoformat()}, str(one.number)
        if number == instead_of and one.answer:
            field = fields[FieldPart.PARTY_LETTER]
            yield Refusal("party_answered", field, names[one.number], facts=facts)
        if number == before:
            yield Refusal("party_asked_already", fields[FieldPart.PARTY], name, facts=facts)
