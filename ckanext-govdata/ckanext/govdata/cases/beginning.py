"""Begin a case: by an applicant, or by the portal itself. Public to other slices."""

from __future__ import annotations

import uuid
from typing import Any, cast

import ckan.model as model
import ckan.plugins.toolkit as tk

from .. import now
from ..domain.decision import Refused, decide
from ..rules import current
from . import binding, declared, offer, people, record, stored


def begin(kind: str, package_id: str, command: str) -> str:
    """Begin a case that the portal itself begins, such as the review of an emergency's data.

    In the caller's transaction; gives the case's id. The applicant is the portal's own user, for
    nobody decides in a case of his own.
    """
    entry = model.Package.get(package_id)
    if entry is None:
        raise tk.ObjectNotFound(tk._("The entry is no longer there."))
    portal = str(tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"])
    user_id = str(cast("Any", model.User.get(portal)).id)
    row = new_row(kind, entry, user_id)
    case = stored.case_of(declared.procedures()[kind], row, ())
    answer = decide(case, command, {}, people.actor(user_id, row), binding.rules_of(row),
                    current.calendar(), offer.choices(row, ()))
    if isinstance(answer, Refused):
        raise RuntimeError(f"{kind} cannot be begun: {answer.reasons}")
    record.write(model.Session, row, case, answer)
    return row.id


def new_row(kind: str, entry: Any, user_id: str) -> record.Pending:
    """The row of a new case about an entry, not inserted yet.

    Raises ``ValidationError`` if nobody provides the entry.
    """
    provider, instant = current.provider(entry.owner_org or ""), now.now()
    if provider is None:
        raise tk.ValidationError({"dataset_id": [tk._("No department provides this entry.")]})
    return record.begun({
        "id": str(uuid.uuid4()),
        "kind": kind,
        "state": declared.procedures()[kind].initial,
        "open": True,
        "package_id": entry.id,
        "package_title": entry.title or entry.name,
        "organization_id": entry.owner_org,
        "organization_title": provider[0],
        "jurisdiction": provider[1],
        "rules_day": now.today(),
        "applicant_id": user_id,
        "opened": now.today(),
        "provisional": False,
        "overdue_said": False,
        "late": False,
        "draft": "{}",
        "version": 0,
        "created": instant,
        "modified": instant,
    })
