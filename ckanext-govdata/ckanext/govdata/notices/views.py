"""The page of one's own notices and of how one wants to get them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ..forms import form_reader
from ..web import Errors, act, attempt, form, page_of_address, sign_in_first
from .action import PAGE

notices = Blueprint("govdata_notices", __name__)


def index() -> Response | str:
    """Notices, newest first; seeing them does not mark them as read."""
    return _page({}, {})


def _page(values: dict[str, Any], errors: Errors) -> Response:
    sign_in_first()
    found = act("govdata_notice_list", page=page_of_address(PAGE).page)
    fields = form_reader.declared("notice_preference")
    wanted = values if errors else {name: found[name] for name in fields}
    return form("govdata/notices/index.html", errors, found=found, fields=fields, values=wanted)


def read() -> Response | str:
    """Mark all as read."""
    act("govdata_notice_read")
    return tk.h.redirect_to("govdata_notices.index")


def prefer() -> Response | str:
    """Keep how one wants to be told."""
    wanted = form_reader.sent(form_reader.declared("notice_preference").values())
    _kept, errors = attempt("govdata_notice_preference_update", **wanted)
    if errors:
        return _page(wanted, errors)
    tk.h.flash_success(tk._("Saved"))
    return tk.h.redirect_to("govdata_notices.index")


notices.add_url_rule("/notices", view_func=index)
notices.add_url_rule("/notices/read", view_func=read, methods=["POST"])
notices.add_url_rule("/notices/preference", view_func=prefer, methods=["POST"])
blueprints = [notices]
