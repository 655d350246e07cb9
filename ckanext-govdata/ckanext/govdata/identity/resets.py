"""A forgotten password: the request only takes down what was typed; a job looks who that is.

So the answer is the same for every name, with the same work, and takes alike. The letter is CKAN's
own; within a while after one no other is sent, and its key is not made void by asking again.
"""
from __future__ import annotations

import logging
from contextlib import AbstractContextManager

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import click
import sqlalchemy as sa
from ckan import model
from ckan.lib import captcha, mailer, signals
from flask import Response, current_app, has_app_context, request
from redis import RedisError

from .. import settings
from ..forms import form_reader
from ..notices import mail_delivery
from ..security import counters

log = logging.getLogger(__name__)

LONGEST = 254
"""Characters of a mail address; nothing longer is anybody's."""


def answer() -> Response | None:
    """Take the place of CKAN's answer to the form; empty forms go on to it."""
    typed = (form_reader.pressed("user") or "").strip() if _is_asked() else ""
    if not typed:
        return None
    try:
        captcha.check_recaptcha(tk.request)
    except captcha.CaptchaError:
        tk.h.flash_error(tk._("Bad Captcha. Please try again."))
        return tk.h.redirect_to("user.request_reset")
    tk.enqueue_job(send, [typed[:LONGEST + 1]], title="letter with a key for a new password")
    tk.h.flash_success(tk._(
        "A letter with a link is on its way to you (unless there is no such account). If none has "
        "come in a quarter of an hour, ask for another."))
    return tk.h.redirect_to(settings.reset_landing_page())


def _is_asked() -> bool:
    return (
        settings.is_portal()
        and request.endpoint == "user.request_reset"
        and request.method == "POST"
    )


def send(typed: str) -> None:
    """Job: a letter to each account of that name or address, at most one in a while."""
    for user in _accounts(typed):
        if _is_first(user.id):
            with _speaking_to(user.id):
                _notify(user)
                signals.request_password_reset.send(user.name, user=user)


def _speaking_to(user_id: str) -> AbstractContextManager[object]:
    """CKAN's letters are templates, which only an application writes; ``ckan jobs worker`` has
    one, but its jobs run beside it.
    """
    app = current_app if has_app_context() else click.get_current_context().meta["flask_app"]
    chosen = {"CKAN_LANG": mail_delivery.language_of(model.Session, user_id)}
    return app.test_request_context(environ_overrides=chosen)


def _accounts(typed: str) -> list[model.User]:
    """By address all that have it, else by name; deleted ones are nobody's."""
    user = model.User
    wanted = sa.func.lower(user.email) == typed.lower() if "@" in typed else user.name == typed
    query = sa.select(user).where(wanted, user.state != model.State.DELETED).order_by(user.name)
    return list(model.Session.scalars(query))


def _is_first(user_id: str) -> bool:
    """Whether no letter went to this account a moment ago; without Valkey there is no job."""
    if not settings.reset_pause():
        return True
    count, _left = counters.add("reset", user_id, settings.reset_pause())
    return count == 1


def _notify(user: model.User) -> None:
    """By whoever tells of such things, else by mail, as CKAN's page would."""
    told = False
    for plugin in p.PluginImplementations(p.INotifier):
        told = plugin.notify_about_topic(told, "request_password_reset", {"user": user})
    if told:
        return
    try:
        mailer.send_reset_link(user)
    except mailer.MailerException:
        try:
            counters.forget("reset", user.id)
        except RedisError:
            log.warning("Whoever waits for a key for a new password has to wait for the next")
        raise
