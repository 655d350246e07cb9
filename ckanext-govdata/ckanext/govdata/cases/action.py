"""Actions on cases: the API contract of the procedures."""

from __future__ import annotations

from typing import cast

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ..access import presence
from ..domain.case import Actor
from ..pager import read_page
from ..parameters import flag
from ..security.callers import signed_in
from . import consequences, parties, refusal_sentences
from .answers import (
    CaseAnswer,
    CasePage,
    CommandAnswer,
    ConsequencesAnswer,
    DecisionPage,
    ProcedureAnswer,
    VerifiedLetter,
)
from .engine import beginnings, commands, declared_procedures, event_rows, new_case, record
from .engine.visibility import SEEN
from .model import CaseRow
from .pages import case_choices, case_list, case_view, letters
from .pages.decisions import decisions


def govdata_case_create(context: Context, data_dict: DataDict) -> CaseAnswer:
    """Begin a case; the case.

    :param kind: of the procedure, see ``govdata_procedure_list``
    :param dataset_id: the entry that it is about
    :param resource_id, column, row: what exactly of it, where the procedure can be about that
    :param event_id, figure, department_id: what it is about, where it is no entry: an event by its
        name, a figure as ``<jurisdiction>.<kind>.<name>`` of ``govdata_supervision_show``
    :param resource_ids: the files of it that are wanted; the same as the form's field of files
    :param applicant_organization_id: the department of one's own in whose name one applies
    :param form: what is filled in so far
    :param submit: true hands it in at once
    :param command: by which it is handed in, where there are several; by default the applicant's
    :param upload: files for the form's field of attachments, kept with the case or not at all
    """
    tk.check_access("govdata_case_create", context, data_dict)
    procedure = declared_procedures.procedures().get(str(data_dict.get("kind") or ""))
    if procedure is None or not procedure.applied_for:
        raise tk.ValidationError({"kind": [tk._("There is no such procedure.")]})
    user = signed_in(context)
    handing_in = beginnings.handing_in(procedure, data_dict)
    row = beginnings.row_for(context, procedure, user.id, data_dict, handing_in)
    saving = None if flag(data_dict, "submit") else procedure.saving
    command = saving or handing_in
    if saving:
        new_case.check_drafts(row, user.id)
    form = data_dict.get("form") or {}
    files = next((f.name for f in procedure.asked(command) if f.type == "resources"), "")
    if isinstance(form, dict) and files and data_dict.get("resource_ids"):
        form = {files: data_dict["resource_ids"], **form}
    actor = parties.actor(user.id, row)
    return commands.carry_out(context, row, actor, command.name, form, data_dict.get("upload"))


def govdata_case_act(context: Context, data_dict: DataDict) -> CaseAnswer:
    """Give a command; the case after it.

    :param id: of the case, or its reference number
    :param command: see ``govdata_case_commands``
    :param fields: what the command asks for
    :param upload: files for its field of attachments, kept with it or not at all
    :param read: what ``govdata_case_rehearse`` gave under that name: the letters, also those to
        third parties, are written only as they were read then
    """
    tk.check_access("govdata_case_act", context, data_dict)
    seen, actor = _seen_as(context, data_dict)
    row = record.locked(model.Session, seen.id)
    actor = parties.actor(actor.id, row)
    command, fields = str(data_dict.get("command") or ""), data_dict.get("fields") or {}
    upload, read = data_dict.get("upload"), str(data_dict.get("read") or "")
    return commands.carry_out(context, row, actor, command, fields, upload, read)


def govdata_case_rehearse(context: Context, data_dict: DataDict) -> CaseAnswer:
    """The case as it would be after a command, with the letter as it would read; nothing of it is
    kept, and nobody is told.

    :param id: of the case, or its reference number
    :param command: see ``govdata_case_commands``
    :param fields: what the command asks for
    """
    tk.check_access("govdata_case_rehearse", context, data_dict)
    seen, actor = _seen_as(context, data_dict)
    row = record.locked(model.Session, seen.id)
    actor = parties.actor(actor.id, row)
    command, fields = str(data_dict.get("command") or ""), data_dict.get("fields") or {}
    return commands.rehearse(context, row, actor, command, fields)


@tk.side_effect_free
def govdata_case_show(context: Context, data_dict: DataDict) -> CaseAnswer:
    """What the present user may see of a case.

    :param id: of the case, or its reference number
    """
    tk.check_access("govdata_case_show", context, data_dict)
    row, actor = _seen_as(context, data_dict)
    return commands.told(
        case_view.whole(row, actor, record.events_of(model.Session, row.id)), actor
    )


