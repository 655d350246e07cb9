"""``filling.py COUNT``: copies of the demo's entries until there are so many; runs inside CKAN.

Prints what there is to be asked for. Entries that are there already are not made again.
"""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
from inside import answer, call
from many_entries import documents, make_copies, send

OFFICER, OWN = "huaining-officer", "huaining-rural-schools"
SAMPLED = 5_000
PUBLIC = "state = 'active' AND NOT private AND type = 'dataset'"
UPLOADS = """
SELECT r.package_id, r.id, r.url, coalesce(r.extras, '') LIKE '%"datastore_active": true%'
FROM resource r JOIN package p ON p.id = r.package_id
WHERE p.state = 'active' AND NOT p.private AND p.type = 'dataset' AND r.state = 'active'
    AND r.url_type = 'upload' AND p.extras ->> 'open_attribute' = 'unconditional' ORDER BY r.id
"""


def main() -> dict[str, Any]:
    """What there is once the portal is full."""
    wanted = int(sys.argv[1])
    there = _texts(f"SELECT id FROM package WHERE {PUBLIC}")
    if len(there) < wanted:
        make_copies(list(documents(there)), wanted)
        send([], tk.config["solr_url"], commit=True)
        model.Session.execute(sa.text("ANALYZE"))
        model.Session.commit()
    files = model.Session.execute(sa.text(UPLOADS)).all()
    return {
        "count": len(_texts(f"SELECT id FROM package WHERE {PUBLIC}")),
        "entries": _texts(
            f"SELECT name FROM package WHERE {PUBLIC} ORDER BY md5(name) LIMIT {SAMPLED}"),
        "departments": _texts(
            "SELECT name FROM \"group\" WHERE is_organization AND state = 'active' "
            "ORDER BY md5(name)"),
        "files": [f"/dataset/{one[0]}/resource/{one[1]}/download/{one[2]}" for one in files],
        "tables": [one[1] for one in files if one[3]],
        "token": str(call(OFFICER, "api_token_create", user=OFFICER, name="load")["token"]),
        "own": OWN,
    }


def _texts(statement: str) -> list[str]:
    return [str(one) for one in model.Session.execute(sa.text(statement)).scalars()]


if __name__ == "__main__":
    answer(main)
