"""What may be chosen in a case: the entry's files and columns, colleagues, articles, terms."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from .. import now
from ..access import grants
from ..domain.form import Choices
from ..domain.refusal import Refusal
from ..rules import current
from . import model as tables
from . import people
from .terms import terms_of_use

WHOLE_ENTRY = "entry"
"""What is asked for where an entry has no files yet: the data itself, to be prepared."""


def choices(row: Any) -> Choices:
    """The choices of this case, today."""
    attachments = model.Session.scalars(
        sa.select(tables.attachment.c.id).where(tables.attachment.c.case_id == row.id)
    )
    return Choices(
        today=now.today(),
        resources={name: frozenset(columns) for name, (_title, columns) in files(row).items()},
        attachments=frozenset(attachments),
        references=frozenset(grant.id for grant in _grants(row)),
        colleagues=frozenset(people.members([row.organization_id], ("admin", "editor"))),
        articles=articles(row.jurisdiction, row.rules_day),
        terms_version=terms_of_use()[0].version,
        reason_length=reason_length(row.jurisdiction, row.rules_day),
    )


def entry(package_id: str | None) -> dict[str, Any] | None:
    """The catalogue entry of a case, or ``None`` when it is gone."""
    try:
        entry = tk.get_action("package_show")({"ignore_auth": True}, {"id": package_id})
    except tk.ObjectNotFound:
        return None
    return entry if entry["state"] == "active" else None


def is_there(package_id: str) -> bool:
    """Whether the entry still exists."""
    found = model.Package.get(package_id)
    return found is not None and found.state == model.State.ACTIVE


def files(row: Any) -> dict[str, tuple[str, list[str]]]:
    """The entry's files and tables by id, each with its name and columns."""
    found = entry(row.package_id)
    if found is None:
        return {}
    columns = [item["name"] for item in found.get("information_items") or [] if item.get("name")]
    listed = {
        resource["id"]: (resource.get("name") or resource["id"], columns)
        for resource in found.get("resources", [])
    }
    return listed or {WHOLE_ENTRY: (found["title"], columns)}


def articles(jurisdiction: str, day: Any) -> dict[str, str]:
    """The articles that a decision may cite, by id: those that bind on the day of receipt."""
    rules = current.rulebook()
    chain = rules.chain(jurisdiction, day)
    found: dict[str, str] = {}
    for level in () if isinstance(chain, Refusal) else chain:
        document = level.number or level.document.get("zh_Hans_CN", "")
        rulings = [*level.requires.values(), *level.terms.values()]
        for article in sorted({ruling.article for ruling in rulings if ruling.article}):
            found[f"{level.id}:{article}"] = f"{document} {article}"
    return found


def _grants(row: Any) -> list[Any]:
    """The applicant's grants of the same entry: one of them may be renewed."""
    return grants.of_user(model.Session, row.applicant_id, row.package_id or "-")


def reason_length(jurisdiction: str, day: Any) -> int:
    """The least number of characters of a reason, by the jurisdiction or the portal's own rule."""
    ruling = current.rulebook().clause(jurisdiction, "refusal", day)
    lengths = [] if isinstance(ruling, Refusal) else [ruling.clause.values.get("reason_min_length")]
    portal = current.rulebook().versions["portal"][-1].requires["refusal"]
    lengths.append(portal.values.get("reason_min_length"))
    return next(int(str(length)) for length in lengths if length)
