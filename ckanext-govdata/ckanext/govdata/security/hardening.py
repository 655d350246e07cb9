"""Hang the protections into CKAN."""
from __future__ import annotations

from collections.abc import Iterable, Mapping

import ckan.plugins as p
from ckan.config.declaration import Declaration, Key
from ckan.lib import signals
from ckan.types import DataDict, Schema
from flask import Flask, session
from werkzeug.middleware.proxy_fix import ProxyFix

from .. import settings
from . import (
    api_tokens,
    characters,
    defaults,
    exemptions,
    headers,
    kept_texts,
    lockout,
    passwords,
    rates,
    services_away,
    sessions,
    sizes,
    smtp,
    uncaught_errors,
)


class Hardening(
    p.IConfigDeclaration, p.IConfigurable, p.IMiddleware, p.IAuthenticator, p.INotifier,
    p.IApiToken,
):
    """CKAN's interfaces that the protections need, for the plugin to inherit."""

    def declare_config_options(self, declaration: Declaration, key: Key) -> None:
        """Our options and safer defaults for CKAN's."""
        defaults.declare(declaration, key)

    def configure(self, config: object) -> None:
        """Refuse to start with a known hole."""
        defaults.check()
        defaults.keep_roles_in_their_department()
        passwords.watch()

    def make_middleware(self, app: Flask, config: object) -> Flask:
        """Called once with the Flask application."""
        harden(app)
        return app

    def identify_user(self, user_id: str | None = None) -> object:
        """By token, before the session is looked at: as CKAN does, with less writing."""
        return api_tokens.identify()

    def create_api_token_schema(self, schema: Schema) -> Schema:
        """Days of a new token."""
        return api_tokens.with_days(schema)

    def preprocess_api_token(self, data: Mapping[str, object]) -> Mapping[str, object]:
        """Every use of a token passes here."""
        return api_tokens.while_it_stands(data)

    def postprocess_api_token(
        self, data: DataDict, jti: str, data_dict: DataDict
    ) -> DataDict:
        """A new token has an end."""
        api_tokens.keep_end(jti, data_dict.get("days"))
        return data

    def authenticate(self, identity: DataDict) -> None:
        """Every password check passes here first; CKAN itself then checks the password."""
        lockout.admit(identity)

    def notify_recipient(
        self, already_notified: bool, recipient_name: str, recipient_email: str, subject: str,
        body: str, body_html: str | None = None, headers: DataDict | None = None,
        attachments: Iterable[smtp.Attachment] | None = None,
    ) -> bool:
        """Send CKAN's mail ourselves, so that its own client, which checks nothing, does not."""
        if already_notified or not settings.smtp().server:
            return already_notified
        smtp.send(smtp.compose(
            recipient_name, recipient_email, subject, body, body_html, headers, attachments))
        return True


def harden(app: Flask) -> None:
    """Everything that is done per request."""
    exemptions.last_one_request()
    app.jinja_env.globals["csrf_token"] = exemptions.token_when_it_protects
    app.context_processor(lambda: {"csrf_token": exemptions.token_when_it_protects})
    app.config.update(defaults.cookies_by_scheme())
    # The session interface has its connection; CKAN would copy this one into its own config,
    # which is deep-copied (by the tests) and printed (by ckan config), password and all.
    app.config.pop("SESSION_REDIS", None)
    sizes.guard(app)
    kept_texts.guard(app)
    uncaught_errors.answer(app)
    services_away.answer(app)
    sessions.outlast(app)
    app.before_request(exemptions.refuse_foreign_forms)
    app.before_request(characters.refuse_unstorable)
    app.before_request(rates.limit_search)
    app.before_request(rates.limit_readings)
    app.before_request(rates.limit_subscriptions)
    app.before_request(rates.limit_accounts)
    app.before_request(rates.limit_cases)
    app.before_request(rates.limit_rehearsals)
    passwords.guard(app)
    app.register_error_handler(ValueError, characters.refuse_nul)
    app.after_request(headers.protect)
    app.after_request(lockout.settle)
    signals.failed_login.connect(lockout.failed)
    signals.user_logged_in.connect(forget_nobody)
    signals.user_logged_in.connect(passwords.begun)
    proxies = settings.trusted_proxies()
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies)


def forget_nobody(_app: object, **_: object) -> None:
    """No "remember me": it would outlive the session's half hour by as much as the form says."""
    session.pop("_remember", None)
    session.pop("_remember_seconds", None)
