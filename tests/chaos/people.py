"""``python -m tests.chaos.people``: who acts, in a process of the portal (``CKAN_INI``)."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.govdata.cases.terms import terms_of_use
from ckanext.govdata.domain.identity_number import check_digit

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
import inside

STAFF = {"officer": "editor", "head": "admin"}
APPLICANTS = ("applicant0", "applicant1")


def main() -> dict[str, Any]:
    """Names with their tokens, and what is applied for and written to."""
    inside.organization("chaos-district", jurisdiction="yaohai", role="government")
    below: dict[str, Any] = {"groups": [{"name": "chaos-district"}]}
    department = inside.organization("chaos-department", **below)
    for name in (*STAFF, *APPLICANTS, "auditor"):
        inside.person(name)
    for name, role in STAFF.items():
        member = {"id": department, "username": name, "role": role}
        tk.get_action("organization_member_create")(inside.site(), member)
    for serial, name in enumerate(APPLICANTS):
        body = f"34010219800101{serial:03}"
        number = body + check_digit(body)
        inside.call(name, "govdata_identity_update", kind="person", name="王小明", number=number)
    entry = inside.conditional_entry("chaos-conditional", department)
    return {
        "tokens": {name: inside.token(name) for name in (*STAFF, *APPLICANTS, "auditor")},
        "department": department,
        "entry": entry["id"],
        "resource": entry["resources"][0]["id"],
        "terms": terms_of_use()[0].version,
    }


if __name__ == "__main__":
    inside.answer(main)
