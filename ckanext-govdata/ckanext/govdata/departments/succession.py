"""A department ends and another takes over all that it has, in one transaction.

What there is to hand over, the slices know: each has a module ``handover`` with ``THINGS``,
``held`` (how many there are) and ``hand_over``; and ``hold`` where others lock what it writes
before they come to the ledger (decision 1622).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context

from .. import now, slices
from ..database import Session
from ..ledger import book
from ..notices.notice import Telling, tell
from ..security.callers import signed_in
from . import former_names, members
from .seats import HEAD, OFFICER

HOLD = sa.text("""
SELECT id FROM "group" WHERE id = ANY(:ids) AND is_organization ORDER BY id FOR UPDATE
""")
STAY = sa.text("""
SELECT id FROM "group"
WHERE id = ANY(:ids) AND is_organization AND state = 'active' ORDER BY id FOR KEY SHARE
""")
"""Stands in the way of :data:`HOLD` and of no other write."""
BELOW = sa.text("""
SELECT g.id, g.name, g.title FROM member m JOIN "group" g ON g.id = m.group_id
WHERE m.table_id = :id AND m.table_name = 'group' AND m.state = 'active'
AND g.state = 'active' AND g.is_organization ORDER BY g.name
""")
SEATS = sa.text("""
SELECT m.table_id AS user_id, m.capacity FROM member m
JOIN "user" u ON u.id = m.table_id AND u.state = 'active'
WHERE m.group_id = :id AND m.table_name = 'user' AND m.state = 'active' AND NOT EXISTS (
    SELECT FROM member o WHERE o.group_id = :heir AND o.table_id = m.table_id
    AND o.table_name = 'user' AND o.state = 'active')
ORDER BY m.table_id
""")
VACATE = sa.text("""
UPDATE member SET state = 'deleted'
WHERE group_id = :id AND table_name = 'user' AND state = 'active'
""")


def staying(department: sa.ColumnElement[str]) -> sa.CTE:
    """The same of one department, as a part of a statement: its id, or no row where it ended."""
    there = model.Group.id == department, model.Group.state == "active"
    held = sa.select(model.Group.id).where(*there).with_for_update(read=True, key_share=True)
    return held.cte("stays")


STAYS = staying(sa.bindparam("organization_id"))
"""For a statement that writes something into a department: no row, no writing."""


@dataclass(frozen=True)
class Succession:
    """Who takes over from whom, both by id and title, and by which document."""

    department: str
    title: str
    heir: str
    heir_title: str
    basis: str


def stay(session: Session, departments: Iterable[str]) -> frozenset[str]:
    """Those of the departments that are there, and do not end before this transaction does.

    Whoever puts something into one asks first: what is put there while it is handed over would be
    left behind. It waits for a succession that is under way.
    """
    return frozenset(session.scalars(STAY, {"ids": sorted(set(departments))}))


def insist(session: Session, departments: Iterable[str], field: str = "owner_org") -> None:
    """The same; raises ``ValidationError`` of that field where one has ended."""
    wanted = set(departments)
    if wanted - stay(session, wanted):
        raise ended(field)


def ended(field: str) -> tk.ValidationError:
    """That the department of that field is no more."""
    said = tk._("The department has ended meanwhile, and another has taken over what it had.")
    return tk.ValidationError({field: [said]})


def hold(session: Session, *departments: str) -> None:
    """Nobody else ends or changes these departments until the transaction is over."""
    session.execute(HOLD, {"ids": list(departments)})
    session.expire_all()


def holdings(session: Session, department: str) -> dict[str, int]:
    """How much a department has that its successor would take over, by kind."""
    found = {one.THINGS: one.held(session, department) for one in slices.modules("handover")}
    return {**found, "departments": len(session.execute(BELOW, {"id": department}).all())}


def carry_out(
    session: Session, context: Context, act: Succession, *, with_staff: bool
) -> dict[str, int]:
    """Hand all over and end the department; how many of each kind. Raises ``ValidationError``
    where a department below it does not fit below the successor."""
    told = dict.fromkeys(members.everybody([act.department, act.heir]))
    for one in reversed([*slices.modules("handover")]):  # entries before their cases
        if lock := getattr(one, "hold", None):
            lock(session, act.department)
    counts = {one.THINGS: one.hand_over(session, act) for one in slices.modules("handover")}
    counts["departments"] = _take_below(session, context, act)
    counts["staff"] = _seat(session, act) if with_staff else 0
    _end(session, act)
    facts = {**asdict(act), "day": now.today().isoformat(), **counts}
    entry = book.LedgerEntry(
        "department_succeeded", "organization", act.department, signed_in(context).id,
        {"successor": act.heir, "basis": act.basis, **counts},
    )  # fmt: skip
    book.write(session, [entry])
    key = f"department:{act.department}:succeeded:{now.now().isoformat()}"
    tell(session, [Telling(f"{key}:{u}", u, "department_succeeded", None, facts) for u in told])
    return counts


def _take_below(session: Any, context: Context, act: Succession) -> int:
    """What stands below the department stands below its successor."""
    heir, below = session.get(model.Group, act.heir), session.execute(
        BELOW, {"id": act.department}
    ).all()
    for one in below:
        quiet = Context(ignore_auth=True, user=signed_in(context).name, defer_commit=True)
        wanted = {"id": one.id, "groups": [{"name": heir.name}]}
        try:
            tk.get_action("organization_patch")(quiet, wanted)
        except tk.ValidationError as error:
            said = "; ".join(str(line) for line in error.error_summary.values())
            raise tk.ValidationError({"successor": [f"{one.title or one.name}: {said}"]}) from None
    return len(below)


def _seat(session: Session, act: Succession) -> int:
    """The department's people work for the successor; its heads as officers, since it has heads."""
    found = session.execute(SEATS, {"id": act.department, "heir": act.heir}).all()
    rows = [
        {
            "id": str(uuid.uuid4()),
            "table_name": "user",
            "table_id": row.user_id,
            "group_id": act.heir,
            "capacity": OFFICER if row.capacity == HEAD else row.capacity,
            "state": "active",
        }
        for row in found
    ]
    if rows:
        session.execute(sa.insert(model.member_table), rows)
    return len(rows)


def _end(session: Any, act: Succession) -> None:
    """The department is there no more; its names, also the one in addresses, lead to the other."""
    group = session.get(model.Group, act.department)
    former_names.inherit(session, act.department, act.heir, now.now())
    group.name = f"{group.name[:80]}-{act.department[:8]}"
    group.state = model.State.DELETED
    session.flush()
    session.execute(VACATE, {"id": act.department})


def lines(counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """What was or would be handed over, by label, for people."""
    labels = {
        "entries": tk._("Entries"),
        "cases": tk._("Open cases"),
        "grants": tk._("Running grants"),
        "events": tk._("Running emergencies"),
        "departments": tk._("Departments below it"),
        "staff": tk._("Its people"),
    }
    yield from ((label, counts[name]) for name, label in labels.items() if name in counts)
