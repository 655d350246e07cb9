"""Power is given from above (``domain/power.py``): each change of a department or of its members
is judged when it is kept, on whatever way it came, by what the ledger is about to say of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.engine import Row

from ... import metadata_schema, settings
from ...access import gate, operator_rights
from ...access.power_rules import powers
from ...database import Session
from ...departments import members, succession, tree
from ...domain import power
from ...domain.power import Body, DepartmentChange, Trees
from ...domain.refusal import Refusal
from ...ledger.actors import LedgerActor
from . import power_sentences as words

NOTED = sa.text("""
SELECT object_type, object_id, action, facts FROM govdata_change
WHERE transaction = txid_current() AND object_type IN ('organization', 'user') ORDER BY id
""")
OPERATED = sa.text("""
SELECT n.object_type, n.object_id, n.action, n.facts FROM govdata_change n
LEFT JOIN package p ON n.object_type = 'dataset' AND p.id = n.object_id
WHERE n.transaction = txid_current() AND n.object_type IN ('dataset', 'file', 'stored_file')
    AND (p.id IS NULL OR p.type = 'dataset' OR n.facts -> 'changes' ? 'type') ORDER BY n.id
""")
OWNED = sa.text("""
SELECT owner_type FROM file_owner WHERE file_id = :file AND owner_type IN ('package', 'resource')
""")
OPERATES = sa.text("""SELECT sysadmin AND state = 'active' FROM "user" WHERE id = :user""")
SEATED = sa.text("""
SELECT u.name, coalesce(g.title, g.name) FROM "user" u
JOIN member m ON m.table_id = u.id AND m.table_name = 'user' AND m.state = 'active'
JOIN "group" g ON g.id = m.group_id AND g.is_organization AND g.state = 'active'
WHERE u.sysadmin AND u.id IN :users LIMIT 1
""").bindparams(sa.bindparam("users", expanding=True))
FOREIGN = sa.text("""
SELECT p.name FROM package p WHERE p.id = :package AND p.owner_org IS DISTINCT FROM :body
""")


def table() -> list[str]:
    """Who sets what of a department and names whom: lines of Markdown."""
    return list(power.markdown(powers(), list(metadata_schema.department_fields())))


def judge(session: Any, actor: LedgerActor) -> None:
    """Raise for what the actor may not change of departments, members and accounts."""
    if not settings.is_portal():
        return
    operates = gate.operates(session.get(model.User, actor.user_id)) and not actor.trusted
    if operates:
        _refuse_operators_acts(session, actor)
    noted = session.execute(NOTED).all()
    if not noted:
        return
    _refuse_seated_operators(session, noted)
    after = tree.bodies(session)
    _refuse_faults(noted, after)
    if actor.trusted:
        return
    _refuse_what_is_left_behind(session, noted)
    _refuse_auditors_names(noted)
    if operates:
        _refuse_operators_passwords(noted, actor)
    with session.get_bind().connect() as before:  # what was committed before this transaction
        if before.scalar(OPERATES, {"user": actor.user_id}):
            return
        headed = members.headed_by(actor.user_id, before)
        trees = Trees(tree.bodies(before), after, headed)
    _refuse_accounts(noted)
    _refuse_foreign_entries(session, noted, trees.after)
    _refuse(noted, trees)


def _changes(noted: Sequence[Row], bodies: Mapping[str, Body]) -> Iterator[DepartmentChange]:
    """What was noted of departments, as the core judges it."""
    for row in noted:
        if row.object_type != "organization" or row.object_id not in bodies:
            continue
        facts, changed = row.facts, row.facts["changes"]
        kind = facts.get("table_name")
        if kind is None:
            yield DepartmentChange(row.object_id, {name: _to(one) for name, one in changed.items()})
        elif kind == "user":
            capacities = {facts["capacity"], (changed.get("capacity") or {}).get("from")} - {None}
            yield DepartmentChange(row.object_id, {}, frozenset(capacities), facts["table_id"])
        elif kind == "group":
            yield DepartmentChange(row.object_id, {"parent": facts["table_id"]})


def _refuse(noted: Sequence[Row], trees: Trees) -> None:
    bodies = {**trees.before, **trees.after}
    found = [
        (change.body, refusal)
        for change in _changes(noted, bodies)
        for refusal in power.judge(change, trees, powers())
    ]
    seats = [(body, one) for body, one in found if one.field == "capacity"]
    fields = {one.field: [_say(one, body, trees)] for body, one in found if one.field != "capacity"}
    if fields:
        raise tk.ValidationError({**fields})
    if seats:
        raise tk.NotAuthorized(_say(seats[0][1], seats[0][0], trees))


def _say(refusal: Refusal, body: str, trees: Trees) -> str:
    known = trees.before if body in trees.before else trees.after
    rules = power.jurisdiction(known, body)
    return words.say(refusal, rules, power.above(known, body), powers().basis)


def _refuse_seated_operators(session: Session, noted: Sequence[Row]) -> None:
    """The operator holds no seat: neither he who has one becomes operator, nor the other way."""
    users = {row.object_id for row in noted if row.object_type == "user"}
    users |= {row.facts["table_id"] for row in noted if row.facts.get("table_name") == "user"}
    seated = session.execute(SEATED, {"users": list(users)}).first() if users else None
    if seated:
        raise tk.ValidationError({"sysadmin": [words.seated(*seated)]})


def _refuse_faults(noted: Sequence[Row], after: Mapping[str, Body]) -> None:
    """What nobody may make: a second authority of a place, a second parent."""
    bodies = {row.object_id for row in noted if row.object_type == "organization"}
    for body in bodies & set(after):
        other = power.equals(after, body, powers().offices)
        if other and _touched(noted, body, {"role", "region", "state"}):
            raise tk.ValidationError({"role": [words.taken(after[body].role, other)]})
        moved = any(
            row.object_id == body and row.facts.get("table_name") == "group" for row in noted
        )
        if moved and after[body].active and len(after[body].parents) > 1:
            raise tk.ValidationError({"parent": [words.two_parents()]})


def _touched(noted: Sequence[Row], body: str, fields: set[str]) -> bool:
    return any(row.object_id == body and fields & set(row.facts["changes"]) for row in noted)


def _refuse_operators_acts(session: Session, actor: LedgerActor) -> None:
    """Whoever operates the portal takes entries from the public and does nothing else to them."""
    for row in session.execute(OPERATED).all():
        if row.object_type == "stored_file":
            owners = {_to(row.facts["changes"].get("owner_type"))}
            owners |= set(session.scalars(OWNED, {"file": row.object_id}))
            if owners & {"package", "resource"}:
                raise tk.NotAuthorized(operator_rights.words())
            continue
        changes = {name: _to(one) for name, one in row.facts["changes"].items()}
        found = powers().operator.beyond(row.action, changes)
        if found:
            raise tk.ValidationError({one.field or row.action: [words.entry(one)] for one in found})


def _refuse_operators_passwords(noted: Sequence[Row], actor: LedgerActor) -> None:
    """A password that somebody else chose is known to two: its owner chooses it, by a letter."""
    for row in noted:
        changed = row.facts["changes"] if row.object_type == "user" else {}
        another = row.action == "user_changed" and row.object_id != actor.user_id
        if another and "password" in changed:
            raise tk.ValidationError({"password": [words.password()]})


def _refuse_what_is_left_behind(session: Session, noted: Sequence[Row]) -> None:
    """No department ends with entries, open cases or grants: another takes over from it."""
    for row in noted:
        changed = row.facts["changes"] if row.object_type == "organization" else {}
        ends = row.facts.get("table_name") is None and (
            row.action == "organization_purged" or _to(changed.get("state")) == "deleted"
        )
        left = succession.holdings(session, row.object_id) if ends else {}
        if any(left.values()):
            raise tk.ValidationError({"state": [words.left_behind(left)]})


def _refuse_auditors_names(noted: Sequence[Row]) -> None:
    """An auditor is known by his account's name: no account gives that up or comes to it later."""
    for row in noted:
        renamed = row.facts["changes"].get("name") if row.object_type == "user" else None
        names = {(renamed or {}).get("from"), _to(renamed)}
        if renamed and renamed.get("from") and names & set(settings.auditors()):
            raise tk.ValidationError({"name": [tk._("This name is not available.")]})


def _refuse_accounts(noted: Sequence[Row]) -> None:
    """Nobody calls himself as an auditor does, nor makes an operator."""
    for row in noted:
        changed = row.facts["changes"] if row.object_type == "user" else {}
        if _to(changed.get("sysadmin")) == "true":
            raise tk.NotAuthorized(tk._("Only the portal's operator makes operators."))
        if "name" in changed and _to(changed["name"]) in settings.auditors():
            raise tk.ValidationError({"name": [tk._("This name is not available.")]})


def _refuse_foreign_entries(
    session: Session, noted: Sequence[Row], after: Mapping[str, Body]
) -> None:
    """An entry stands among those of its own department only."""
    for row in noted:
        facts = row.facts
        if facts.get("table_name") != "package" or row.object_id not in after:
            continue
        values = {"package": facts["table_id"], "body": row.object_id}
        stands = facts["state"] == "active" and row.action != "member_removed"
        name = session.scalar(FOREIGN, values) if stands else None
        if name:
            raise tk.ValidationError({"packages": [words.foreign(name)]})


def _to(changed: Mapping[str, object] | None) -> str:
    return str((changed or {}).get("to") or "")
