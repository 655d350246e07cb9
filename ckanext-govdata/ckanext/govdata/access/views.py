"""Pages of grants: what one may use and owes, those that a department gave; data for a token."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify

from ..domain.refusal import Refusal
from ..forms import attachments, form_reader
from ..security.headers import PRIVATE
from ..web import act, attempt, form, refusal_of, sign_in_first
from . import answer_watch, delivery, gate, grant_tokens, reports, rows, sentences, use_log

grants = Blueprint("govdata_grants", __name__)
HEADER = "X-Grant-Token"


def index() -> Response | str:
    """The grants that one's departments gave, those that owe a report first."""
    sign_in_first()
    found = act("govdata_grant_given_list", **tk.request.args.to_dict())
    return tk.render("govdata/access/grants.html", {"found": found})


def read(grant_id: str) -> Response | str:
    """A grant: what it gives, who may use it, what was done with it."""
    return _page(grant_id)


def report(grant_id: str) -> Response | str:
    """Take a use report."""
    grant = act("govdata_grant_show", id=grant_id)
    values = form_reader.sent(reports.fields().values())
    try:
        values = _attached(grant, values)
        act("govdata_grant_report_create", id=grant_id, fields=values)
    except tk.ValidationError as error:
        return _page(grant_id, values, refusal_of(error))
    tk.h.flash_success(tk._("Thank you: the report was received."))
    return tk.h.redirect_to("govdata_grants.read", grant_id=grant_id)


def members(grant_id: str) -> Response | str:
    """Name a user, or take one off."""
    taken_off = form_reader.pressed("remove")
    action = f"govdata_grant_member_{'create' if taken_off is None else 'delete'}"
    return _done(grant_id, action, username=taken_off or form_reader.pressed("username") or "")


def token(grant_id: str) -> Response | str:
    """Make a token and show it this once, or revoke one."""
    if (wanted := form_reader.pressed("revoke")) is not None:
        return _done(grant_id, "govdata_grant_token_revoke", token=wanted)
    name = form_reader.pressed("name") or ""
    made, errors = attempt("govdata_grant_token_create", id=grant_id, name=name)
    answer = _page(grant_id, {} if made else {"name": name}, errors, made)
    answer.headers.update(PRIVATE)
    return answer


def end(grant_id: str) -> Response | str:
    """Revoke, suspend, or lift a suspension; for the head of the department."""
    how = form_reader.pressed("how")
    sent = form_reader.sent(form_reader.declared("grant_end").values())
    return _done(
        grant_id,
        "govdata_grant_revoke",
        reason=sent.get("reason", ""),
        basis=sent.get("basis", ""),
        heard=sent.get("heard", ""),
        heard_on=sent.get("heard_on", ""),
        heard_by=sent.get("heard_by", ""),
        new_facts=sent.get("new_facts", ""),
        suspend=how == "suspend",
        lift=how == "lift",
    )


def download(grant_id: str, resource_id: str) -> Response | str:
    """A file under this grant, whatever other grants the reader has."""
    act("govdata_grant_show", id=grant_id)
    answer = gate.under(grant_id, tk.current_user.id, resource_id)
    if isinstance(answer, Refusal):
        return tk.abort(403, sentences.say(answer))
    answer_watch.reading_under(grant_id, tk.current_user.id, resource_id, answer)
    return delivery.deliver(resource_id, answer, {})


def data(resource_id: str) -> Response | str:
    """The rows of a granted table or the file, for a program with the grant's token."""
    found = grant_tokens.find(model.Session, tk.request.headers.get(HEADER, "").strip())
    user = model.User.get(found.user_id) if found else None
    if found is None or user is None or not user.is_active:
        return _refused(401, tk._("The token of a grant is wanted in the header {name}.").format(
            name=HEADER
        ))
    answer = gate.under(found.grant_id, user.id, resource_id)
    if isinstance(answer, Refusal):
        return _refused(403, sentences.say(answer))
    grant_tokens.used(model.Session, found.id)
    answer_watch.reading_under(found.grant_id, user.id, resource_id, answer, found.id)
    if tk.request.args.get("format") != "json":
        return delivery.deliver(resource_id, answer, {}, user.id)
    if not rows.in_datastore(resource_id):
        return _refused(409, tk._("This file is no table: ask without format=json."))
    asked = {**tk.request.args.to_dict(), "resource_id": resource_id}
    try:
        page = rows.page(answer, asked)
    except tk.ValidationError as error:
        return _refused(409, "; ".join(error.error_summary.values()))
    facts = {"resource": resource_id, "offset": str(page["offset"]), "token": found.id}
    rows.record(found.grant_id, "data_read", user.id, facts)
    return jsonify({**page, "reference": delivery.reference_of(found.grant_id)})


def _refused(status: int, why: str) -> Response:
    answer = jsonify({"error": why})
    answer.status_code = status
    return answer


def _done(grant_id: str, action: str, **wanted: object) -> Response | str:
    _answer, errors = attempt(action, id=grant_id, **wanted)
    if errors:
        return _page(grant_id, _typed(), errors)
    tk.h.flash_success(tk._("Saved"))
    return tk.h.redirect_to("govdata_grants.read", grant_id=grant_id)


def _typed() -> dict[str, object]:
    """What stood in the small forms of the page."""
    lines = {name: form_reader.pressed(name) for name in ("username", "name")}
    return {**lines, **form_reader.sent(form_reader.declared("grant_end").values())}


def _attached(grant: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    sent = form_reader.uploads() if grant["mine"] else []
    if not sent:
        return values
    session, user_id = model.Session, tk.current_user.id
    kept = attachments.keep(session, grant["case_id"], user_id, sent, "files")
    return {**values, "files": [*values.get("files", []), *kept]}


def _page(
    grant_id: str,
    values: dict[str, Any] | None = None,
    errors: dict[str, Any] | None = None,
    made: dict[str, Any] | None = None,
) -> Response:
    grant = act("govdata_grant_show", id=grant_id)
    held = attachments.of_case(model.Session, grant["case_id"])
    return form(
        "govdata/access/grant.html",
        errors or {},
        grant=grant,
        values=values or {},
        made=made,
        fields=reports.fields(),
        end_fields=form_reader.declared("grant_end"),
        offered={"attachments": held},
        titles={"attachments": {key: one["name"] for key, one in held.items()}},
        files=use_log.files(grant),
        uses=use_log.of_grant(model.Session, grant_id),
        ends=_may("govdata_grant_revoke", grant_id),
        organisation=grant["holder"].get("kind") not in (None, "person"),
        header=HEADER,
    )


def _may(action: str, grant_id: str) -> bool:
    try:
        tk.check_access(action, {}, {"id": grant_id})
    except tk.NotAuthorized:
        return False
    return True


RULES = (
    ("/grants", index, "GET"),
    ("/grants/<grant_id>", read, "GET"),
    ("/grants/<grant_id>/report", report, "POST"),
    ("/grants/<grant_id>/members", members, "POST"),
    ("/grants/<grant_id>/token", token, "POST"),
    ("/grants/<grant_id>/end", end, "POST"),
    ("/grants/<grant_id>/data/<resource_id>", download, "GET"),
    ("/api/govdata/granted/<resource_id>", data, "GET"),
)
for _rule, _view, _method in RULES:
    grants.add_url_rule(_rule, view_func=_view, methods=[_method])
blueprints = [grants]
