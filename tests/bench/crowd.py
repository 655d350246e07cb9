"""A portal full of cases, made by statements, and the sweep over them timed inside its process.

``crowd.py CASES`` runs in a process of the portal (``CKAN_INI``) and prints JSON. Half of a
minute would go into starting CKAN and making cases, so only the sweep itself is timed.
"""
from __future__ import annotations

import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from inside import answer, organization

from ckanext.govdata import now
from ckanext.govdata.cases.engine import event_rows
from ckanext.govdata.cases.time.sweep import sweep
from ckanext.govdata.domain.calendar import shift_working_days
from ckanext.govdata.domain.case import Running
from ckanext.govdata.domain.clock import Unit
from ckanext.govdata.rules import in_force

DEPARTMENTS = 40
TODAY = date(2026, 3, 4)
"""A Wednesday far from any holiday."""
SPREAD = 10
"""Working days over which the due days are spread: the term of Yaohai 17."""

CASE = """
INSERT INTO govdata_case (id, kind, reference, state, open, package_id, package_title,
    organization_id, organization_title, jurisdiction, rules_day, applicant_id, opened, received,
    due, due_clock, version, created, modified)
SELECT 'bench-' || :part || '-' || n, 'open_application', 'KF-B-' || :part || '-' || n,
    'accepted', true, 'p' || n % 1000, '公交线路客流', (:organizations)[n % :departments + 1],
    '瑶海区测试局', 'yaohai', :received, 'applicant-' || n % 5000, :received, :received,
    :due, 'decide', 1, now(), now()
FROM generate_series(1, :count) n
"""
EVENT = """
INSERT INTO govdata_case_event (case_id, number, name, command, actor_id, role, day, at, state,
    fields, clocks)
SELECT id, 1, 'accepted', 'accept', '', 'officer', received, now(), state, '{}', :clocks
FROM govdata_case WHERE id LIKE :like
"""


def main() -> dict[str, Any]:
    """Make so many open cases, then sweep as the scheduler does; seconds of each sweep."""
    fill(offices(), int(sys.argv[1]))
    model.Session.execute(sa.text("ANALYZE"))
    model.Session.commit()
    return {
        "day": timed(TODAY),
        "again": timed(TODAY),
        "next day": timed(TODAY + timedelta(days=1)),
        "a week off": timed(TODAY + timedelta(days=9)),
    }


def timed(today: date) -> dict[str, Any]:
    """One sweep: its counts, seconds, and CPU seconds of this process and of its database's."""
    now.move(today)
    connection: Any = model.Session.connection().connection.dbapi_connection
    server = connection.get_backend_pid()  # the pool has one connection, which the sweep keeps
    wall, used = time.perf_counter(), time.process_time() + database(server)
    counts = sweep(model.Session, today).counts
    cpu = time.process_time() + database(server) - used
    now.move(None)
    return {"seconds": time.perf_counter() - wall, "cpu": cpu, "load": os.getloadavg()[0], **counts}


def database(process: int) -> float:
    """Seconds of processor time that a process of the database on this machine has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def offices() -> list[str]:
    """Departments with an officer and a head each, and the authority above them."""
    district = organization("crowd-district", jurisdiction="yaohai", role="government")
    below: dict[str, Any] = {"groups": [{"name": "crowd-district"}]}
    authority = organization("crowd-authority", role="authority", **below)
    found = [organization(f"crowd-department-{n}", **below) for n in range(DEPARTMENTS)]
    for place, capacity in [
        (district, "admin"), (authority, "admin"),
        *((one, capacity) for one in found for capacity in ("admin", "editor")),
    ]:
        user = model.User(
            name=f"u-{place[:18]}-{capacity}", email=f"{place}@{capacity}.invalid"
        )
        model.Session.add(user)
        model.Session.flush()
        model.Session.add(
            model.Member(
                group=model.Group.get(place), table_name="user", table_id=user.id,
                capacity=capacity,
            )
        )
    model.Session.commit()
    return found


def fill(organizations: list[str], count: int) -> None:
    """So many cases that are due, evenly, from the day before ``TODAY`` on."""
    calendar = in_force.calendar()
    for part in range(SPREAD):
        due = shift_working_days(calendar, TODAY, part - 1)
        received = shift_working_days(calendar, TODAY, part - 11)
        assert isinstance(due, date)
        assert isinstance(received, date)
        clock = Running(received, 10, Unit.WORKING_DAYS, due, "第十七条", "瑶政办〔2024〕2号")
        model.Session.execute(
            sa.text(CASE).bindparams(
                sa.bindparam("organizations", organizations, sa.ARRAY(sa.Text))
            ),
            {
                "part": str(part), "departments": DEPARTMENTS, "received": received, "due": due,
                "count": count // SPREAD,
            },
        )
        model.Session.execute(
            sa.text(EVENT),
            {"clocks": event_rows.clocks_text({"decide": clock}), "like": f"bench-{part}-%"},
        )
    model.Session.commit()


if __name__ == "__main__":
    answer(main)
