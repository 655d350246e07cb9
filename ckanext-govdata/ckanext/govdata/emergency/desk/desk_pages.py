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
from ...forms import form_reader
from ...pager import Pager
from ...web import attempt, form, sign_in_first
from .. import sentences
from ..answers import EventAnswer
from ..event import event_roles, kinds
from ..event.event_record import EventRow
from ..public import event_list, event_view
from . import desk_choices, desk_values

desk = Blueprint("govdata_emergency_desk", __name__)
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
    handlers = desk_choices.choices(tk.current_user.id)
    if not handlers:
        raise tk.abort(403, tk._("Only those who handle emergencies may do this."))
    fields, errors = form_reader.declared("emergency_event"), Values()
    values = desk_values.first_values(handlers)
    if tk.request.method == "POST":
        values = form_reader.sent(fields.values())
        asked = desk_values.whole(fields, values)
        done, errors = attempt("govdata_emergency_declare", **asked)
        if done:
            tk.h.flash_success(_declared(done))
            return tk.h.redirect_to("govdata_emergency_desk.publish", name=done["name"])
    return form(
        "govdata/emergency/declare.html",
        desk_values.beside(errors),
        fields=fields,
        values=values,
        offered=desk_choices.of_event(kinds.types(), handlers),
    )


def _declared(event: EventAnswer) -> str:
    if event["drill"]:
        return tk._("The drill is declared: only those who take part see it.")
    return tk._("Declared. Now publish the first data and a bulletin.")


def _published(event: EventAnswer) -> str:
    if event["drill"]:
        return tk._("Published in the drill: only those who take part see it.")
    return tk._("Published. It is visible to everybody now.")


def publish(name: str) -> WebAnswer:
    """Publish data and a bulletin in one step; ``check`` shows first what stands against it."""
    event = _event(name, "publish")
    fields, errors, found = form_reader.declared("emergency_dataset"), Values(), Values()
    values = desk_values.dataset_values(event, tk.request.args.get("dataset", ""))
    if tk.request.method == "POST":
        expected = form_reader.by_key("expected")
        values = {**form_reader.sent(fields.values()), "expected": expected}
        asked = desk_values.asked(event["name"], values)
        if form_reader.pressed("check") is not None:
            found, errors = _checked(asked["datasets"] or [{"id": name}])
        else:
            done, errors = attempt("govdata_emergency_publish", **asked)
            if done:
                tk.h.flash_success(_published(done))
                for parts in done["left_out"].values():
                    tk.h.flash_notice(sentences.left_out(parts))
                return tk.h.redirect_to("govdata_emergency.event", name=name)
        if errors.get("expected"):  # he has been told of the newer version, and goes on from it
            event = _show(name)
            values["expected"] = desk_values.seen(event)
        values = desk_values.kept(values, errors)
    bans = {one["ban"]: one["message"] for one in desk_values.overridable(values, errors, found)}
    return form(
        "govdata/emergency/publish.html",
        errors,
        beside=desk_values.beside(errors),
        event=event,
        fields=fields,
        values=values,
        found=found,
        offered=desk_choices.of_publication(event, found.get("columns") or (), bans),
    )


def _checked(datasets: list[Values]) -> tuple[Values, Values]:
    """What stands against the datasets, and what is wrong with the form; columns of the first."""
    found, errors = Values(), Values()
    for one in datasets:
        told, wrong = attempt("govdata_emergency_check", **one)
        if told and told.get("left_out"):
            tk.h.flash_notice(sentences.left_out(told["left_out"]))
        if told:
            findings = [*found.get("findings", ()), *told["findings"]]
            found = {**told, **found, "findings": findings}
        errors = {**wrong, **errors}
    return (found if found.get("findings") or not errors else Values()), errors


def change(name: str) -> WebAnswer:
    """Change what is said of a running event, its level among it."""
    event = _event(name, "update")
    fields, errors = form_reader.declared("emergency_change"), Values()
    values = desk_values.of_event(event)
    if tk.request.method == "POST":
        values = form_reader.sent(fields.values())
        asked = desk_values.whole(fields, values)
        done, errors = attempt("govdata_emergency_update", id=name, **asked)
        if done:
            tk.h.flash_success(tk._("Changed."))
            return tk.h.redirect_to("govdata_emergency.event", name=name)
    return form(
        "govdata/emergency/change.html",
        errors,
        event=event,
        fields=fields,
        values=values,
        offered={**desk_choices.of_event(kinds.types()), "places": {}},
    )


def end(name: str) -> WebAnswer:
    """End an event."""
    event, errors = _event(name, "end"), Values()
    fields = form_reader.declared("emergency_end")
    values = form_reader.sent(fields.values())
    if tk.request.method == "POST":
        asked = desk_values.whole(fields, values)
        done, errors = attempt("govdata_emergency_end", id=name, **asked)
        if done:
            tk.h.flash_success(tk._("Ended. This page is now the archive of the event."))
            return tk.h.redirect_to("govdata_emergency.event", name=name)
    shown = {"event": event, "fields": fields, "values": values}
    return form("govdata/emergency/end.html", errors, **shown)


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
