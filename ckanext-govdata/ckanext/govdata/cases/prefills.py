"""What a form is filled in with from the start, of what the portal knows of whoever applies."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from .. import database
from ..domain.procedure import Procedure
from .engine import record
from .model import CaseRow, case


def contact(procedure: Procedure, asked: Mapping[str, str]) -> dict[str, object]:
    """How to reach him, as he said it in his last case of this kind; before there is one, the
    address of his account."""
    form = procedure.form
    wanted = [procedure.fields[name] for name in form.fields] if form else []
    fields = [field for field in wanted if field.identity]
    row = database.first(
        model.Session, LAST, CaseRow, {"user": tk.current_user.id, "kind": procedure.kind}
    )
    if row:
        answers = record.case_of(model.Session, row).answers
        return {field.name: answers[field.name] for field in fields if field.name in answers}
    mail = tk.current_user.email
    return {field.name: mail for field in fields if field.type == "email" and mail}


LAST = (
    sa.select(case)
    .where(
        case.c.applicant_id == sa.bindparam("user"),
        case.c.kind == sa.bindparam("kind"),
        case.c.received.is_not(None),
    )
    .order_by(case.c.opened.desc(), case.c.modified.desc())
    .limit(1)
)
