"""Open, find, suspend and revoke grants. Public to other slices."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa
from ckan.model import package_table
from sqlalchemy.dialects.postgresql import insert

from .. import database, now
from ..database import Session
from ..departments import succession
from ..domain.grant import Grant
from ..domain.scope import Scope
from ..ledger import book
from . import model
from .grantable import WHOLE_ENTRY
from .model import GrantRow


@dataclass(frozen=True)
class Opening:
    """What a decision opens: on which case, for whom, of which entry."""

    case_id: str
    reference: str
    holder_id: str
    package_id: str
    organization_id: str
    scope: Scope
    purpose: str
    conditions: str
    delivery: str
    terms_version: str


PACKAGE = package_table
GIVEN = (
    "id", "case_id", "reference", "holder_id", "package_id", "organization_id", "resources",
    "columns", "row_limit", "purpose", "conditions", "delivery", "terms_version", "valid_from",
    "valid_until", "suspended", "ended_reason", "created",
)
"""The columns of a grant that a decision fills."""
_NEW = insert(model.grant).from_select(
    GIVEN,
    sa.select(*(sa.bindparam(one, type_=model.grant.c[one].type) for one in GIVEN)).select_from(
        succession.STAYS
    ),
)
ADD_GRANT = _NEW.on_conflict_do_update(
    index_elements=["case_id"],
    index_where=model.grant.c.revoked.is_(None),
    set_={one: _NEW.excluded[one] for one in GIVEN if one not in ("id", "case_id", "created")},
).returning(model.grant.c.id)
"""A case has one running grant: what is decided anew takes the place of what was before."""
_COLUMNS = ", ".join(f"g.{name}" for name in GrantRow._fields)
ADD_MEMBER = insert(model.member).on_conflict_do_nothing()


def open_grant(session: Session, opening: Opening) -> tuple[str, book.LedgerEntry]:
    """Write the grant in the transaction of the decision; its id and the ledger's entry.

    Raises ``ValidationError`` where the department that gives it ends in this instant: a
    successor would not know of it, and the grant would wait for nobody's confirmation.
    """
    scope = opening.scope
    grant_id = session.scalar(
        ADD_GRANT,
        {
            "id": str(uuid.uuid4()),
            "case_id": opening.case_id,
            "reference": opening.reference,
            "holder_id": opening.holder_id,
            "package_id": opening.package_id,
            "organization_id": opening.organization_id,
            "resources": json.dumps(scope.resources),
            "columns": json.dumps(dict(scope.columns)),
            "row_limit": scope.row_limit,
            "purpose": opening.purpose,
            "conditions": opening.conditions,
            "delivery": opening.delivery,
            "terms_version": opening.terms_version,
            "valid_from": scope.valid_from,
            "valid_until": scope.valid_until,
            "suspended": None,
            "ended_reason": "",
            "created": now.now(),
        },
    )
    if grant_id is None:
        raise succession.ended("organization")
    session.execute(ADD_MEMBER, {"grant_id": grant_id, "user_id": opening.holder_id})
    facts = {
        "reference": opening.reference,
        "resources": list(scope.resources),
        "columns": dict(scope.columns),
        "from": scope.valid_from.isoformat(),
        "until": scope.valid_until.isoformat(),
        "row_limit": scope.row_limit,
    }
    return grant_id, book.LedgerEntry("grant_opened", "grant", grant_id, "", facts)


def of_user(session: Session, user_id: str, package_id: str = "") -> list[Grant]:
    """The grants that a user holds or is a member of, newest first; two indexed queries."""
    query = (
        sa.select(model.grant)
        .join(model.member, model.member.c.grant_id == model.grant.c.id)
        .where(model.member.c.user_id == user_id)
        .order_by(model.grant.c.created.desc())
    )
    if package_id:
        query = query.where(model.grant.c.package_id == package_id)
    rows = database.rows(session, query, GrantRow)
    names = members(session, [row.id for row in rows])
    return [as_grant(row, names.get(row.id, frozenset())) for row in rows]


def get(session: Session, grant_id: str) -> Grant | None:
    """One grant with its named members, and whether its holder's account stands."""
    found = session.execute(ONE, {"id": grant_id}).first()
    if found is None:
        return None
    return _with_holder(found, members(session, [grant_id]).get(grant_id, frozenset()))


def provider() -> sa.ColumnElement[str]:
    """The column of who answers for a grant: whoever provides its entry now, to be joined by
    :func:`with_entry`. What the grant itself says is who has confirmed it last."""
    return sa.func.coalesce(PACKAGE.c.owner_org, model.grant.c.organization_id)


