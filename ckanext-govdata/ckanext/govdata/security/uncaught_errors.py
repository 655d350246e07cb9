"""What CKAN's own pages forget to catch: an answer in words, not a fault of the server.

Its views ask actions and check access in places where nobody expects a refusal
(``/dataset/X/resource/Y/delete``, feeds). The API has its own answers.
"""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search.common import SearchError
from flask import Flask, Response, jsonify, make_response
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import HTTP_STATUS_CODES


def answer(app: Flask) -> None:
    """Once an application."""
    app.register_error_handler(tk.ObjectNotFound, _absent)
    app.register_error_handler(tk.NotAuthorized, _refused)
    app.register_error_handler(tk.ValidationError, _invalid)
    app.register_error_handler(SearchError, _not_asked_so)


def page(status: int, words: str) -> Response:
    """An answer that says why not; nothing of the request is written."""
    let_go()
    if tk.request.path.startswith("/api/"):
        return make_response(jsonify(success=False, error={"message": words}), status)
    said = {
        "code": status, "content": words, "name": HTTP_STATUS_CODES[status],
        "show_login_redirect_link": status == 403 and tk.current_user.is_anonymous,
    }  # fmt: skip
    return make_response(tk.render("error_document_template.html", said), status)


def let_go() -> None:
    """Nothing of the request is written; its connection is given back, whatever state it is in."""
    try:
        model.Session.rollback()
    except SQLAlchemyError:
        model.Session.remove()


def _absent(_error: Exception) -> Response:
    return page(404, tk._("There is no such page, or it is not for you."))


def _refused(error: Exception) -> Response:
    return page(403, str(error) or tk._("There is no such page, or it is not for you."))


def _invalid(error: tk.ValidationError) -> Response:
    return page(409, "; ".join(f"{name}: {said}" for name, said in error.error_summary.items()))


def _not_asked_so(error: Exception) -> Response:
    return page(400, str(error))
