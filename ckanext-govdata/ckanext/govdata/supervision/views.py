"""The auditor's page."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import Blueprint, Response

from ..ledger import book
from ..web import act, sign_in_first

supervision = Blueprint("govdata_supervision", __name__)
FILTERS = ("action", "object_type", "object_id", "actor")


def audit() -> Response | str:
    """What auditors read: figures, the state of the chain when asked, the ledger's entries."""
    sign_in_first()
    wanted = {name: tk.request.args.get(name, "") for name in (*FILTERS, "page")}
    asked = tk.request.method == "POST"
    found: dict[str, Any] = {
        "figures": act("govdata_audit_show"),
        "entries": act("govdata_ledger_list", **wanted),
        "head": act("govdata_ledger_head"),
        "verified": act("govdata_ledger_verify") if asked else None,
    }
    names = _accounts({one["actor"] for one in found["entries"]["results"]})
    more = {"wanted": wanted, "names": names, "actions": book.kinds(model.Session)}
    return tk.render("govdata/supervision/audit.html", extra_vars={**found, **more})


def _accounts(ids: set[str]) -> dict[str, str]:
    """Account names by id; not the names of persons."""
    query = sa.select(model.User.id, model.User.name).where(model.User.id.in_(ids))
    return {row.id: row.name for row in model.Session.execute(query)}


supervision.add_url_rule("/audit", "audit", audit, methods=["GET", "POST"])
blueprints = [supervision]
