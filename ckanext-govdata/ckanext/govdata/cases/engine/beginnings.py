"""Whether and about what somebody may begin a case, as its procedure declares it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ... import now, slices
from ...departments import seats
from ...domain.case import open_case
from ...domain.decision import Examined, checked
from ...domain.form import Choices
from ...domain.procedure import Applicant, Procedure
from ...domain.refusal import Refusal
from ...domain.topic import CaseSubject, Topic
from .. import refusal_sentences
from . import declared_procedures, new_case, record

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


def row_for(
    context: Context, procedure: Procedure, user_id: str, asked: Mapping[str, Any]
) -> record.Pending:
    """The row of a new case about what is named, not inserted yet.

    Raises ``ValidationError`` where there is no such thing for this user, or it cannot be the
    subject of this procedure's cases.
    """
    subject = subject_of(context, procedure, asked)
    department = _department(procedure, user_id, asked)
    row = new_case.new_row(procedure.kind, subject, user_id, department)
    problems = list(_problems(procedure, row))
    if problems:
        raise tk.ValidationError(refusal_sentences.errors(procedure, problems))
    return row


def offered(
    context: Context, place: str, user_id: str, asked: Mapping[str, Any]
) -> Iterator[Procedure]:
    """The procedures that a page of this kind offers to begin about what is named."""
    for procedure in declared_procedures.procedures().values():
        if place in procedure.starts_from and procedure.applied_for:
            try:
                subject = subject_of(context, procedure, asked)
                row = new_case.new_row(procedure.kind, subject, user_id)
            except tk.ValidationError:
                continue
            if not any(_problems(procedure, row)):
                yield procedure


def _problems(procedure: Procedure, row: record.Pending) -> Iterator[Refusal]:
    """What stands against beginning a case: the checks of its procedure."""
    case = open_case(procedure, row.applicant_id, now.today())
    examined = Examined(case, procedure.receiving, {}, Choices(now.today()), row)
    return checked(procedure.begins, examined)


def subject_of(context: Context, procedure: Procedure, asked: Mapping[str, Any]) -> CaseSubject:
    """What is named, as what a case of this procedure can be about."""
    possible = (topic for topic in NAMED_BY if topic in procedure.about)
    named = (topic for topic in possible if asked.get(NAMED_BY[topic]))
    topic = next(named, None) or procedure.about[0]
    return slices.registered("case_subjects")[topic.value](context, asked)


def _department(procedure: Procedure, user_id: str, asked: Mapping[str, Any]) -> str:
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
