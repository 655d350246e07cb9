"""Pages on which somebody begins a case and fills in its form, as its procedure declares them."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import Response

from ... import slices
from ...domain.field_part import FieldPart
from ...domain.procedure import Command, Field, Form, LastStep, Procedure, Step
from ...domain.topic import CaseSubject, Topic
from ...forms import form_reader
from ...identity.sentences import choices as identity_choices
from ...web import REASONS, Errors, act, attempt, form, refusal_of, sentences_of, sign_in_first
from .. import parties, terms
from ..answers import CaseAnswer, CaseSummary
from ..engine import beginnings, declared_procedures, new_case, record
from ..model import CaseRow
from . import case_choices, case_view

Values = dict[str, object]
"""What is filled in, by field."""
KEPT = (FieldPart.RENEWS.value,)
"""What an address says besides for parts of the form, which the button hands on."""


def begin(kind: str) -> Response | str:
    """Begin a case of this kind about what the address names, or go on with the draft of it."""
    procedure = declared_procedures.procedures().get(kind)
    if procedure is None or not procedure.applied_for:
        raise tk.abort(404)
    given = tk.request.args
    named = beginnings.named_in(given)
    try:
        command = beginnings.handing_in(procedure, given)
    except tk.ValidationError as error:
        raise tk.abort(400, sentences_of(error)) from None
    if command in procedure.recording:
        return _recorded(procedure, named, command)
    return _begun(procedure, named)


def apply(dataset: str) -> Response | str:
    """Apply for an entry's data, by the procedure that gives it."""
    kinds = declared_procedures.procedures().values()
    found = next((one for one in kinds if one.gives_data and Topic.ENTRY in one.about), None)
    if found is None:
        raise tk.abort(404)
    return _begun(found, {"dataset_id": dataset})


def _begun(procedure: Procedure, named: dict[str, str]) -> Response | str:
    """Go on with the draft that is there, or a page with the button that begins one; a form of one
    page is shown at once. Only a button writes: whoever follows a link has begun nothing."""
    sign_in_first()
    if "dataset_id" in named:
        act("package_show", id=named["dataset_id"])
    posts = tk.request.method == "POST"
    if posts:  # two clicks are one draft
        new_case.take_turn(model.Session, tk.current_user.id)
    subject = _subject(procedure, named)
    pages = _form(procedure).pages
    case = _draft_about(procedure, subject)
    if case is None:
        values = _prefilled(procedure)
        if not posts:
            return _offer(procedure, subject, values)
        begun = _new_draft(procedure, named, values)
        if isinstance(begun, Response):
            return begun
        case = begun
    sent = any(form_reader.pressed(name) is not None for name in ("submit", "stay"))
    if posts and len(pages) == 1 and sent:
        return _step(act("govdata_case_show", id=case["id"]), procedure, pages[0])
    return tk.h.redirect_to("govdata_cases.step", case_id=case["id"], name=pages[0].id)


def _recorded(procedure: Procedure, named: Mapping[str, str], command: Command) -> Response:
    """Somebody at a counter writes a case down for a person without an account: one page, and
    nothing is kept before it is handed in, for there is nobody whose draft it is.

    What the address names is looked at as everybody may, for it is printed for him.
    """
    sign_in_first()
    subject = _subject(procedure, named, Context(user="", auth_user_obj=None))
    row = new_case.new_row(procedure.kind, subject, parties.portal_user())
    if not parties.actor(tk.current_user.id, row).roles & set(command.by):
        raise tk.abort(404, tk._("There is no such page, or it is not for you."))
    fields, values = list(procedure.asked(command)), Values()
    errors: Errors = {}
    if tk.request.method == "POST":
        values = form_reader.sent(fields)
        more = {"kind": procedure.kind, "command": command.name, "form": values, "submit": True,
                "upload": form_reader.uploads()}  # fmt: skip
        case, errors = attempt("govdata_case_create", **named, **more)
        if not errors:
            return tk.h.redirect_to("govdata_cases.read", case_id=case["id"])
    return form(
        "govdata/cases/counter.html",
        errors,
        case={**case_view.summary(row), "id": ""},
        procedure=procedure,
        command=command,
        subject=row.subject,
        fields=fields,
        values=values,
        lost=form_reader.sent_names(),
    )


