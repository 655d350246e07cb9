"""Pages of cases: applying in three steps, one's own cases, the desk, a case, public decisions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, send_file

from .. import now
from ..domain import diagram, permission
from ..domain.file_name import disposition
from ..security.headers import PRIVATE
from . import attachments, declared, filled, letters, offer, people, record, terms, wording
from .away import colleagues, stands_in_for
from .calendar_pages import deadlines, new_calendar
from .deadlines import made_on
from .pdf import letter_pdf

cases = Blueprint("govdata_cases", __name__)
STEPS = ("who", "what", "terms")
TABS = ("mine", "department", "due_soon", "overdue", "all")


def _act(action: str, **data: Any) -> Any:
    """An action as the signed-in user; what he may not see is not there."""
    try:
        return tk.get_action(action)({}, data)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        if not tk.current_user.is_authenticated:
            raise people.sign_in_first() from None
        raise tk.abort(404, tk._("There is no such page, or it is not for you.")) from None
    except tk.ValidationError as error:
        if "procedure" in error.error_dict:
            said = cast("list[str]", error.error_dict["procedure"])
            raise tk.abort(409, said[0]) from None
        raise


def apply(dataset: str) -> Any:
    """Go on with the draft that is there, or a page with the button that begins one.

    Only the button writes: whoever follows a link has begun nothing.
    """
    if not tk.current_user.is_authenticated:
        raise people.sign_in_first()
    entry = _act("package_show", id=dataset)
    found = _act("govdata_case_list", mine=True, state="draft", kind="open_application")
    case = next((one for one in found["results"] if one["dataset_id"] == entry["id"]), None)
    renews = tk.request.values.get("renews")
    form = _renewal(renews) if renews and case is None else {}
    if case is None and tk.request.method == "GET":
        return tk.render("govdata/cases/begin.html", {"entry": entry, "renews": renews or ""})
    if case is None:
        kind, of_entry = "open_application", {"dataset_id": entry["id"]}
        try:
            case = _act("govdata_case_create", kind=kind, form=form, **of_entry)
        except tk.ValidationError as error:
            tk.h.flash_error("; ".join(error.error_summary.values()))
            return tk.h.redirect_to("dataset.read", id=dataset)
    return tk.h.redirect_to("govdata_cases.step", case_id=case["id"], name="who")


def _renewal(grant_id: str) -> dict[str, Any]:
    """A form filled in like the application that led to a grant, for the time after it."""
    grant = _act("govdata_grant_show", id=grant_id)
    asked = _act("govdata_case_show", id=grant["case_id"])["answers"]
    kept = {
        key: value
        for key, value in asked.items()
        if key not in ("period_from", "period_until", "terms_version", "commitment", "materials")
    }
    after = date.fromisoformat(grant["valid_until"]) + timedelta(days=1)
    return {**kept, "period_from": after.isoformat(), "renews": grant_id}


def step(case_id: str, name: str) -> Any:
    """One of the three steps of an application."""
    case = _act("govdata_case_show", id=case_id)
    if case["state"] != "draft" or name not in STEPS:
        return tk.h.redirect_to("govdata_cases.read", case_id=case_id)
    errors: dict[str, Any] = {}
    values = case["draft"]
    if tk.request.method == "POST":
        values, errors = _step_posted(case, name)
        after = _next_step(case_id, name)
        if not errors and after:
            return after
    row = record.row_of(model.Session, case_id)
    return tk.render(
        "govdata/cases/apply.html",
        extra_vars={
            "case": case,
            "procedure": declared.procedures()[case["kind"]],
            "step": name,
            "steps": STEPS,
            "values": values,
            "errors": errors,
            "fields": _fields_of_step(case["kind"], name),
            "files": offer.files(row),
            "materials": attachments.of_case(model.Session, row.id),
            "entry": offer.entry(row.package_id) or {},
            "terms": terms.terms_of_use()[0],
            "identity": _act("govdata_identity_show"),
        },
    )


def _step_posted(case: dict[str, Any], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep what was typed; hand in at the last step, unless only saving was asked for."""
    request = tk.request
    fields = _fields_of_step(case["kind"], name)
    kept = {
        key: value for key, value in case["draft"].items() if key not in {f.name for f in fields}
    }
    values = {**kept, **filled.read(fields, request.form)}
    try:
        if name == "who" and request.form.get("number"):
            said = {key: request.form.get(key) for key in ("document", "country", "number")}
            said |= {key: request.form.get(f"identity_{key}") for key in ("kind", "name")}
            _act("govdata_identity_update", **said)
        if name == "what":
            values = _attached(case["id"], "save", values)
        _act(
            "govdata_case_act",
            id=case["id"],
            command="save",
            fields={
                key: value
                for key, value in values.items()
                if key not in ("terms_version", "commitment")
            },
        )
        if name == "terms" and "submit" in request.form:
            _act("govdata_case_act", id=case["id"], command="submit", fields=values)
    except tk.ValidationError as error:
        model.Session.rollback()
        return values, error.error_dict
    return values, {}


