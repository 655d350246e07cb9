"""The pages on which those above a department merge or abolish it, and officers name who stands in.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from .. import now
from ..forms import form_reader
from ..speech.phrases import in_script
from ..web import Errors, act, attempt, form, sign_in_first
from . import absences, members, succession
from .directory import Directory, directory
from .tree import Department

departments = Blueprint("govdata_departments", __name__)
GOVERNMENT = "government"


def succeed(id: str) -> Response | str:  # noqa: A002 - CKAN's own name in its routes
    """What the department has, who may take it over, and the form that does it."""
    known = directory()
    own = known.by_name.get(id) or known.by_id.get(id)
    if own is None:
        return tk.abort(404, tk._("There is no such department."))
    held = act("govdata_department_holdings", id=own.id)
    fields = form_reader.declared("succession")
    values = form_reader.sent(fields.values())
    errors: Errors = {}
    if tk.request.method == "POST":
        done, errors = attempt("govdata_department_succeed", id=own.id, **values)
        if not errors:
            return _done(own, done)
    return form(
        "govdata/departments/succeed.html",
        errors,
        department=own,
        fields=fields,
        successors={
            one.name: "　" * depth + in_script(one.title or one.name)
            for one, depth in _choices(known, own)
        },
        held=list(succession.lines(held)),
        values=values,
    )


def _done(own: Department, done: dict[str, Any]) -> Response | str:
    tk.h.flash_success(
        tk._("“{department}” has ended. This department has taken over: {what}.").format(
            department=own.title or own.name,
            what=tk._(", ").join(f"{label} {count}" for label, count in succession.lines(done)),
        )
    )
    return tk.h.redirect_to("organization.read", id=done["successor"])


def _choices(known: Directory, own: Department) -> list[tuple[Department, int]]:
    """Whom the reader may name, in the order of the tree: what stands below the governments for
    which he answers, without his own seats, this department and what is below it."""
    headed = members.headed_by(tk.current_user.id)
    seats = [known.by_id[body] for body in headed if body in known.by_id]
    tops = {seat.id if seat.role == GOVERNMENT else seat.parent for seat in seats}
    found = [
        (one, depth)
        for one, depth in known.walk()
        if one.id not in headed
        and tops & {up.id for up in known.ancestors(one)}
        and own not in (one, *known.ancestors(one))
    ]
    least = min((depth for _one, depth in found), default=0)
    return [(one, depth - least) for one, depth in found]


def away() -> Response | str:
    """Who stands in while one is away."""
    sign_in_first()
    fields = form_reader.declared("absence")
    values, errors = form_reader.sent(fields.values()), {}
    if tk.request.method == "POST":
        ended = form_reader.pressed("delete")
        if ended is None:
            wanted = {name: values.get(name) for name in fields}
            _kept, errors = attempt("govdata_away_create", **wanted)
        else:
            _kept, errors = attempt("govdata_away_delete", id=ended)
        if not errors:
            tk.h.flash_success(tk._("Saved"))
            return tk.h.redirect_to("govdata_departments.away")
    today = now.today().isoformat()
    return form(
        "govdata/departments/away.html",
        errors,
        fields=fields,
        absences=act("govdata_away_list"),
        colleagues=absences.colleagues(tk.current_user.id),
        values={"first": today, **values},
        today=today,
    )


departments.add_url_rule(
    "/organization/succession/<id>", "succeed", succeed, methods=["GET", "POST"]
)
departments.add_url_rule("/cases/away", "away", away, methods=["GET", "POST"])
blueprints = [departments]