def owing(today: date, days: int) -> sa.ColumnElement[bool]:
    """Whether the report of a grant is owed: ``domain.grant.owes_report`` for the database."""
    ended = sa.func.least(model.grant.c.revoked, model.grant.c.valid_until)  # passes over NULL
    return sa.and_(model.grant.c.reported.is_(None), ended < today - timedelta(days=days))


def with_entry() -> sa.Join:
    """Grants with their entries, of which some may be purged."""
    return model.grant.outerjoin(PACKAGE, PACKAGE.c.id == model.grant.c.package_id)


ONE = sa.text(f"""
SELECT {_COLUMNS}, h.state IS NOT NULL AS holder_there FROM govdata_grant g
LEFT JOIN "user" h ON h.id = g.holder_id AND h.state = 'active'
WHERE g.id = :id
""")  # noqa: S608


def of_case(session: Session, case_id: str) -> str | None:
    """The id of the grant that a case's decision opened."""
    return session.scalar(OF_CASE, {"case": case_id})


OF_CASE = (
    sa.select(model.grant.c.id)
    .where(model.grant.c.case_id == sa.bindparam("case"))
    .order_by(model.grant.c.created.desc())
    .limit(1)
)


def running_of_case(session: Session, case_id: str) -> GrantRow | None:
    """The grant of a case that nobody has ended."""
    table = model.grant
    query = sa.select(table).where(table.c.case_id == case_id, table.c.revoked.is_(None))
    return database.first(session, query, GrantRow)


def of_reader(session: Session, user_id: str, package_id: str, resource_id: str) -> list[Grant]:
    """The grants under which a user might read one resource, the likeliest first; one query.

    At most fifty: somebody with thousands is not made to wait.
    """
    values = {
        "user": user_id,
        "package": package_id,
        "resource": json.dumps(resource_id),
        "today": now.today(),
    }
    rows = session.execute(OF_READER, values)
    return [_with_holder(row, frozenset({user_id})) for row in rows]


OF_READER = sa.text(f"""
SELECT {_COLUMNS}, h.state IS NOT NULL AS holder_there FROM govdata_grant g
JOIN govdata_grant_member m ON m.grant_id = g.id AND m.user_id = :user
LEFT JOIN "user" h ON h.id = g.holder_id AND h.state = 'active'
WHERE g.package_id = :package AND CAST(g.resources AS jsonb) @> CAST(:resource AS jsonb)
ORDER BY g.revoked IS NOT NULL OR g.suspended IS NOT NULL OR h.state IS NULL,
    g.valid_from > :today, g.valid_until DESC, g.id
LIMIT 50
""")  # noqa: S608
"""Made once: with every file that is asked for, it would cost more to make than to answer.

Found by the reader or by the file (``ix_govdata_grant_resources``), whichever has fewer grants.
"""


def running(session: Session, user_id: str) -> list[tuple[str, date]]:
    """Grants that a user holds or is named in and that have not ended: reference and last day."""
    return [tuple(row) for row in session.execute(RUNNING, {"user": user_id, "today": now.today()})]


RUNNING = (
    sa.select(model.grant.c.reference, model.grant.c.valid_until)
    .join(model.member, model.member.c.grant_id == model.grant.c.id)
    .where(
        model.member.c.user_id == sa.bindparam("user"),
        model.grant.c.revoked.is_(None),
        model.grant.c.valid_until >= sa.bindparam("today"),
    )
    .order_by(model.grant.c.valid_until.desc())
    .limit(10)
)


