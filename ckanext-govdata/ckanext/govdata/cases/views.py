"""Pages of cases: applying in three steps, one's own cases, the desk, a case, public decisions."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, send_file

from ..departments import members
from ..departments.absences import stands_in_for
from ..domain import diagram, permission
from ..domain.file_name import disposition
from ..forms import attachments, form_reader
from ..security.headers import PRIVATE
from ..speech import phrases
from ..web import Errors, act, form, page_of_address, refusal_of
from . import parties
from .answers import CaseAnswer, CasePage, DecisionPage, LetterAnswer
from .engine import declared_procedures, record, visibility
from .pages import case_choices, case_list, decision_desk, letters
from .pages.calendar_address import deadlines, due_day, new_calendar
from .pages.form_pages import apply, begin, step
from .pages.letter_pdf import letter_pdf
from .pages.letter_text import file_name
from .time.calendar_feed import made_on

cases = Blueprint("govdata_cases", __name__)
TABS = ("mine", "department", "due_soon", "overdue", "all")


def read(case_id: str) -> Response | str:
    """A case: where it stands, what happened, and what this person may do now."""
    return _case_page(case_id, {}, {}, "")


def give(case_id: str, command: str) -> Response | str:
    """Give a command from the page of a case; what is decided has a page of its own."""
    case: CaseAnswer = act("govdata_case_show", id=case_id)
    desk = decision_desk.page_of(case, command)
    if desk is not None:
        return desk
    if tk.request.method != "POST":
        return tk.h.redirect_to("govdata_cases.read", case_id=case["id"])
    procedure = declared_procedures.procedures()[case["kind"]]
    asked = procedure.commands.get(command)
    values = form_reader.sent(procedure.asked(asked)) if asked else {}
    try:
        sent = form_reader.uploads()
        act("govdata_case_act", id=case["id"], command=command, fields=values, upload=sent)
    except tk.ValidationError as error:
        return _case_page(case_id, values, refusal_of(error), command)
    tk.h.flash_success(
        tk._("Done: {command}.").format(
            command=phrases.label(asked.label) if asked else ""
        )
    )
    return tk.h.redirect_to("govdata_cases.read", case_id=case["id"])


def _case_page(case_id: str, values: dict[str, object], errors: Errors, command: str) -> Response:
    case: CaseAnswer = act("govdata_case_show", id=case_id)
    row = record.seen(model.Session, case["id"])
    procedure = case_choices.named_here(declared_procedures.procedures()[case["kind"]], row)
    main = row.due_clock or case["main_clock"]  # of a closed case: what is to be served
    main = main if main in case["clocks"] else case["main_clock"]
    staff = "applicant" not in case["roles"]
    works = bool({role.value for role in visibility.STAFF} & set(case["roles"]))
    offer = case_choices.offered(row, staff, works=works)
    commands = act("govdata_case_commands", id=case["id"])
    return form(
        "govdata/cases/case.html",
        errors,
        case=case,
        procedure=procedure,
        values=values,
        lost=form_reader.sent_names(),
        given=command,
        commands=commands,
        choices=decision_desk.choices(procedure, commands),
        advice=decision_desk.advised(procedure, case),
        changes=decision_desk.changes(procedure, case["events"]),
        not_given=offer.not_given,
        offered=offer.choices,
        narrowed=offer.narrowed(procedure, case["answers"]),
        offered_for=lambda command: offer.for_command(procedure, command),
        titles=offer.titles,
        hindrances=case_choices.hindrances_told(row, case["answers"]),
        clock=case["clocks"].get(main),
        clock_name=main,
        staff=staff,
    )


def mine() -> str:
    """One's own applications and grants."""
    wanted = {"mine": True, "page": page_of_address(case_list.PAGE).page}
    return tk.render(
        "govdata/cases/mine.html",
        extra_vars={
            "found": act("govdata_case_list", **wanted),
            "grants": act("govdata_grant_list"),
        },
    )