def _subject(
    procedure: Procedure, named: Mapping[str, str], context: Context | None = None
) -> CaseSubject:
    """What the address names, if the user (or who is in the context) sees it: 404 where it is not
    there for him, 400 where its name is none."""
    context = context or Context(user=tk.current_user.name, auth_user_obj=tk.current_user)
    try:
        return beginnings.subject_of(context, procedure, named)
    except tk.ValidationError as error:
        unreadable = error.error_dict.keys() & {"resource_id", "row", "column"}
        raise tk.abort(400 if unreadable else 404, sentences_of(error)) from None


def _draft_about(procedure: Procedure, subject: CaseSubject) -> CaseAnswer | None:
    """The user's own draft about this, if there is one."""
    found = new_case.draft_about(model.Session, procedure, subject, tk.current_user.id)
    return act("govdata_case_show", id=found) if found else None


def _offer(procedure: Procedure, subject: CaseSubject, values: Values) -> Response | str:
    """Before anything is begun: the button, or the form itself where it has one page."""
    pages = _form(procedure).pages
    first = pages[0]
    given = {key: value for key, value in tk.request.args.items() if key in KEPT}
    shown = {"procedure": procedure, "subject": subject, "kept": given}
    if len(pages) > 1:
        return tk.render("govdata/cases/begin.html", shown)
    row = new_case.new_row(procedure.kind, subject, tk.current_user.id)
    return _page_of({**case_view.summary(row), "id": ""}, row, procedure, first, values, {})


def _prefilled(procedure: Procedure) -> Values:
    """What the form is filled in with from the start."""
    values: Values = {}
    try:
        for name in procedure.prefill:
            values |= slices.registered("prefills")[name](procedure, form_reader.parameters())
    except (tk.NotAuthorized, tk.ObjectNotFound):
        raise tk.abort(404) from None
    return values


def _new_draft(
    procedure: Procedure, named: dict[str, str], values: Values
) -> CaseAnswer | Response:
    """A new draft, or the way back with what stands against it."""
    try:
        return act("govdata_case_create", kind=procedure.kind, form=values, **named)
    except tk.ValidationError as error:
        tk.h.flash_error(sentences_of(error))
        if "dataset_id" in named:
            return tk.h.redirect_to("dataset.read", id=named["dataset_id"])
        return tk.h.redirect_to("govdata_cases.mine")


def step(case_id: str, name: str) -> Response:
    """One page of the form of a case that is not handed in yet."""
    case: CaseAnswer = act("govdata_case_show", id=case_id)
    procedure = declared_procedures.procedures()[case["kind"]]
    page = _page(procedure, name)
    if case["state"] != procedure.initial or page is None:
        return tk.h.redirect_to("govdata_cases.read", case_id=case_id)
    return _step(case, procedure, page)


def _step(case: CaseAnswer, procedure: Procedure, page: Step | LastStep) -> Response:
    errors: Errors = {}
    values = case.get("draft", {})
    if tk.request.method == "POST":
        values, errors = _posted(case, procedure, page)
        after = _next_page(case["id"], procedure, page)
        if not errors and after:
            return after
    row = record.seen(model.Session, case["id"])
    return _page_of(case, row, procedure, page, values, errors)


def _page_of(
    case: CaseSummary,
    row: CaseRow,
    procedure: Procedure,
    page: Step | LastStep,
    values: Values,
    errors: Errors,
) -> Response:
    offer = case_choices.offered(row)
    held = offer.titles["attachments"].values()
    return form(
        "govdata/cases/apply.html",
        errors,
        case=case,
        procedure=procedure,
        form=_form(procedure),
        page=page,
        last=isinstance(page, LastStep),
        subject=row.subject,
        buttons=procedure.handing_in_himself,
        hands_in=page is _form(procedure).pages[-1],
        values=values,
        fields=_fields(procedure, page),
        offered=offer.choices,
        not_given=offer.not_given,
        titles=offer.titles,
        lost=[one for one in form_reader.sent_names() if one not in held],
        entry=(case_choices.entry(row.package_id) if row.package_id else None) or {},
        terms=terms.terms_of_use()[0],
        **_identity(page),
    )


def _identity(page: Step | LastStep) -> dict[str, object]:
    """Who the applicant is, and the form that asks for it."""
    fields = form_reader.declared("identity")
    if not _asks_identity(page):
        return {"identity": None, "identity_fields": {}}
    known = act("govdata_identity_show")
    kept = {name: known.get(name) for name in ("kind", "document")}
    return {
        "identity": known,
        "identity_fields": fields,
        "identity_values": kept | form_reader.sent(fields.values()),
        "identity_offered": identity_choices(),
    }


