"""``table.py ROWS``: a table in the DataStore with so many rows; what is open of it is granted."""
from __future__ import annotations

import sys
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.datastore.backend.postgres import get_write_engine
from gate import CASE
from inside import answer, conditional_entry, organization, person, site, token

from ckanext.govdata import now
from ckanext.govdata.access import grants
from ckanext.govdata.domain.scope import Scope

OPEN = {"线路名称": "text", "客流量": "int", "站点名称": "text"}
CLOSED = {"驾驶员": "text", "手机号码": "text"}


def main() -> dict[str, Any]:
    """Where to fetch it, and the token of whoever may."""
    department, today = organization("table-department"), now.today()
    entry = conditional_entry("table-entry", department)
    resource, user = entry["resources"][0]["id"], person("table-reader")
    fields = [{"id": name, "type": kind} for name, kind in (OPEN | CLOSED).items()]
    tk.get_action("datastore_create")(
        site(), {"resource_id": resource, "force": True, "fields": fields}
    )
    names = ", ".join(f'"{name}"' for name in OPEN | CLOSED)
    with get_write_engine().begin() as connection:
        connection.execute(
            sa.text(
                f'INSERT INTO "{resource}" ({names})'
                " SELECT n % 300 || '路', n % 5000, '瑶海区第' || n % 900 || '站', '司机' || n,"
                " '0551-6262' || n % 10000 FROM generate_series(1, :rows) n"
            ),
            {"rows": int(sys.argv[1])},
        )
    case = "table-case"
    values = {"id": case, "department": department, "user": user, "day": today}
    model.Session.execute(CASE, values)
    scope = Scope((resource,), {resource: tuple(OPEN)}, today, today)
    grants.open_grant(
        model.Session,
        grants.Opening(case, "KF-1", user, entry["id"], department, scope, "", "", "download", "1"),
    )
    model.Session.commit()
    path = f"/dataset/{entry['name']}/resource/{resource}/download"
    return {"path": path, "token": token("table-reader")}


if __name__ == "__main__":
    answer(main)
