"""One way through the web: signing in comes first, an action is asked, a refused form is answered.

Every page of ours goes this way. What a reader may not see is not there for him; an address that
cannot be read is answered with 400, a form that was refused with 409 and everything that was typed.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import DataDict
from flask import Response, make_response, redirect
from werkzeug.exceptions import HTTPException

from .pager import Pager, read_page

Errors: TypeAlias = DataDict
"""What is wrong by field, in sentences, as CKAN's ``ValidationError`` has it."""
REASONS = "reasons"
"""The key of an error's codes for programs; no field."""
READER_UNKNOWN = "govdata.reader_unknown"
"""In a request's environment: the reader has a session, and nobody can tell whose."""
BUSY = {"crowded": 429, "uncounted": 503}
"""The status of refusals that are nobody's fault, by their code."""


def sign_in_first() -> None:
    """Whoever is not signed in does that first and comes back; nothing happens to others."""
    tk.request.environ["__no_cache__"] = True
    if not tk.current_user.is_authenticated:
        if tk.request.environ.get(READER_UNKNOWN):
            tk.abort(503, tk._(
                "Who is signed in cannot be recognised at the moment. You are still signed in: "
                "please try again in half a minute."))
        target = tk.h.url_for("user.login", came_from=_way_back())
        raise HTTPException(response=redirect(target))


def act(action: str, /, **data: object) -> Any:
    """What an action answers to the reader.

    What is not there for him is a page that is not there, after he was asked to sign in; what the
    action refuses of an address is said in words. A form's refusals are raised on: see
    :func:`attempt`.
    """
    try:
        with _there():
            return tk.get_action(action)({}, data)
    except tk.ValidationError as error:
        if tk.request.method == "POST":
            raise
        status = 400 if error.error_dict.keys() <= data.keys() else 409
        raise tk.abort(status, sentences_of(error)) from None


def attempt(action: str, /, **data: object) -> tuple[Any, Errors]:
    """What an action answers, or what is wrong with what was asked; then nothing is written.

    For forms of both kinds: those that are sent, and those whose questions stand in the address.
    """
    try:
        with _there():
            return tk.get_action(action)({}, data), {}
    except tk.ValidationError as error:
        return None, refusal_of(error)


@contextmanager
def _there() -> Iterator[None]:
    """What is not there for the reader is a page that is not there, after he was asked to sign
    in."""
    try:
        yield
    except (tk.NotAuthorized, tk.ObjectNotFound):
        sign_in_first()
        raise tk.abort(404, tk._("There is no such page, or it is not for you.")) from None


def refusal_of(error: tk.ValidationError) -> Errors:
    """What is wrong by field; what was written before it was found is taken back."""
    model.Session.rollback()
    return error.error_dict


def page_of_address(size: int) -> Pager:
    """The page that the address asks for; 400 where it is none."""
    try:
        return read_page(tk.request.args, size)
    except tk.ValidationError as error:
        raise tk.abort(400, sentences_of(error)) from None


def form(template: str, errors: Errors, **shown: object) -> Response:
    """A page with a form: with what is wrong, as a refused one."""
    page = tk.render(template, {"errors": errors, **shown})
    return make_response(page, status_of(errors))


def status_of(errors: Errors) -> int:
    """200 where nothing is wrong, 409 of a refused form, or that nobody is served at the moment."""
    codes = [one.get("code", "") for one in errors.get(REASONS, ())]
    return next((BUSY[code] for code in codes if code in BUSY), 409) if errors else 200


def sentences_of(error: tk.ValidationError) -> str:
    """All that is wrong, in one line."""
    return "; ".join(str(said) for said in error.error_summary.values())


def _way_back() -> str:
    """The address that was asked for, or, where it only takes forms, the page of the form."""
    rule = tk.request.url_rule
    if tk.request.method == "GET" or (rule and "GET" in (rule.methods or ())):
        return tk.request.full_path
    page = urlsplit(tk.request.referrer or "")
    return page.path if page.netloc == tk.request.host and page.path else "/"