def _attached(case_id: str, command: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values with the files that were sent along, which are kept only for what may be done."""
    possible = {one["name"] for one in _act("govdata_case_commands", id=case_id)}
    if command not in possible:
        return values  # the action says why not
    kept = list(values.get("materials", []))
    for upload in tk.request.files.getlist("upload"):
        if upload.filename:
            kept.append(attachments.keep(model.Session, case_id, tk.current_user.id, upload))
    return {**values, "materials": kept} if kept else values


def _next_step(case_id: str, name: str) -> Any:
    request = tk.request
    if "stay" in request.form and "unasked" in request.form:
        return Response(status=204)
    if "stay" in request.form:
        tk.h.flash_success(tk._("Saved. You can go on whenever you like."))
        return tk.h.redirect_to("govdata_cases.step", case_id=case_id, name=name)
    if name == "terms":
        return tk.h.redirect_to("govdata_cases.read", case_id=case_id)
    following = STEPS[STEPS.index(name) + 1]
    return tk.h.redirect_to("govdata_cases.step", case_id=case_id, name=following)


def _fields_of_step(kind: str, name: str) -> list[Any]:
    procedure = declared.procedures()[kind]
    submit = procedure.commands["submit"]
    if name == "terms":
        return [procedure.fields[field] for field in submit.fields]
    steps = procedure.forms[submit.form]
    return [procedure.fields[field] for field in steps[STEPS.index(name)].fields]


def read(case_id: str) -> Any:
    """A case: where it stands, what happened, and what this person may do now."""
    return _case_page(case_id, {}, {}, "")


def act(case_id: str, command: str) -> Any:
    """Give a command from the page of a case."""
    case = _act("govdata_case_show", id=case_id)
    procedure = declared.procedures()[case["kind"]]
    asked = procedure.commands.get(command)
    values = filled.read(procedure.asked(asked), tk.request.form) if asked else {}
    try:
        if asked and any(field.type == "attachments" for field in procedure.asked(asked)):
            values = _attached(case["id"], command, values)
        _act("govdata_case_act", id=case["id"], command=command, fields=values)
    except tk.ValidationError as error:
        model.Session.rollback()
        return _case_page(case_id, values, error.error_dict, command), 409
    tk.h.flash_success(
        tk._("Done: {command}.").format(command=wording.label(asked.label) if asked else "")
    )
    return tk.h.redirect_to("govdata_cases.read", case_id=case["id"])


def _case_page(case_id: str, values: dict[str, Any], errors: dict[str, Any], command: str) -> str:
    case = _act("govdata_case_show", id=case_id)
    row = record.row_of(model.Session, case["id"])
    procedure = declared.procedures()[case["kind"]]
    colleagues = people.members([row.organization_id], ("admin", "editor"))
    main = case["main_clock"]
    return tk.render(
        "govdata/cases/case.html",
        extra_vars={
            "case": case,
            "procedure": procedure,
            "values": values,
            "errors": errors,
            "given": command,
            "commands": _act("govdata_case_commands", id=case["id"]),
            "files": offer.files(row, insider="applicant" not in case["roles"]),
            "hindrances": offer.hindrances_told(row, case),
            "clock": case["clocks"].get(main),
            "clock_name": main,
            "materials": attachments.of_case(model.Session, row.id),
            "articles": offer.articles(row.jurisdiction, row.rules_day),
            "colleagues": people.names(set(colleagues)),
            "staff": "applicant" not in case["roles"],
        },
    )


def mine() -> Any:
    """One's own applications and grants."""
    wanted = {"mine": True, "page": tk.request.args.get("page")}
    return tk.render(
        "govdata/cases/mine.html",
        extra_vars={
            "found": _act("govdata_case_list", **wanted),
            "grants": _act("govdata_grant_list"),
        },
    )


def desk() -> Any:
    """The inbox of whoever decides."""
    tab = tk.request.args.get("tab", "department")
    tab = tab if tab in TABS else "department"
    wanted: dict[str, Any] = {
        "desk": True,
        "open": tab != "all",
        "q": tk.request.args.get("q"),
        "page": tk.request.args.get("page"),
    }
    if tab == "mine":
        wanted["handler"] = "me"
    if tab in ("due_soon", "overdue"):
        wanted[tab] = True
    found = _act("govdata_case_list", **wanted)
    officers = {one["assigned"] for one in found["results"] if one["assigned"]}
    return tk.render(
        "govdata/cases/desk.html",
        extra_vars={
            "found": found,
            "tab": tab,
            "tabs": TABS,
            "q": wanted["q"] or "",
            "officers": people.names(officers),
            "calendar_made": made_on(model.Session, tk.current_user.id),
            "stands_in": stands_in_for(model.Session, tk.current_user.id),
        },
    )


def away() -> Any:
    """Who stands in while one is away."""
    if not tk.current_user.is_authenticated:
        raise people.sign_in_first()
    values = tk.request.form.to_dict()
    errors: dict[str, Any] = {}
    if tk.request.method == "POST":
        try:
            if "delete" in values:
                _act("govdata_away_delete", id=values["delete"])
            else:
                wanted = {name: values.get(name) for name in ("deputy", "first", "last")}
                _act("govdata_away_create", **wanted)
            tk.h.flash_success(tk._("Saved"))
            return tk.h.redirect_to("govdata_cases.away")
        except tk.ValidationError as error:
            errors = error.error_dict
    found = {
        "absences": _act("govdata_away_list"),
        "colleagues": colleagues(tk.current_user.id),
        "values": values,
        "errors": errors,
        "today": now.today().isoformat(),
    }
    return tk.render("govdata/cases/away.html", extra_vars=found), 409 if errors else 200


def attachment(case_id: str, attachment_id: str) -> Any:
    """A file of a case, for those who see the case; never shown inside the browser."""
    case = _act("govdata_case_show", id=case_id)
    found = attachments.path_of(model.Session, case["id"], attachment_id)
    if found is None or case["roles"] == ["auditor"]:
        raise tk.abort(404)
    answer = send_file(
        found[0], as_attachment=True, download_name=found[1], mimetype="application/octet-stream"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers.update(PRIVATE)
    return answer


def letter(case_id: str, number: int) -> Any:
    """The reply letter as a page."""
    return tk.render("govdata/cases/letter.html", extra_vars={"letter": _letter(case_id, number)})


def letter_file(case_id: str, number: int) -> Any:
    """The reply letter as PDF."""
    found = _letter(case_id, number)
    body = letter_pdf(
        found, tk.h.url_for("govdata_cases.verify", digest=found["digest"], _external=True)
    )
    return Response(
        body,
        mimetype="application/pdf",
        headers=PRIVATE
        | {"Content-Disposition": disposition(f"{found['digest'][:12]}.pdf")},
    )


def _letter(case_id: str, number: int) -> dict[str, Any]:
    case = _act("govdata_case_show", id=case_id)
    found = next((one for one in case["letters"] if one["number"] == number), None)
    if found is None:
        raise tk.abort(404)
    if "applicant" in case["roles"]:
        return letters.addressed(model.Session, found)
    return found


def verify() -> Any:
    """Whether a letter that somebody holds is this portal's."""
    digest, found = tk.request.args.get("digest", "").strip().lower(), None
    if digest:
        try:
            found = tk.get_action("govdata_letter_verify")({}, {"digest": digest})
        except tk.ObjectNotFound:
            found = None
    return tk.render("govdata/cases/verify.html", extra_vars={"digest": digest, "letter": found})


def decisions() -> Any:
    """Decisions without identities, and how many came in time."""
    wanted = {name: tk.request.args.get(name) for name in ("organization", "outcome", "page")}
    try:
        found = tk.get_action("govdata_decision_list")({}, wanted)
    except tk.ValidationError:
        raise tk.abort(400, tk._("Must be a number")) from None
    return tk.render("govdata/cases/decisions.html", extra_vars={"found": found, "wanted": wanted})


def procedures() -> Any:
    """Every procedure: its states, who has to act in each, and what each may do."""
    shown = declared.procedures()
    tables = {
        kind: permission.table(one, frozenset(declared.OPTIONS)) for kind, one in shown.items()
    }
    return tk.render(
        "govdata/cases/procedures.html",
        extra_vars={
            "procedures": shown,
            "tables": tables,
            "ways": {kind: list(diagram.ways(one)) for kind, one in shown.items()},
        },
    )


RULES = (
    ("/procedures", procedures, ("GET",)),
    ("/apply/<dataset>", apply, ("GET", "POST")),
    ("/cases/<case_id>/step/<name>", step, ("GET", "POST")),
    ("/cases/mine", mine, ("GET",)),
    ("/cases/desk", desk, ("GET",)),
    ("/cases/deadlines.ics", deadlines, ("GET",)),
    ("/cases/deadlines", new_calendar, ("POST",)),
    ("/cases/away", away, ("GET", "POST")),
    ("/cases/<case_id>", read, ("GET",)),
    ("/cases/<case_id>/do/<command>", act, ("POST",)),
    ("/cases/<case_id>/file/<attachment_id>", attachment, ("GET",)),
    ("/cases/<case_id>/letter/<int:number>", letter, ("GET",)),
    ("/cases/<case_id>/letter/<int:number>.pdf", letter_file, ("GET",)),
    ("/letters/verify", verify, ("GET",)),
    ("/decisions", decisions, ("GET",)),
)
for _rule, _view, _methods in RULES:
    cases.add_url_rule(_rule, view_func=_view, methods=list(_methods))
blueprints = [cases]