@tk.side_effect_free
def govdata_case_commands(context: Context, data_dict: DataDict) -> list[CommandAnswer]:
    """What the present user may do to a case now, with the fields of each command.

    :param id: of the case, or its reference number
    """
    tk.check_access("govdata_case_commands", context, data_dict)
    row, actor = _seen_as(context, data_dict)
    procedure, rows = declared_procedures.procedure_of(row), record.events_of(model.Session, row.id)
    if not declared_procedures.goes_on(procedure, rows):
        return []
    case = event_rows.case_of(procedure, row, rows)
    return case_view.commands(row, case, actor, case_choices.hindrances_of(row, case))


@tk.side_effect_free
def govdata_case_list(context: Context, data_dict: DataDict) -> CasePage:
    """Cases that the present user sees, the most urgent first.

    :param kind, state: only these
    :param handler: only those that are assigned to this user (id or name); ``me`` is the present
        one and those for whom he stands in
    :param mine: true only those that the present user applied for
    :param overdue, due_soon, open: true only these
    :param q: part of the reference or title
    :param page: from 1, 20 a page
    """
    tk.check_access("govdata_case_list", context, data_dict)
    user_id = signed_in(context).id
    page = read_page(data_dict, case_list.PAGE)
    count, rows = case_list.find(model.Session, user_id, data_dict, page)
    public = presence.public(row.package_id for row in rows if row.applicant_id == user_id)
    found = [
        case_view.untitled(case_view.summary(row), public, row.applicant_id == user_id)
        for row in rows
    ]
    return {**page.head(count), "results": found}


@tk.side_effect_free
def govdata_procedure_list(context: Context, data_dict: DataDict) -> list[str]:
    """The kinds of procedures."""
    tk.check_access("govdata_procedure_list", context, data_dict)
    return sorted(declared_procedures.procedures())


@tk.side_effect_free
def govdata_procedure_show(context: Context, data_dict: DataDict) -> ProcedureAnswer:
    """A procedure with its states, commands and fields.

    :param id: its kind
    """
    tk.check_access("govdata_procedure_show", context, data_dict)
    procedure = declared_procedures.procedures().get(str(data_dict.get("id") or ""))
    if procedure is None:
        raise tk.ObjectNotFound(tk._("There is no such procedure."))
    return case_view.described(procedure)


@tk.side_effect_free
def govdata_letter_verify(context: Context, data_dict: DataDict) -> VerifiedLetter:
    """The letter that has this digest.

    :param digest: 64 hexadecimal digits, printed on the letter
    """
    tk.check_access("govdata_letter_verify", context, data_dict)
    found = letters.by_digest(model.Session, str(data_dict.get("digest") or "").strip().lower())
    if found is None:
        raise tk.ObjectNotFound(tk._("No letter of this portal has this digest."))
    return found


@tk.side_effect_free
def govdata_decision_list(context: Context, data_dict: DataDict) -> DecisionPage:
    """Decisions without identities, newest first, and each department's rate in time.

    :param kind: of the procedure; by default that of applications for data
    :param organization: only of this department
    :param outcome: ``granted``, ``partly_granted`` or ``refused``
    :param page: from 1
    """
    tk.check_access("govdata_decision_list", context, data_dict)
    return decisions(model.Session, data_dict)


def _seen_as(context: Context, data_dict: DataDict) -> tuple[CaseRow, Actor]:
    """The case's row and the user's part in it, as the check of access has just read them."""
    found = cast("dict[str, tuple[CaseRow, Actor]]", context).pop(SEEN, None)
    row = found[0] if found else record.row_of(model.Session, str(data_dict["id"]))
    if row is None:
        raise tk.ObjectNotFound
    try:
        declared_procedures.procedure_of(row)
    except declared_procedures.Undeclared:
        raise refusal_sentences.undeclared() from None
    # access is not checked for those who may do everything
    return found or (row, parties.actor(signed_in(context).id, row))


@tk.side_effect_free
def govdata_consequences(context: Context, data_dict: DataDict) -> ConsequencesAnswer:
    """What changing an entry or a file would do to running grants and open cases.

    Answers ``dataset_id``, how many ``grants`` run and ``cases`` are open, and by kind of
    ``changes`` how many grants are ``revoked`` or ``suspended`` and cases ``hindered`` (can only
    be refused) or ``moved``.

    :param id: of the entry, or of one of its files
    """
    tk.check_access("govdata_consequences", context, data_dict)
    entry, file = consequences.entry_of(str(tk.get_or_bust(data_dict, "id")))
    standing = consequences.of_entry(model.Session, entry)
    return {
        "dataset_id": entry,
        "grants": len(standing.grants),
        "cases": len(standing.cases),
        "changes": consequences.of_each_change(standing, file),
    }
