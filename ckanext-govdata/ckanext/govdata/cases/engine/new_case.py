"""Begin a case: by an applicant, or by the portal itself. Public to other slices."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from itertools import groupby
from operator import attrgetter

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ... import now, settings
from ...database import Session
from ...departments import tree
from ...domain.case import LET_THROUGH, CaseEvent, fold, open_case
from ...domain.decision import Refused, decide
from ...domain.procedure import Procedure
from ...domain.refusal import Refusal
from ...domain.same_case import same
from ...domain.topic import CaseSubject, Topic
from ...identity import profile
from ...rules import in_force
from .. import parties
from ..model import CaseEventRow, CaseRow, case, event
from ..pages import case_choices
from . import case_rules, declared_procedures, event_rows, record


def begin(procedure: Procedure, package_id: str, let_through: Collection[str] = ()) -> str:
    """Begin a case that the portal itself begins, such as the review of an emergency's data.

    In the caller's transaction; gives the case's id. The applicant is the portal's own user, for
    nobody decides in a case of his own; nor do those who ``let_through`` what it is about.
    """
    entry = model.Package.get(package_id)
    if entry is None:
        raise tk.ObjectNotFound(tk._("The entry is no longer there."))
    user_id = parties.portal_user()
    row = new_row(procedure.kind, subject_of(entry), user_id)
    begun = event_rows.case_of(procedure, row, ())
    command = next(one for one in procedure.commands_from(procedure.initial) if one.receives)
    answer = decide(begun, command.name, {}, parties.actor(user_id, row), case_rules.rules_of(row),
                    in_force.calendar(), case_choices.choices(row, ()))
    if isinstance(answer, Refused):
        raise RuntimeError(f"{procedure.kind} cannot be begun: {answer.reasons}")
    moment = record.append(model.Session, row, begun, answer)
    record.close(moment)
    if let_through:
        fields = {"persons": sorted(let_through)}
        said = CaseEvent(LET_THROUGH, answer.day, moment.case.state, fields=fields,
                     clocks=moment.case.clocks)
        record.write(model.Session, moment.row, moment.case, said)
    return row.id


def subject_of(entry: model.Package) -> CaseSubject:
    """An entry as the subject of a case."""
    title = entry.title or entry.name
    return CaseSubject(Topic.ENTRY, title, entry.owner_org or "", entry.id)


def new_row(
    kind: str, subject: CaseSubject, user_id: str, department: str = ""
) -> record.Pending:
    """The row of a new case, not inserted yet; ``department`` is in whose name the user applies.

    Raises ``ValidationError`` if no department answers for what it is about.
    """
    provider, instant = tree.provider(subject.organization_id), now.now()
    if provider is None:
        raise tk.ValidationError({"dataset_id": [tk._("No department provides this entry.")]})
    return record.begun({
        "id": str(uuid.uuid4()),
        "kind": kind,
        "state": declared_procedures.procedures()[kind].initial,
        "open": True,
        "subject_kind": subject.topic.value,
        "subject": place_text(subject),
        "package_id": subject.package_id or None,
        "package_title": subject.title,
        "organization_id": subject.organization_id,
        "organization_title": provider[0],
        "jurisdiction": place_of(kind, subject.organization_id, department) or provider[1],
        "rules_day": now.today(),
        "applicant_id": user_id,
        "applicant_organization_id": department or None,
        "opened": now.today(),
        "provisional": False,
        "overdue_said": False,
        "late": False,
        "draft": "{}",
        "version": 0,
        "created": instant,
        "modified": instant,
    })


def place_of(kind: str, provider: str, department: str | None) -> str:
    """The jurisdiction of a case between two departments: whoever stands above both settles it
    (Decree 809 article 28); empty of any other, which is its provider's."""
    between = declared_procedures.procedures()[kind].between_two
    return tree.common_jurisdiction(provider, department) if between and department else ""


def draft_about(
    session: Session, procedure: Procedure, subject: CaseSubject, user_id: str
) -> str | None:
    """The id of the user's newest draft about a thing, by this procedure."""
    query = sa.select(case.c.id).where(
        case.c.applicant_id == user_id,
        case.c.kind == procedure.kind,
        case.c.state == procedure.initial,
        case.c.open,
        case.c.package_id.is_not_distinct_from(subject.package_id or None),
        case.c.subject == place_text(subject),
    )
    return session.scalar(query.order_by(case.c.modified.desc()).limit(1))


def place_text(subject: CaseSubject) -> str:
    """Where exactly a thing is, as the case's row keeps it."""
    return json.dumps(dict(subject.place), ensure_ascii=False, sort_keys=True)


def take_turn(session: Session, user_id: str) -> None:
    """What a person begins or hands in at once is judged one after the other, each with what the
    one before has written; until the transaction ends."""
    session.execute(TURN, {"user": user_id})


TURN = sa.text("SELECT pg_advisory_xact_lock(hashtext(:user))")


def applied_already(
    session: Session, row: CaseRow, answers: Mapping[str, object], person: Mapping[str, str]
) -> Refusal | None:
    """That the applicant has this case under way already, with its number.

    Who hands in the same again means the one that is there: a second click, a program that asks
    again. After a decision, or with other answers to the fields ``same_if`` names, he may.
    """
    procedure = declared_procedures.procedures()[row.kind]
    if not procedure.same_if:
        return None
    take_turn(session, row.applicant_id)
    names = ("id", "kind", "applicant_id", "package_id", "subject")
    said = session.execute(UNDER_WAY, {name: getattr(row, name) for name in names})
    for reference, found in groupby(said, attrgetter("reference")):
        events = [CaseEventRow._make(one[1:]) for one in found]
        if person and not profile.represents(session, events[0].case_id, person):
            continue
        begun = open_case(procedure, row.applicant_id, row.opened)
        standing = fold(begun, map(event_rows.event_of, events))
        if same(procedure.same_if, answers, standing.answers):
            return Refusal("applied_already", "dataset_id", reference)
    return None


UNDER_WAY = (
    sa.select(case.c.reference, event)
    .join(event, event.c.case_id == case.c.id)
    .where(
        case.c.applicant_id == sa.bindparam("applicant_id"),
        case.c.kind == sa.bindparam("kind"),
        case.c.package_id.is_not_distinct_from(sa.bindparam("package_id")),
        case.c.subject == sa.bindparam("subject"),
        case.c.id != sa.bindparam("id"),
        case.c.open,
        case.c.received.is_not(None),
    )
    .order_by(case.c.reference, event.c.number)
)
"""The events of what a person has applied for and nobody has answered, case by case."""


def check_drafts(row: record.Pending, user_id: str) -> None:
    """Refuse one draft too many, of this entry or at all: ``ValidationError`` with what is there.

    Those that begin at once are counted one after the other.
    """
    session = model.Session
    take_turn(session, user_id)
    drafts = sa.select(sa.func.count()).where(
        case.c.applicant_id == user_id, case.c.open, case.c.received.is_(None)
    )
    of_entry = session.scalar(drafts.where(case.c.package_id == row.package_id)) or 0
    at_all = session.scalar(drafts) or 0
    for had, most, words in (
        (of_entry, settings.drafts_per_entry(), tk._(
            "You have begun {had} applications for this entry; at most {most} may wait. Go on "
            "with one of them, or withdraw it."
        )),
        (at_all, settings.drafts_per_person(), tk._(
            "You have begun {had} applications; at most {most} may wait. Go on with one of "
            "them, or withdraw it."
        )),
    ):  # fmt: skip
        if had >= most:
            raise tk.ValidationError({"dataset_id": [words.format(had=had, most=most)]})
