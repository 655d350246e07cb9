"""The page of one's own notices and of how one wants to get them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from .action import MAIL

notices = Blueprint("govdata_notices", __name__)


def index() -> Any:
    """Notices, newest first; seeing them does not mark them as read."""
    if not tk.current_user.is_authenticated:
        return tk.h.redirect_to("user.login", came_from=tk.request.full_path)
    found = tk.get_action("govdata_notice_list")({}, {})
    return tk.render("govdata/notices/index.html", extra_vars={"found": found, "choices": MAIL})


def read() -> Any:
    """Mark all as read."""
    tk.get_action("govdata_notice_read")({}, {})
    return tk.h.redirect_to("govdata_notices.index")


def prefer() -> Any:
    """Keep how one wants to be told."""
    wanted = {name: tk.request.form.get(name, "") for name in ("mail", "language")}
    try:
        tk.get_action("govdata_notice_preference_update")({}, wanted)
        tk.h.flash_success(tk._("Saved"))
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(error.error_summary.values()))
    return tk.h.redirect_to("govdata_notices.index")


notices.add_url_rule("/notices", view_func=index)
notices.add_url_rule("/notices/read", view_func=read, methods=["POST"])
notices.add_url_rule("/notices/preference", view_func=prefer, methods=["POST"])
blueprints = [notices]
