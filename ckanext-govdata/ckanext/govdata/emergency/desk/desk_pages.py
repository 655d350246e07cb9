"""The officer's desk: declare, publish in a hurry, change, end; what is due and what is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypedDict, cast

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from werkzeug.wrappers import Response as Redirect

from ... import now
from ...domain.emergency import acts
from ...domain.emergency.emergency_event import next_due
from ...pager import Pager
from ...web import attempt, form, sign_in_first
from .. import sentences
from ..answers import EventAnswer
from ..event import event_roles, kinds
from ..event.event_record import EventRow
from ..public import event_list, event_view
from . import desk_choices, desk_forms

desk = Blueprint("govdata_emergency_desk", __name__)
EVENT_FIELDS = ("title", "level", "regions", "basis", "contact", "rhythm", "text")
"""What may be changed of a running event."""
ARCHIVED = 10
"""Events of the archive that the desk names."""

Values = dict[str, Any]
WebAnswer = Response | Redirect


class DueDataset(TypedDict):
    """A dataset of which an update is promised."""

    name: str
    title: str
    rhythm: int
    updated: str
    next_due: str
    late: bool


def overview() -> str:
    """Running events with what is due and late, and the archive."""
    sign_in_first()
    user = cast("model.User", tk.current_user)
    rows = event_list.handled(user)
    events = event_view.summaries(rows)
    may = [acts.acts_now(row.event, roles) for row, roles in
           zip(rows, event_roles.towards_each(user.id, rows), strict=True)]
    due = [(event, one) for row, event in zip(rows, events, strict=True) for one in _due(row)]
    newest = event_list.page_of(user, event_list.Filter("ended"), Pager(1, ARCHIVED))
    return tk.render("govdata/emergency/desk.html", {
        "events": [{**event, "may": one} for event, one in zip(events, may, strict=True)],
        "due": sorted(due, key=lambda pair: pair[1]["next_due"]),
        "ended": newest["results"],
        "may_declare": bool(desk_choices.choices(user.id)),
    })  # fmt: skip


def _due(row: EventRow) -> list[DueDataset]:
    """When the event's datasets are due."""
    found: list[DueDataset] = []
    for one in event_view.dataset_rows(row.id):
        due = next_due(one.updated, timedelta(minutes=one.rhythm))
        found.append({
            "name": one.name, "title": one.title, "rhythm": one.rhythm,
            "updated": one.updated.isoformat(), "next_due": due.isoformat(),
            "late": due < now.now(),
        })  # fmt: skip
    return found


def declare() -> WebAnswer:
    """Declare an event or a drill."""
    sign_in_first()
    offered = desk_choices.choices(tk.current_user.id)
    if not offered:
        raise tk.abort(403, tk._("Only those who handle emergencies may do this."))
    values, errors = desk_forms.first_values(offered), {}
    if tk.request.method == "POST":
        values = desk_forms.event(tk.request.form)
        done, errors = attempt("govdata_emergency_declare", **values)
        if done:
            tk.h.flash_success(tk._("Declared. Now publish the first data and a bulletin."))
            return tk.h.redirect_to("govdata_emergency_desk.publish", name=done["name"])
    return form(
        "govdata/emergency/declare.html",
        errors,
        values=values,
        handlers=offered,
        types=kinds.types(),
        places=desk_choices.places(offered),
        rhythms=desk_forms.RHYTHMS,
    )


def publish(name: str) -> WebAnswer:
    """Publish data and a bulletin in one step; ``check`` shows first what stands against it."""
    event = _event(name, "publish")
    values, errors, found = (
        desk_forms.dataset_values(event, tk.request.args.get("dataset", "")),
        {},
        {},
    )
    if tk.request.method == "POST":
        values = desk_forms.publication(tk.request.form, tk.request.files)
        asked = desk_forms.asked(event["name"], values)
        if "check" in tk.request.form:
            first = (asked["datasets"] or [{"id": name}])[0]
            found, errors = attempt("govdata_emergency_check", **first)
            if (found or {}).get("left_out"):
                tk.h.flash_notice(sentences.left_out(found["left_out"]))
        else:
            done, errors = attempt("govdata_emergency_publish", **asked)
            if done:
                tk.h.flash_success(tk._("Published. It is visible to everybody now."))
                for parts in done["left_out"].values():
                    tk.h.flash_notice(sentences.left_out(parts))
                return tk.h.redirect_to("govdata_emergency.event", name=name)
        if errors.get("expected"):  # he has been told of the newer version, and goes on from it
            event = _show(name)
            values["expected"] = desk_forms.seen(event)
        values = desk_forms.kept(values, errors)
    return form(
        "govdata/emergency/publish.html",
        errors,
        event=event,
        values=values,
        found=found or {},
        entries=desk_choices.entries(event),
        rhythms=desk_forms.RHYTHMS,
        overridable=desk_forms.overridable(values, errors, found or {}),
    )


def change(name: str) -> WebAnswer:
    """Change what is said of a running event, its level among it."""
    event = _event(name, "update")
    values: Values = desk_forms.of_event(event)
    errors: Values = {}
    if tk.request.method == "POST":
        values = {**values, **desk_forms.event(tk.request.form)}
        asked = {field: values[field] for field in EVENT_FIELDS}
        done, errors = attempt("govdata_emergency_update", id=name, **asked)
        if done:
            tk.h.flash_success(tk._("Changed."))
            return tk.h.redirect_to("govdata_emergency.event", name=name)
    return form(
        "govdata/emergency/change.html",
        errors,
        event=event,
        values=values,
        types=kinds.types(),
        rhythms=desk_forms.RHYTHMS,
    )


def end(name: str) -> WebAnswer:
    """End an event."""
    event = _event(name, "end")
    values: Values = {"text": "", "ended": ""}
    errors: Values = {}
    if tk.request.method == "POST":
        values = {key: tk.request.form.get(key, "") for key in values}
        done, errors = attempt("govdata_emergency_end", id=name, **values)
        if done:
            tk.h.flash_success(tk._("Ended. This page is now the archive of the event."))
            return tk.h.redirect_to("govdata_emergency.event", name=name)
    return form("govdata/emergency/end.html", errors, event=event, values=values)  # fmt: skip


def _event(name: str, act: str) -> EventAnswer:
    """The event, if this person may do that to it now."""
    sign_in_first()
    event = _show(name)
    if event["ended"]:
        raise tk.abort(409, tk._("The event has ended; nothing can be changed any more."))
    if act not in event["may"]:
        raise tk.abort(403, tk._("Only those who handle this event may do this."))
    return event


def _show(name: str) -> EventAnswer:
    try:
        return tk.get_action("govdata_emergency_show")({}, {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        raise tk.abort(404, tk._("There is no such event.")) from None


RULES = (
    ("/emergency-desk", overview, ("GET",)),
    ("/emergency-desk/declare", declare, ("GET", "POST")),
    ("/emergency-desk/<name>/publish", publish, ("GET", "POST")),
    ("/emergency-desk/<name>/change", change, ("GET", "POST")),
    ("/emergency-desk/<name>/end", end, ("GET", "POST")),
)
for _rule, _view, _methods in RULES:
    desk.add_url_rule(_rule, view_func=_view, methods=list(_methods))