def desk() -> Response | str:
    """The inbox of whoever decides."""
    tab = tk.request.args.get("tab", "department")
    tab = tab if tab in TABS else "department"
    wanted: dict[str, object] = {
        "desk": True,
        "open": tab != "all",
        "q": tk.request.args.get("q"),
        "page": page_of_address(case_list.PAGE).page,
    }
    if tab == "mine":
        wanted["handler"] = "me"
    if tab in ("due_soon", "overdue"):
        wanted[tab] = True
    found: CasePage = act("govdata_case_list", **wanted)
    officers = {one["assigned"] for one in found["results"] if one["assigned"]}
    return tk.render(
        "govdata/cases/desk.html",
        extra_vars={
            "found": found,
            "tab": tab,
            "tabs": TABS,
            "q": wanted["q"] or "",
            "officers": members.names(officers),
            "calendar_made": made_on(model.Session, tk.current_user.id),
            "stands_in": stands_in_for(model.Session, tk.current_user.id),
        },
    )


def attachment(case_id: str, attachment_id: str) -> Response | str:
    """A file of a case, for those who see the case; never shown inside the browser."""
    case: CaseAnswer = act("govdata_case_show", id=case_id)
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


def letter(case_id: str, number: int) -> Response | str:
    """The reply letter as a page."""
    return tk.render("govdata/cases/letter.html", extra_vars={"letter": _letter(case_id, number)})


def letter_file(case_id: str, number: int) -> Response | str:
    """The reply letter as PDF."""
    found = _letter(case_id, number)
    body = letter_pdf(
        found, tk.h.url_for("govdata_cases.verify", digest=found["digest"], _external=True)
    )
    return Response(
        body,
        mimetype="application/pdf",
        headers=PRIVATE
        | {"Content-Disposition": disposition(f"{file_name(found)}.pdf", found["digest"][:12])},
    )


def _letter(case_id: str, number: int) -> LetterAnswer:
    case: CaseAnswer = act("govdata_case_show", id=case_id)
    found = next((one for one in case["letters"] if one["number"] == number), None)
    if found is None:
        raise tk.abort(404)
    row = record.seen(model.Session, case["id"])
    recording = declared_procedures.procedures()[case["kind"]].recording
    counter = {role.value for command in recording for role in command.by}
    handed_on = parties.is_represented(row) and bool(counter & set(case["roles"]))
    if "applicant" in case["roles"] or handed_on:
        return letters.addressed(model.Session, found)
    return found


def verify() -> Response | str:
    """Whether a letter that somebody holds is this portal's."""
    digest, found = tk.request.args.get("digest", "").strip().lower(), None
    if digest:
        try:
            found = tk.get_action("govdata_letter_verify")({}, {"digest": digest})
        except tk.ObjectNotFound:
            found = None
    return tk.render("govdata/cases/verify.html", extra_vars={"digest": digest, "letter": found})


def decisions() -> Response | str:
    """Decisions without identities, and how many came in time."""
    names = ("kind", "organization", "outcome", "page")
    wanted = {name: tk.request.args.get(name) for name in names}
    found: DecisionPage = act("govdata_decision_list", **wanted)
    kinds = declared_procedures.decided_in_public()
    shown = {"found": found, "wanted": wanted, "kinds": kinds}
    shown["procedure"] = declared_procedures.procedures()[found["kind"]]
    return tk.render("govdata/cases/decisions.html", extra_vars=shown)


def procedures() -> Response | str:
    """Every procedure: its states, who has to act in each, and what each may do."""
    shown = declared_procedures.procedures()
    tables = {
        kind: permission.table(one, frozenset(declared_procedures.OPTIONS))
        for kind, one in shown.items()
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
    ("/begin/<kind>", begin, ("GET", "POST")),
    ("/cases/<case_id>/step/<name>", step, ("GET", "POST")),
    ("/cases/mine", mine, ("GET",)),
    ("/cases/desk", desk, ("GET",)),
    ("/cases/deadlines.ics", deadlines, ("GET",)),
    ("/cases/deadlines", new_calendar, ("POST",)),
    ("/cases/<case_id>", read, ("GET",)),
    ("/cases/<case_id>/due.ics", due_day, ("GET",)),
    ("/cases/<case_id>/do/<command>", give, ("GET", "POST")),
    ("/cases/<case_id>/file/<attachment_id>", attachment, ("GET",)),
    ("/cases/<case_id>/letter/<int:number>", letter, ("GET",)),
    ("/cases/<case_id>/letter/<int:number>.pdf", letter_file, ("GET",)),
    ("/letters/verify", verify, ("GET",)),
    ("/decisions", decisions, ("GET",)),
)
for _rule, _view, _methods in RULES:
    cases.add_url_rule(_rule, view_func=_view, methods=list(_methods))
blueprints = [cases]
