"""The page of one's own notices and of how one wants to get them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ..forms import form_reader
from ..web import Errors, act, attempt, form, page_of_address, sign_in_first
from .action import MAIL, PAGE

notices = Blueprint("govdata_notices", __name__)
PREFERENCE = ("mail", "language")


def index() -> Response | str:
    """Notices, newest first; seeing them does not mark them as read."""
    return _page({}, {})


def _page(values: dict[str, str], errors: Errors) -> Response:
    sign_in_first()
    found = act("govdata_notice_list", page=page_of_address(PAGE).page)
    wanted = {name: found[name] for name in PREFERENCE} | values
    return form(
        "govdata/notices/index.html", errors, found=found, choices=MAIL, values=wanted
    )


def read() -> Response | str:
    """Mark all as read."""
    act("govdata_notice_read")
    return tk.h.redirect_to("govdata_notices.index")


def prefer() -> Response | str:
    """Keep how one wants to be told."""
    wanted = {name: form_reader.pressed(name) or "" for name in PREFERENCE}
    _kept, errors = attempt("govdata_notice_preference_update", **wanted)
    if errors:
        return _page(wanted, errors)
    tk.h.flash_success(tk._("Saved"))
    return tk.h.redirect_to("govdata_notices.index")


notices.add_url_rule("/notices", view_func=index)
notices.add_url_rule("/notices/read", view_func=read, methods=["POST"])
notices.add_url_rule("/notices/preference", view_func=prefer, methods=["POST"])
blueprints = [notices]