def _posted(
    case: CaseAnswer, procedure: Procedure, page: Step | LastStep
) -> tuple[Values, Errors]:
    """Keep what was typed; hand in at the last page, unless only saving was asked for."""
    fields = _fields(procedure, page)
    here = {field.name for field in fields}
    kept = {key: value for key, value in case.get("draft", {}).items() if key not in here}
    values = {**kept, **form_reader.sent(fields)}
    saving, hands_in = procedure.saving, page is _form(procedure).pages[-1]
    try:
        said = form_reader.sent(form_reader.declared("identity").values())
        if _asks_identity(page) and said.get("number"):
            act("govdata_identity_update", **said)
        if saving:
            whole, sent = _form(procedure).fields, form_reader.uploads()
            draft = {key: value for key, value in values.items() if key in whole}
            saved: CaseAnswer = act("govdata_case_act", id=case["id"], command=saving.name,
                                    fields=draft, upload=sent)  # fmt: skip
            values |= saved.get("draft", {})
        if saving and not hands_in and form_reader.pressed("stay") is None:
            return values, _wrong_here(case, procedure, page)
        if hands_in and form_reader.pressed("submit") is not None:
            act("govdata_case_act", id=case["id"], command=_chosen(procedure), fields=values)
    except tk.ValidationError as error:
        return values, refusal_of(error)
    return values, {}


def _wrong_here(case: CaseAnswer, procedure: Procedure, page: Step | LastStep) -> Errors:
    """What would be refused of this page if it were handed in now; later pages come later."""
    command = procedure.receiving.name
    _shown, errors = attempt("govdata_case_rehearse", id=case["id"], command=command,
                             fields=_accepted(procedure))  # fmt: skip
    here = {field.name for field in _fields(procedure, page)}
    if _asks_identity(page) and not form_reader.pressed("number"):
        here.add("identity")
    found = {name: said for name, said in (errors or {}).items() if name in here}
    if found:
        found[REASONS] = [one for one in errors.get(REASONS, ()) if one.get("field") in here]
    return found


def _accepted(procedure: Procedure) -> Values:
    """What the last page asks to be accepted: until then it is no fault that it is not yet."""
    last = _form(procedure).pages[-1]
    given = {"terms": terms.terms_of_use()[0].version, "accepted": True}
    return {one.name: given[one.type] for one in _fields(procedure, last) if one.type in given}


def _chosen(procedure: Procedure) -> str:
    """The command whose button was pressed: to whom it is handed in may be chosen."""
    names = [one.name for one in procedure.handing_in_himself]
    pressed = form_reader.pressed("submit")
    return pressed if pressed in names else procedure.receiving.name


def _next_page(case_id: str, procedure: Procedure, page: Step | LastStep) -> Response:
    pages, stays = _form(procedure).pages, form_reader.pressed("stay") is not None
    if stays and form_reader.pressed("unasked") is not None:
        return Response(status=204)
    if stays:
        tk.h.flash_success(tk._("Saved. You can go on whenever you like."))
        return tk.h.redirect_to("govdata_cases.step", case_id=case_id, name=page.id)
    if page is pages[-1]:
        return tk.h.redirect_to("govdata_cases.read", case_id=case_id)
    following = pages[pages.index(page) + 1].id
    return tk.h.redirect_to("govdata_cases.step", case_id=case_id, name=following)


def _form(procedure: Procedure) -> Form:
    """The form that is filled in; whatever is applied for has one (``domain/soundness.py``)."""
    form = procedure.form
    if form is None:
        raise tk.abort(404)
    return form


def _page(procedure: Procedure, name: str) -> Step | LastStep | None:
    return next((page for page in _form(procedure).pages if page.id == name), None)


def _asks_identity(page: Step | LastStep) -> bool:
    return isinstance(page, Step) and page.identity


def _fields(procedure: Procedure, page: Step | LastStep) -> list[Field]:
    """The fields that a page asks for: the last one those that handing in wants itself."""
    if isinstance(page, Step):
        return [procedure.fields[name] for name in page.fields]
    asked = _form(procedure).fields
    return [field for field in procedure.asked(procedure.receiving) if field.name not in asked]
