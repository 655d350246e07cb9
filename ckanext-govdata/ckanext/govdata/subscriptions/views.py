"""Pages of those who want to be told of emergencies: by mail without an account, by webhook with.

A letter's links lead to pages with a button, because mail programs open links by themselves; the
button of "unsubscribe" is also what a mail program presses (RFC 8058).
"""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from ..emergency.event import event_record, event_rules
from ..forms import form_reader
from ..web import Errors, act, attempt, form, page_of_address, sign_in_first
from . import mail_links, subjects, subscribers
from .hooks import MOST

mail = Blueprint("govdata_emergency_mail", __name__)
hooks = Blueprint("govdata_emergency_hooks", __name__)

Values = dict[str, Any]


def ask() -> Response | str:
    """The form: an event's (``?event=``), or that of a place."""
    fields = form_reader.declared("subscription")
    values, errors = form_reader.asked(fields.values()), dict[str, Any]()
    if tk.request.method == "POST":
        values = form_reader.sent(fields.values())
        done, errors = attempt("govdata_emergency_subscribe", **_one_subject(values))
        if done:
            return tk.h.redirect_to("govdata_emergency_mail.sent")
    event, wrong = _event(values.get("event", "")), _asked_of_place(errors)
    return form("govdata/subscriptions/mail.html", wrong, values=values, event=event)


def sent() -> Response:
    """What comes next; the same whatever the address."""
    return _answer(
        tk._("Look into your mailbox"),
        tk._("If the address is right, a letter is on its way. Open its link within a day to "
             "confirm. If none comes, look among the unwanted mail; at most five such letters a "
             "day go to an address."),
    )  # fmt: skip


def confirm(token: str) -> Response | str:
    """The letter's link: a page with a button."""
    row = subscribers.of_link(model.Session, mail_links.CONFIRM, token)
    if row is None:
        return _gone()
    what = tk.h.govdata_script(subjects.title(row.event_id, row.region))
    if tk.request.method != "POST":
        words = tk._("News of '{what}' is to be sent to your address.").format(what=what)
        return _answer(tk._("Confirm that you want to be told"), words, tk._("Confirm"))
    done, errors = attempt("govdata_emergency_confirm", token=token)
    if not done:
        summary = "; ".join(one["message"] for one in errors["reasons"])
        return _answer(tk._("This did not work"), summary, status=410)
    words = tk._("News of '{what}' is sent to your address from now on. Each letter has a link to "
                 "end that.").format(what=what)  # fmt: skip
    return _answer(tk._("You are told from now on"), words, url=subjects.address(row.event_id))


def unsubscribe(token: str) -> Response | str:
    """The letter's other link; also what a mail program's own button sends."""
    if not mail_links.read(mail_links.UNSUBSCRIBE, token):
        return _gone()
    if tk.request.method != "POST":
        words = tk._("Your address is deleted, and no more letters come.")
        return _answer(tk._("Unsubscribe"), words, tk._("Unsubscribe"))
    act("govdata_emergency_unsubscribe", token=token)
    words = tk._("Your address was deleted. No more letters come.")
    return _answer(tk._("You are told no more"), words)


def mine() -> Response | str:
    """One's own webhooks, and the form for a new one, whose secret is shown once."""
    sign_in_first()
    fields = form_reader.declared("webhook")
    values, errors = form_reader.asked(fields.values()), dict[str, Any]()
    made: Values | None = None
    if tk.request.method == "POST":
        values = form_reader.sent(fields.values())
        made, errors = attempt("govdata_emergency_hook_create", **_one_subject(values))
    return form(
        "govdata/subscriptions/hooks.html",
        _asked_of_place(errors),
        fields=fields,
        hooks=act("govdata_emergency_subscriptions", page=page_of_address(MOST).page),
        made=made,
        values={} if made else values,
        event=_event(values.get("event", "")),
    )


def read(hook_id: str) -> Response | str:
    """One webhook with what was delivered."""
    return _hook(hook_id, {})


def _hook(hook_id: str, errors: Errors) -> Response:
    sign_in_first()
    own = act("govdata_emergency_subscriptions")
    found = next((one for one in own if one["id"] == hook_id), None)
    if found is None:
        raise tk.abort(404, tk._("There is no such webhook."))
    return form("govdata/subscriptions/hook.html", errors, hook=found)


def resume(hook_id: str) -> Response | str:
    """Switch it on again."""
    _done, errors = attempt("govdata_emergency_hook_resume", id=hook_id)
    if errors:
        return _hook(hook_id, errors)
    tk.h.flash_success(tk._("It is asked again within a minute."))
    return tk.h.redirect_to("govdata_emergency_hooks.read", hook_id=hook_id)


def delete(hook_id: str) -> Response | str:
    """Delete it."""
    act("govdata_emergency_hook_delete", id=hook_id)
    tk.h.flash_success(tk._("Deleted."))
    return tk.h.redirect_to("govdata_emergency_hooks.mine")


def _one_subject(values: Values) -> Values:
    """What is sent: a page of an event means the event, whatever place stands beside it."""
    return {**values, "region": ""} if values.get("event") else values


def _asked_of_place(errors: Errors) -> Errors:
    """What is wrong with what somebody wants to be told of stands where he chooses it."""
    return {"region" if name == "event" else name: said for name, said in errors.items()}


def _event(name: str) -> Values:
    """Name and title of a running event that everybody sees; empty where there is none."""
    row = event_record.row_of(name) if name else None
    if row is None or row.drill or row.ended is not None or not event_rules.visible(row, None):
        return {}
    return {"name": row.name, "title": row.event.title}


def _answer(title: str, words: str, button: str = "", url: str = "", status: int = 200) -> Response:
    """A page of few words; the secret in its address is nobody's to keep."""
    said = {"title": title, "words": words, "button": button, "url": url}
    answer = make_response(tk.render("govdata/subscriptions/answer.html", said), status)
    answer.cache_control.no_store = True
    return answer


def _gone() -> Response:
    title, words = tk._("This link is not good any more."), tk._("It was used, or is too old.")
    return _answer(title, words, url=tk.h.url_for("govdata_emergency.index"), status=404)


RULES = (
    (mail, "/emergency-mail", ask, ("GET", "POST")),
    (mail, "/emergency-mail/sent", sent, ("GET",)),
    (mail, "/emergency-mail/<token>/confirm", confirm, ("GET", "POST")),
    (mail, "/emergency-mail/<token>/unsubscribe", unsubscribe, ("GET", "POST")),
    (hooks, "/emergency-hooks", mine, ("GET", "POST")),
    (hooks, "/emergency-hooks/<hook_id>", read, ("GET",)),
    (hooks, "/emergency-hooks/<hook_id>/resume", resume, ("POST",)),
    (hooks, "/emergency-hooks/<hook_id>/delete", delete, ("POST",)),
)
for _blueprint, _rule, _view, _methods in RULES:
    _blueprint.add_url_rule(_rule, view_func=_view, methods=list(_methods))
blueprints = [mail, hooks]
