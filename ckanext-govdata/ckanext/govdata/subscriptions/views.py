"""Pages of those who want to be told of emergencies: by mail without an account, by webhook with.

A letter's links lead to pages with a button, because mail programs open links by themselves; the
button of "unsubscribe" is also what a mail program presses (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from ..emergency.event import event_record, event_rules
from . import mail_links, subjects, subscribers

mail = Blueprint("govdata_emergency_mail", __name__)
hooks = Blueprint("govdata_emergency_hooks", __name__)
FULL = {"too_many": 429, "uncounted": 503}
"""The status of a refusal that is nobody's fault; others are 400."""

Values = dict[str, Any]


def ask() -> Any:
    """The form: an event's (``?event=``), or that of a place."""
    names = ("event", "region", "address", "data")
    errors: Values = {}
    if tk.request.method == "POST":
        values = {name: tk.request.form.get(name, "").strip() for name in names}
        wanted = {**values, "region": "" if values["event"] else values["region"]}
        done, errors = _try(lambda: _act("subscribe", **wanted))
        if done:
            return tk.h.redirect_to("govdata_emergency_mail.sent")
    else:
        values = {name: tk.request.args.get(name, "") for name in names}
    answer = make_response(tk.render("govdata/subscriptions/mail.html", {
        "values": values, "errors": errors, "event": _event(values["event"]),
    }))  # fmt: skip
    answer.status_code = _status(errors)
    return answer


def sent() -> Response:
    """What comes next; the same whatever the address."""
    return _answer(
        tk._("Look into your mailbox"),
        tk._("If the address is right, a letter is on its way. Open its link within a day to "
             "confirm. If none comes, look among the unwanted mail; at most five such letters a "
             "day go to an address."),
    )  # fmt: skip


def confirm(token: str) -> Any:
    """The letter's link: a page with a button."""
    row = subscribers.of_link(model.Session, mail_links.CONFIRM, token)
    if row is None:
        return _gone()
    what = tk.h.govdata_script(subjects.title(row.event_id, row.region))
    if tk.request.method != "POST":
        words = tk._("News of '{what}' is to be sent to your address.").format(what=what)
        return _answer(tk._("Confirm that you want to be told"), words, tk._("Confirm"))
    done, errors = _try(lambda: _act("confirm", token=token))
    if not done:
        summary = "; ".join(one["message"] for one in errors["reasons"])
        return _answer(tk._("This did not work"), summary, status=410)
    words = tk._("News of '{what}' is sent to your address from now on. Each letter has a link to "
                 "end that.").format(what=what)  # fmt: skip
    return _answer(tk._("You are told from now on"), words, url=subjects.address(row.event_id))


def unsubscribe(token: str) -> Any:
    """The letter's other link; also what a mail program's own button sends."""
    if not mail_links.read(mail_links.UNSUBSCRIBE, token):
        return _gone()
    if tk.request.method != "POST":
        words = tk._("Your address is deleted, and no more letters come.")
        return _answer(tk._("Unsubscribe"), words, tk._("Unsubscribe"))
    _act("unsubscribe", token=token)
    words = tk._("Your address was deleted. No more letters come.")
    return _answer(tk._("You are told no more"), words)


def mine() -> Any:
    """One's own webhooks, and the form for a new one, whose secret is shown once."""
    refused = _person()
    if refused:
        return refused
    names = ("url", "event", "region")
    values = {name: tk.request.values.get(name, "").strip() for name in names}
    made: Values | None = None
    errors: Values = {}
    if tk.request.method == "POST":
        wanted = {**values, "region": "" if values["event"] else values["region"]}
        made, errors = _try(lambda: _act("hook_create", **wanted))
    answer = make_response(tk.render("govdata/subscriptions/hooks.html", {
        "hooks": _act("subscriptions"), "made": made, "values": {} if made else values,
        "errors": errors, "event": _event(values["event"]),
    }))  # fmt: skip
    answer.status_code = _status(errors)
    return answer


def read(hook_id: str) -> Any:
    """One webhook with what was delivered."""
    refused = _person()
    if refused:
        return refused
    found = next((one for one in _act("subscriptions") if one["id"] == hook_id), None)
    if found is None:
        return tk.abort(404, tk._("There is no such webhook."))
    return tk.render("govdata/subscriptions/hook.html", {"hook": found})


def resume(hook_id: str) -> Any:
    """Switch it on again."""
    done, errors = _changed("hook_resume", hook_id)
    if done:
        tk.h.flash_success(tk._("It is asked again within a minute."))
    for one in errors.get("reasons", ()):
        tk.h.flash_error(one["message"])
    return tk.h.redirect_to("govdata_emergency_hooks.read", hook_id=hook_id)


def delete(hook_id: str) -> Any:
    """Delete it."""
    _changed("hook_delete", hook_id)
    tk.h.flash_success(tk._("Deleted."))
    return tk.h.redirect_to("govdata_emergency_hooks.mine")


def _changed(command: str, hook_id: str) -> tuple[Any, Values]:
    if not tk.current_user.is_authenticated:
        tk.abort(403, tk._("Please sign in."))
    try:
        return _try(lambda: _act(command, id=hook_id))
    except tk.ObjectNotFound as error:
        raise tk.abort(404, str(error)) from None


def _person() -> Response | None:
    """Signing in comes first, and leads back here."""
    tk.request.environ["__no_cache__"] = True
    if tk.current_user.is_authenticated:
        return None
    return tk.h.redirect_to("user.login", came_from=tk.request.full_path)


def _event(name: str) -> Values:
    """Name and title of a running event that everybody sees; empty where there is none."""
    row = event_record.row_of(name) if name else None
    if row is None or row.drill or row.ended is not None or not event_rules.visible(row, None):
        return {}
    return {"name": row.name, "title": event_record.state_of(row.state).event.title}


def _act(command: str, **given: Any) -> Any:
    return tk.get_action(f"govdata_emergency_{command}")({}, given)


def _try(act: Callable[[], Any]) -> tuple[Any, Values]:
    """What the action answers, or what is wrong by field."""
    try:
        return act(), {}
    except tk.ValidationError as error:
        return None, error.error_dict
    except tk.ObjectNotFound as error:
        raise tk.abort(404, str(error)) from None


def _status(errors: Values) -> int:
    codes = {one["code"] for one in errors.get("reasons", ())}
    return next((FULL[code] for code in codes if code in FULL), 400) if codes else 200


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
