"""Carry out a command on a case: one transaction, or nothing and why not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from ... import now
from ...access import fetchable, presence
from ...database import Session
from ...departments import tree
from ...domain import form
from ...domain.case import Actor, Case, CaseEvent
from ...domain.decision import Refused, commands_now, decide
from ...domain.field_part import FieldPart
from ...domain.procedure import Command, Procedure, Role
from ...domain.refusal import Refusal
from ...domain.seal import in_place, split
from ...forms import attachments
from ...identity import profile
from ...identity import sentences as identity_words
from ...rules import in_force
from ...security import vault
from ...transaction import rehearsal, transaction
from .. import entry_changes, refusal_sentences
from ..answers import CaseAnswer, LetterAnswer
from ..model import CaseEventRow, CaseRow
from ..pages import case_choices, case_view, letters
from . import case_rules, declared_procedures, event_rows, new_case, record, visibility


def carry_out(
    context: Context, row: CaseRow, actor: Actor, command: str, fields: object,
    upload: object = None, read: str = "",
) -> CaseAnswer:
    """Decide and write on a row that is locked or new; the case after it, as the actor sees it.
    Files that come along with the fields are kept with it. Where the letters were ``read`` before,
    they are written only as they were.

    Raises ``ValidationError`` with every reason against it; then nothing is written.
    """
    with transaction(context) as session:
        shown = _carried_out(row, actor, command, fields, upload)
        if read and read != letters.read_as(new_letters(row, shown)):
            changed = Refused((Refusal("letters_changed", "command"),))
            raise _validation_error(declared_procedures.procedure_of(row), changed)
        if shown["open"] and not row.open and row.package_id:
            entry_changes.follow_case(session, record.seen(session, row.id))
    return shown


def new_letters(row: CaseRow, shown: CaseAnswer) -> list[LetterAnswer]:
    """The letters of an act on that row: its own first, then those to third parties."""
    return [one for one in shown["letters"] if one["number"] > row.version]


def rehearse(
    context: Context, row: CaseRow, actor: Actor, command: str, fields: object
) -> CaseAnswer:
    """The case as it would be after a command, with the letter that it would get; nothing of it is
    kept, and nobody is told.

    Raises ``ValidationError`` as :func:`carry_out` does.
    """
    with rehearsal(context):
        shown = _carried_out(row, actor, command, fields, None, kept=False)
    shown["read"] = letters.read_as(new_letters(row, shown))
    return case_view.unnamed(shown, row, actor) if visibility.anonymous(actor, row) else shown


def _carried_out(
    row: CaseRow,
    actor: Actor,
    command: str,
    fields: object,
    upload: object,
    kept: bool = True,
) -> CaseAnswer:
    """What a command does; what is not ``kept`` takes no turn in the ledger."""
    session, procedure = model.Session, declared_procedures.procedure_of(row)
    rows = [] if row.version == 0 else record.events_of(session, row.id)
    if not declared_procedures.goes_on(procedure, rows):
        raise refusal_sentences.undeclared()
    case = event_rows.case_of(procedure, row, rows)
    asked = procedure.commands.get(command)
    if asked and asked.receives:
        row = _received_today(row)
    if not isinstance(fields, dict):
        raise tk.ValidationError({"fields": [tk._("Fields and values are wanted here.")]})
    if asked and upload:
        row, fields = _with_files(row, case, asked, actor, fields, upload)
    draft = _draft(row, procedure, asked)
    if asked and asked.receives:
        fields = {**draft, **fields}  # what was saved counts; what is said now goes before it
    answer = decide(case, command, fields, actor, case_rules.rules_now(row, case),
                    in_force.calendar(), _choices(row, case, asked, fields, draft), row)
    if isinstance(answer, Refused):
        raise _validation_error(procedure, answer)
    _check_glue(session, row, procedure, answer, actor.id)
    given = procedure.commands[command]
    shown = _keep(session, row, case, answer, given, actor, rows, kept)
    if not given.receives:  # then the entry was just seen to be public
        shown = told(shown, actor)
    return shown


def _with_files(
    row: CaseRow,
    case: Case,
    asked: Command,
    actor: Actor,
    fields: dict[str, object],
    upload: object,
) -> tuple[CaseRow, dict[str, object]]:
    """The fields with the files that came along, in the first that takes some, and the case's row,
    which must be there before its files; kept only for what this person may do now."""
    name = next((one.name for one in case.procedure.asked(asked) if one.type == "attachments"), "")
    rules = case_rules.rules_now(row, case)
    if not name or asked not in commands_now(case, actor, rules, now.today()):
        return row, fields  # the decision says why not
    session, held = model.Session, fields.get(name)
    if isinstance(row, record.Pending) and row.new:
        row = record.keep_draft(session, row, {})
    sent = upload if isinstance(upload, list) else [upload]
    kept = attachments.keep(session, row.id, actor.id, sent, name)
    return row, {**fields, name: [*(held if isinstance(held, list) else []), *kept]}


def _draft(row: CaseRow, procedure: Procedure, asked: Command | None) -> dict[str, object]:
    """What the draft holds of what a command asks for; nothing once it was received."""
    if asked is None or not (asked.receives or asked.partial) or row.received:
        return {}
    return form.readable(procedure.asked(asked), json.loads(row.draft))


def _choices(
    row: CaseRow,
    case: Case,
    asked: Command | None,
    fields: Mapping[str, object],
    draft: Mapping[str, object],
) -> form.Choices:
    """What may be chosen in the fields that are filled in; in a draft also what it has already."""
    wanted = list(case.procedure.asked(asked)) if asked else []
    filled = {field.type for field in wanted if fields.get(field.name)}
    if any(field.part is FieldPart.NOT_SEVERED for field in wanted):
        filled.add("resources")  # of which parts could be given
    if any(field.powers for field in wanted):
        filled.add("articles")  # whether a text gives any
    choices = case_choices.choices(row, filled, case_choices.against(row, case, asked))
    if asked and asked.owes:
        choices = replace(choices, fetchable=fetchable.of_entry(model.Session, row.package_id))
    return form.widened(choices, wanted, draft) if asked and asked.partial else choices


def told(shown: CaseAnswer, actor: Actor) -> CaseAnswer:
    """The case as its applicant is told it, who may not know of every entry any more."""
    mine = Role.APPLICANT in actor.roles
    return case_view.untitled(shown, presence.public([shown["dataset_id"]]) if mine else (), mine)


def _keep(
    session: Session,
    row: CaseRow,
    case: Case,
    event: CaseEvent,
    command: Command,
    actor: Actor,
    rows: list[CaseEventRow],
    kept: bool,
) -> CaseAnswer:
    """A draft is kept beside the case; everything else is an event. The case after it."""
    if command.partial:
        return case_view.whole(record.keep_draft(session, row, dict(event.fields)), actor, rows)
    shown_fields, sealed = split(case.procedure.asked(command), event.fields)
    shown_fields = in_place(case.procedure.asked(command), shown_fields, vault.seal_text)
    if sealed:
        profile.keep_represented(session, row.id, row.applicant_id, sealed)
    moment = record.append(session, row, case, replace(event, fields=shown_fields))
    moments = [moment, *record.append_following(moment)]
    shown = case_view.whole(
        moments[-1].row, actor, [*rows, *(one.written for one in moments)]
    )
    if kept:
        for one in moments:
            record.close(one)
    return shown


def _validation_error(procedure: Procedure, refused: Refused) -> Exception:
    return refusal_sentences.invalid(procedure, refused.reasons)


def _check_glue(
    session: Session, row: CaseRow, procedure: Procedure, event: CaseEvent, user_id: str
) -> None:
    """What only the glue knows: that the applicant is known, and has not applied already."""
    if not procedure.commands[event.command].receives:
        return
    himself = event.role == Role.APPLICANT.value
    person = split(procedure.asked(procedure.commands[event.command]), event.fields)[1]
    before = None
    if himself or person:  # written down twice at the counter it is one, too
        before = new_case.applied_already(session, row, event.fields, {} if himself else person)
    if before:
        raise _validation_error(procedure, Refused((before,)))
    if not himself:
        return
    known = profile.keep_with(session, row.id, user_id)
    if procedure.identity and not known:
        raise tk.ValidationError({"identity": [identity_words.unknown(session, user_id)]})


def _received_today(row: CaseRow) -> CaseRow:
    """The rules are those of the day of receipt, not of the day on which the draft was begun."""
    if isinstance(row, record.Pending):  # it is begun today
        return row
    place = new_case.place_of(row.kind, row.organization_id, row.applicant_organization_id)
    values = {
        "rules_day": now.today(),
        "jurisdiction": place or tree.jurisdiction_of(row.organization_id),
    }
    if (row.rules_day, row.jurisdiction) == tuple(values.values()):
        return row
    return record.moved(row, values)
