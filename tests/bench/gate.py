"""``gate.py GRANTS``: processor milliseconds that the gate needs for somebody with so many grants.

Asked outside of a request, so that nothing is remembered; the median of many.
"""
from __future__ import annotations

import statistics
import sys
import time
import uuid
from typing import Any

import sqlalchemy as sa
from ckan import model
from inside import answer, conditional_entry, organization, person

from ckanext.govdata import now
from ckanext.govdata.access import gate, grants
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.domain.scope import Scope

ASKED = 200
CASE = sa.text(
    "INSERT INTO govdata_case (id, kind, state, open, organization_id, jurisdiction, rules_day,"
    " applicant_id, opened, created, modified) VALUES (:id, 'open_application', 'approved', false,"
    " :department, 'yaohai', :day, :user, :day, now(), now())"
)


def main() -> dict[str, float]:
    """Grants of as many entries, and all of them of the one that is asked for."""
    department = organization("gate-department")
    entry = conditional_entry("gate-entry", department)
    resource, number = entry["resources"][0]["id"], int(sys.argv[1])
    readers = {name: person(f"reader-{name}") for name in ("one", "many", "same")}
    for name, user in readers.items():
        give(department, user, entry["id"], resource)
        for n in range(number if name != "one" else 0):
            give(department, user, entry["id"] if name == "same" else f"entry-{n}", f"file-{n}")
    model.Session.commit()
    model.Session.execute(sa.text("ANALYZE"))
    model.Session.commit()
    alone = asked(readers["one"], resource)
    many, same = (asked(readers[name], resource) for name in ("many", "same"))
    return {
        "of as many entries": many,
        "of one entry": same,
        "more than with one grant": max(many, same) - alone,
    }


def give(department: str, user: str, package: str, resource: str) -> None:
    """A grant as a decision opens it."""
    case, today = str(uuid.uuid4()), now.today()
    values = {"id": case, "department": department, "user": user, "day": today}
    model.Session.execute(CASE, values)
    scope = Scope((resource,), {resource: ("线路名称",)}, today, today)
    grants.open_grant(
        model.Session,
        grants.Opening(case, "r", user, package, department, scope, "", "", "download", "1"),
    )


def asked(user_id: str, resource: str) -> float:
    """Milliseconds of one question, the fastest quarter's median: what others take is not ours."""
    context: Any = {"auth_user_obj": model.User.get(user_id)}
    taken: list[float] = []
    for _ in range(ASKED):
        began = time.perf_counter()
        assert not isinstance(gate.allows(context, resource), Refusal)
        taken.append(time.perf_counter() - began)
    return statistics.median(sorted(taken)[: ASKED // 4]) * 1000


if __name__ == "__main__":
    answer(main)
