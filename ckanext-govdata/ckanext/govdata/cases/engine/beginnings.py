"""Whether and about what somebody may begin a case, as its procedure declares it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import g

from ... import now, slices
from ...departments import seats
from ...domain.case import open_case
from ...domain.decision import Examined, checked
from ...domain.form import Choices
from ...domain.procedure import Applicant, Command, Procedure, Role
from ...domain.refusal import Refusal
from ...domain.topic import CaseSubject, Topic
from .. import parties, refusal_sentences
from . import new_case, record

NAMED_BY: Mapping[Topic, str] = {
    Topic.ROW: "row",
    Topic.COLUMN: "column",
    Topic.RESOURCE: "resource_id",
    Topic.EVENT: "event_id",
    Topic.FIGURE: "figure",
    Topic.DEPARTMENT: "department_id",
    Topic.ENTRY: "dataset_id",
}
"""The parameter by which each kind of thing is named, the finest first."""
ADDRESSED: Mapping[str, Topic] = {
    "entry": Topic.ENTRY,
    "resource": Topic.RESOURCE,
    "column": Topic.COLUMN,
    "row": Topic.ROW,
    "event": Topic.EVENT,
    "figure": Topic.FIGURE,
    "department": Topic.DEPARTMENT,
}
"""What addresses of pages call it."""


def named_in(address: Mapping[str, str]) -> dict[str, str]:
    """What an address names, as the parameters that name it."""
    return {NAMED_BY[topic]: address[key] for key, topic in ADDRESSED.items() if key in address}


def handing_in(procedure: Procedure, asked: Mapping[str, object]) -> Command:
    """The command by which a case is to be handed in: the one that is named, or the applicant's.

    Raises ``ValidationError`` where no case of this kind is handed in by it.
    """
    wanted = str(asked.get("command") or procedure.receiving.name)
    found = next((one for one in procedure.handing_in if one.name == wanted), None)
    if found is None:
        known = tk._(", ").join(one.name for one in procedure.handing_in)
        sentence = tk._("'{value}' hands in no case of this kind. Possible are: {known}.")
        raise tk.ValidationError({"command": [sentence.format(value=wanted[:100], known=known)]})
    return found


def row_for(
    context: Context,
    procedure: Procedure,
    user_id: str,
    asked: Mapping[str, object],
    command: Command | None = None,
) -> record.Pending:
    """The row of a new case about what is named, not inserted yet.

    Where ``command`` is not the applicant's, somebody records it for a person without an account:
    then the portal itself applies, and what it is about is looked at as everybody may.

    Raises ``ValidationError`` where there is no such thing for this user, or it cannot be the
    subject of this procedure's cases.
    """
    if command and Role.APPLICANT not in command.by:
        context, user_id = Context(user="", auth_user_obj=None), parties.portal_user()
    subject = subject_of(context, procedure, asked)
    department = _department(procedure, user_id, asked)
    row = new_case.new_row(procedure.kind, subject, user_id, department)
    problems = list(_problems(procedure, row))
    if problems:
        raise refusal_sentences.invalid(procedure, problems)
    return row


Reader: TypeAlias = "model.User | model.AnonymousUser"


class Offers(NamedTuple):
    """Whether somebody may begin a case himself, and by which commands for others."""

    himself: bool
    for_others: tuple[Command, ...] = ()


def offers(procedure: Procedure, user: Reader, address: Mapping[str, str]) -> Offers:
    """What a page offers its reader about what it shows, named as in addresses; asked once a
    request, of staff alone: anybody else is asked when he begins. What belongs to an entry is
    looked at as the entry."""
    if not user.is_authenticated or not seats.works_in(user.id):
        return Offers(himself=procedure.applicants != (Applicant.DEPARTMENT,))
    known: dict[tuple[str, str, str], Offers] = g.setdefault(OFFERED, {})
    key = (procedure.kind, user.id, address["entry"] if "entry" in address else str(address))
    if key not in known:
        known[key] = _offers(procedure, user, address)
    return known[key]


OFFERED = "govdata_offers"


def _offers(procedure: Procedure, user: Reader, address: Mapping[str, str]) -> Offers:
    subject = None
    try:
        subject = _shown(procedure, user, address)
        row = new_case.new_row(procedure.kind, subject, user.id) if subject else None
    except tk.ValidationError:  # it is not there for him, or nobody provides it
        row = None
    if subject is None or row is None:
        return Offers(himself=False)
    for_another = new_case.new_row(procedure.kind, subject, parties.portal_user())
    roles = parties.actor(user.id, for_another).roles
    recording = tuple(one for one in procedure.recording if roles & set(one.by))
    return Offers(not any(_problems(procedure, row)), recording)


def _shown(procedure: Procedure, user: Reader, address: Mapping[str, str]) -> CaseSubject | None:
    """What a page shows, as the subject of a case."""
    if "entry" in address:
        entry = model.Package.get(address["entry"])
        return new_case.subject_of(entry) if entry else None
    reader = Context(user=user.name, auth_user_obj=user)
    return subject_of(reader, procedure, named_in(address))


def _problems(procedure: Procedure, row: record.Pending) -> Iterator[Refusal]:
    """What stands against beginning a case: the checks of its procedure."""
    case = open_case(procedure, row.applicant_id, now.today())
    examined = Examined(case, procedure.receiving, {}, Choices(now.today()), row)
    return checked(procedure.begins, examined)


def subject_of(context: Context, procedure: Procedure, asked: Mapping[str, object]) -> CaseSubject:
    """What is named, as what a case of this procedure can be about."""
    possible = (topic for topic in NAMED_BY if topic in procedure.about)
    named = (topic for topic in possible if asked.get(NAMED_BY[topic]))
    topic = next(named, None) or procedure.about[0]
    return slices.registered("case_subjects")[topic.value](context, asked)


def _department(procedure: Procedure, user_id: str, asked: Mapping[str, object]) -> str:
    """The department in whose name somebody applies; empty where he applies for himself."""
    own = seats.works_in(user_id) if Applicant.DEPARTMENT in procedure.applicants else {}
    work = list(own)
    wanted = str(asked.get("applicant_organization_id") or "")
    alone = procedure.applicants == (Applicant.DEPARTMENT,)
    if not wanted and not alone:
        return ""
    if wanted in work or (not wanted and len(work) == 1):
        return wanted or work[0]
    sentence = tk._("Name a department of your own in whose name you apply.")
    raise tk.ValidationError({"applicant_organization_id": [sentence]})
