"""Pages of an application: begin it, and fill it in in three steps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Response

from ...web import act as ask
from ...web import form, refusal_of, sign_in_first
from .. import attachments, filled, terms
from ..engine import declared_procedures, new_case, record
from . import case_choices
from .calls import attached

STEPS = ("who", "what", "terms")


def apply(dataset: str) -> Any:
    """Go on with the draft that is there, or a page with the button that begins one.

    Only the button writes: whoever follows a link has begun nothing.
    """
    sign_in_first()
    entry = ask("package_show", id=dataset)
    if tk.request.method == "POST":  # two clicks are one draft
        new_case.take_turn(model.Session, tk.current_user.id)
    found = ask("govdata_case_list", mine=True, state="draft", kind="open_application")
    case = next((one for one in found["results"] if one["dataset_id"] == entry["id"]), None)
    renews = tk.request.values.get("renews")
    filled_in = _renewal(renews) if renews and case is None else {}
    if case is None and tk.request.method == "GET":
        return tk.render("govdata/cases/begin.html", {"entry": entry, "renews": renews or ""})
    if case is None:
        kind, of_entry = "open_application", {"dataset_id": entry["id"]}
        try:
            case = ask("govdata_case_create", kind=kind, form=filled_in, **of_entry)
        except tk.ValidationError as error:
            tk.h.flash_error("; ".join(error.error_summary.values()))
            return tk.h.redirect_to("dataset.read", id=dataset)
    return tk.h.redirect_to("govdata_cases.step", case_id=case["id"], name="who")


def _renewal(grant_id: str) -> dict[str, Any]:
    """A form filled in like the application that led to a grant, for the time after it; without
    files and columns that cannot be asked for any more."""
    grant = ask("govdata_grant_show", id=grant_id)
    asked = ask("govdata_case_show", id=grant["case_id"])["answers"]
    kept = {
        key: value
        for key, value in asked.items()
        if key not in ("period_from", "period_until", "terms_version", "commitment", "materials")
    }
    after = date.fromisoformat(grant["valid_until"]) + timedelta(days=1)
    there = case_choices.files(record.row_of(model.Session, grant["case_id"]))
    kept["resources"] = [name for name in kept.get("resources", ()) if name in there]
    kept["columns"] = {
        name: [one for one in columns if one in there[name][1]]
        for name, columns in kept.get("columns", {}).items()
        if name in there
    }
    return {**kept, "period_from": after.isoformat(), "renews": grant_id}


def step(case_id: str, name: str) -> Any:
    """One of the three steps of an application."""
    case = ask("govdata_case_show", id=case_id)
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
    return form(
        "govdata/cases/apply.html",
        errors,
        case=case,
        procedure=declared_procedures.procedures()[case["kind"]],
        step=name,
        steps=STEPS,
        values=values,
        fields=_fields_of_step(case["kind"], name),
        **case_choices.offered(row),
        materials=attachments.of_case(model.Session, row.id),
        entry=case_choices.entry(row.package_id) or {},
        terms=terms.terms_of_use()[0],
        identity=ask("govdata_identity_show"),
        typed=tk.request.form,
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
            ask("govdata_identity_update", **said)
        if name == "what":
            values = attached(case["id"], "save", values)
        ask(
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
            ask("govdata_case_act", id=case["id"], command="submit", fields=values)
    except tk.ValidationError as error:
        return values, refusal_of(error)
    return values, {}


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
    procedure = declared_procedures.procedures()[kind]
    submit = procedure.commands["submit"]
    if name == "terms":
        return [procedure.fields[field] for field in submit.fields]
    steps = procedure.forms[submit.form]
    return [procedure.fields[field] for field in steps[STEPS.index(name)].fields]
