"""Due days for calendars: an officer's, whose address a page shows once, and that of one case."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Response

from ...domain.file_name import disposition
from ...security.headers import PRIVATE
from ...transaction import transaction
from ...web import act, sign_in_first
from ..engine import record
from ..time.calendar_feed import calendar_of, due_day_of, new_secret, user_of


def deadlines() -> Response | str:
    """An officer's due days as a calendar that a calendar program subscribes to.

    The secret stands in the query, which no log writes down.
    """
    user_id = user_of(model.Session, tk.request.args.get("key", ""))
    if not user_id:
        raise tk.abort(404)
    return Response(calendar_of(user_id), headers=PRIVATE, mimetype="text/calendar")


def due_day(case_id: str) -> Response:
    """The due day of one case, for whoever sees it, as a file that a calendar takes."""
    case = act("govdata_case_show", id=case_id)
    row = record.seen(model.Session, case["id"])
    if row.due is None:
        raise tk.abort(404)
    headers = PRIVATE | {"Content-Disposition": disposition(f"{row.reference}.ics")}
    body = due_day_of(row, case["dataset_title"])
    return Response(body, headers=headers, mimetype="text/calendar")


def new_calendar() -> Response | str:
    """Make the address of one's calendar, or another one; it is shown this once."""
    sign_in_first()
    with transaction() as session:
        key = new_secret(session, tk.current_user.id)
    address = tk.h.url_for("govdata_cases.deadlines", key=key, _external=True)
    answer = tk.render("govdata/cases/calendar.html", extra_vars={"address": address})
    return Response(answer, headers=PRIVATE)
