"""``people.py CLIENTS``: a department with an officer and two heads, an entry, and applicants."""
from __future__ import annotations

import sys
from typing import Any

import ckan.plugins.toolkit as tk
from inside import answer, call, conditional_entry, organization, person, site, token

from ckanext.govdata.cases.terms import terms_of_use
from ckanext.govdata.domain.identity_number import check_digit


def main() -> dict[str, Any]:
    """Names with their tokens, and the entry that is applied for."""
    organization("bench-district", jurisdiction="yaohai", role="government")
    below: dict[str, Any] = {"groups": [{"name": "bench-district"}]}
    organization("bench-authority", role="authority", **below)
    department = organization("bench-department", **below)
    staff = {"officer": "editor", "head0": "admin", "head1": "admin"}
    applicants = [f"applicant{number}" for number in range(int(sys.argv[1]))]
    for name in (*staff, *applicants):
        person(name)
    for name, role in staff.items():
        member = {"id": department, "username": name, "role": role}
        tk.get_action("organization_member_create")(site(), member)
    for serial, name in enumerate(applicants):
        body = f"34010219800101{serial:03}"
        call(name, "govdata_identity_update", kind="person", name="王小明",
             number=body + check_digit(body))
    entry = conditional_entry("bench-entry", department)
    return {
        "tokens": {name: token(name) for name in (*staff, *applicants)},
        "entry": entry["id"],
        "resource": entry["resources"][0]["id"],
        "terms": terms_of_use()[0].version,
    }


if __name__ == "__main__":
    answer(main)
