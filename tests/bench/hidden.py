"""``hidden.py COUNT``: so many things of each kind that strangers may not know of; their names."""
from __future__ import annotations

import sys
import uuid
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from inside import answer, call, conditional_entry, organization, person, site

from ckanext.govdata.domain.identity_number import check_digit

WORD = "鹦鹉螺"
"""Stands in hidden entries alone."""


def main() -> dict[str, Any]:
    """By kind of thing, the identifiers of each: entries by name with their files, the rest."""
    department, number = organization("oracle-department"), int(sys.argv[1])
    entries = {
        kind: [entry(f"oracle-{kind}-{n:02}", department, kind) for n in range(number)]
        for kind in ("private", "draft", "deleted", "non_open")
    }
    gone = [organization(f"oracle-gone-{n:02}") for n in range(number)]
    for one in gone:
        tk.get_action("organization_delete")(site(), {"id": one})
    people = [f"oracle-person-{n:02}" for n in range(number)]
    for name in people:
        person(name)
    body = "34010219800101001"
    call(people[0], "govdata_identity_update", kind="person", name="王小明",
         number=body + check_digit(body))
    open_one = conditional_entry("oracle-conditional", department)["id"]
    case = call(people[0], "govdata_case_create", kind="open_application", dataset_id=open_one)
    return {
        "entries": entries,
        "organizations": [f"oracle-gone-{n:02}" for n in range(number)],
        "people": people,
        "cases": [case["id"]],
        "word": WORD,
    }


def entry(name: str, department: str, kind: str) -> list[str]:
    """An entry that is hidden in this way, with a file that is a table: name and the file's id."""
    made = conditional_entry(name, department)
    file = made["resources"][0]["id"]
    tk.get_action("datastore_create")(site(), {
        "resource_id": file, "force": True, "fields": [{"id": "线路名称", "type": "text"}],
        "records": [{"线路名称": uuid.uuid4().hex} for _ in range(20)],
    })
    title = {"id": made["id"], "title": f"{WORD}{name}"}
    if kind == "deleted":
        tk.get_action("package_delete")(site(), {"id": made["id"]})
    elif kind == "non_open":
        closed = {"open_attribute": "non_open",
                  "open_basis": "《中华人民共和国政府信息公开条例》第十五条"}  # fmt: skip
        tk.get_action("package_patch")(site(), {"id": made["id"], **closed})
    elif kind == "private":
        tk.get_action("package_patch")(site(), {**title, "private": True})
    else:
        package = model.Package.get(made["id"])
        if package is not None:
            package.state = "draft"
        model.Session.commit()
    return [name, file]


if __name__ == "__main__":
    answer(main)