def members(session: Session, ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """The named users of each grant."""
    found: dict[str, set[str]] = {}
    query = sa.select(model.member).where(model.member.c.grant_id.in_(ids))
    for row in session.execute(query) if ids else ():
        found.setdefault(row.grant_id, set()).add(row.user_id)
    return {grant_id: frozenset(users) for grant_id, users in found.items()}


def as_grant(row: GrantRow, users: frozenset[str]) -> Grant:
    """The pure grant of a row."""
    columns = {name: tuple(listed) for name, listed in json.loads(row.columns).items()}
    scope = Scope(
        tuple(json.loads(row.resources)), columns, row.valid_from, row.valid_until, row.row_limit
    )
    return Grant(
        row.id,
        row.case_id,
        row.holder_id,
        scope,
        row.purpose,
        row.delivery,
        row.terms_version,
        users,
        row.suspended,
        row.revoked,
        row.reported,
        row.package_id,
        row.organization_id,
    )


def _with_holder(found: Sequence[object], users: frozenset[str]) -> Grant:
    """The grant of a row that says at its end whether the holder's account stands."""
    return replace(as_grant(GrantRow._make(found[:-1]), users), holder_there=found[-1])


def add_member(session: Session, grant_id: str, user_id: str, actor_id: str) -> bool:
    """Name one more user of an organisation's grant; whether he was not named before."""
    statement = insert(model.member).values(grant_id=grant_id, user_id=user_id)
    added = session.execute(
        statement.on_conflict_do_nothing().returning(model.member.c.user_id)
    ).first()
    if added:
        _write(session, "grant_member_added", grant_id, actor_id, user_id)
    return added is not None


def remove_member(session: Session, grant_id: str, user_id: str, actor_id: str) -> bool:
    """A named user may not use the grant any more; whether he was named."""
    table = model.member
    removed = session.execute(
        sa.delete(table)
        .where(table.c.grant_id == grant_id, table.c.user_id == user_id)
        .returning(table.c.user_id)
    ).first()
    if removed:
        _write(session, "grant_member_removed", grant_id, actor_id, user_id)
    return removed is not None


def _write(session: Session, action: str, grant_id: str, actor_id: str, user_id: str) -> None:
    book.write(session, [book.LedgerEntry(action, "grant", grant_id, actor_id, {"user": user_id})])


def end(
    session: Session, grant_id: str, how: str, reason: str, actor_id: str, day: date
) -> None:
    """Revoke, suspend, or lift a suspension (``how``: ``revoked``, ``suspended``, ``lifted``)."""
    book.write(session, [ended(session, grant_id, how, reason, actor_id, day)])


def ended(
    session: Session, grant_id: str, how: str, reason: str, actor_id: str, day: date
) -> book.LedgerEntry:
    """The same, for whoever writes its entry of the ledger with others."""
    lifted = how == "lifted"
    values = {"suspended": None} if lifted else {how: day}
    session.execute(
        sa.update(model.grant)
        .where(model.grant.c.id == grant_id)
        .values({**values, "ended_reason": reason})
    )
    action = "grant_suspended_lifted" if lifted else f"grant_{how}"
    return book.LedgerEntry(action, "grant", grant_id, actor_id, {"reason": reason})


def unended(
    session: Session, package_id: str, today: date, *, lock: bool = True
) -> list[GrantRow]:
    """The rows of an entry's grants that are neither revoked nor over, locked to be changed."""
    table = model.grant
    query = sa.select(table).where(
        table.c.package_id == package_id, table.c.revoked.is_(None), table.c.valid_until >= today
    )
    return database.rows(session, query.with_for_update() if lock else query, GrantRow)


def suspended_before(session: Session, today: date, grant_id: str = "") -> list[GrantRow]:
    """The rows of the grants that were suspended before a day and are neither revoked nor over; of
    the one of that id, locked to be changed."""
    table = model.grant
    query = sa.select(table).where(
        table.c.suspended < today, table.c.revoked.is_(None), table.c.valid_until >= today
    )
    if grant_id:
        query = query.where(table.c.id == grant_id).with_for_update()
    return database.rows(session, query.order_by(table.c.case_id), GrantRow)


def files_needed(scope: Scope) -> list[str]:
    """The files without all of which a grant gives nothing: none where the whole entry was granted,
    whose files come and go."""
    return [] if WHOLE_ENTRY in scope.resources else list(scope.resources)


def name_files(session: Session, row: GrantRow, files: Collection[str], actor_id: str) -> None:
    """Name in a grant of a whole entry, which had no file when it was granted, those that are there
    now, each with the columns that were granted; those that come later are named then."""
    known: list[str] = json.loads(row.resources)
    named = sorted({*files, WHOLE_ENTRY})
    if WHOLE_ENTRY not in known or named == sorted(known):
        return
    columns: dict[str, list[str]] = json.loads(row.columns)
    each = {one: columns[WHOLE_ENTRY] for one in named if WHOLE_ENTRY in columns}
    values = {"resources": json.dumps(named), "columns": json.dumps(each)}
    session.execute(sa.update(model.grant).where(model.grant.c.id == row.id).values(values))
    facts = {"resources": [one for one in named if one != WHOLE_ENTRY]}
    book.write(
        session, [book.LedgerEntry("grant_files_named", "grant", row.id, actor_id, facts)]
    )


def take_over(session: Session, row: GrantRow, organization_id: str, actor_id: str) -> None:
    """Another department provides the entry now, and confirms the grant by lifting its
    suspension."""
    session.execute(
        sa.update(model.grant)
        .where(model.grant.c.id == row.id)
        .values(organization_id=organization_id)
    )
    facts = {"from": row.organization_id, "to": organization_id}
    book.write(session, [book.LedgerEntry("grant_taken_over", "grant", row.id, actor_id, facts)])
