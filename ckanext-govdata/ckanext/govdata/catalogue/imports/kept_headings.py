"""Settings of headings that departments keep: what an officer said that the columns of a sheet are,
applied to the next sheet with the same headings, in whatever order."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

import sqlalchemy as sa
from ckan.plugins import toolkit as tk
from sqlalchemy.dialects.postgresql import insert

from ... import database, now
from ...database import Session
from ...departments import members, tree
from ...domain import column_choice
from ..model import KeptHeadingsRow, kept_headings

MOST = 200
"""Settings that one department may keep."""
NEARLY = 0.6
"""So much of the headings in common, and settings are named as those that do not fit."""


@dataclass(frozen=True)
class KeptChoices:
    """Settings found for a sheet's headings. ``misfit`` names headings that a similar setting has
    and the sheet has not, or the other way round: then nothing is applied. ``several`` departments
    may mean different things by these headings: then neither. ``others``: rows of the sheet are of
    another department than the one that keeps them, whose entries they are not to change."""

    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    id: str = ""
    organization: str = ""
    by: str = ""
    saved: str = ""
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    several: bool = False
    others: bool = False


NOTHING_KEPT = KeptChoices()


class KeptHeadings(TypedDict):
    """Settings as an answer tells them."""

    id: str
    organization: str
    organization_title: str
    by: str
    saved: str
    headings: dict[str, str]


def fitting(session: Session, organizations: Collection[str], keys: Collection[str]) -> KeptChoices:
    """The settings that one of these departments keeps for these headings.

    Where several keep different ones, nothing is applied; where one nearly fits, it is named with
    the headings that keep it from fitting.
    """
    if not organizations:
        return NOTHING_KEPT
    table = kept_headings
    here = table.c.organization_id.in_(list(organizations))
    query = sa.select(table).where(here).order_by(table.c.saved.desc())
    rows = database.rows(session, query, KeptHeadingsRow)
    wanted = column_choice.heading_set(keys)
    exact = [row for row in rows if row.headings == wanted]
    if len({tuple(sorted(row.choices.items())) for row in exact}) > 1:
        return KeptChoices(several=True)
    if exact:
        return _kept(exact[0], exact[0].choices)
    near = max(rows, key=lambda row: _likeness(row.choices, keys), default=None)
    if near is None or _likeness(near.choices, keys) < NEARLY:
        return NOTHING_KEPT
    missing = tuple(key for key in near.choices if key not in keys)
    unknown = tuple(key for key in keys if key not in near.choices)
    return _kept(near, {}, missing, unknown)


def _likeness(choices: Collection[str], keys: Collection[str]) -> float:
    both, either = set(choices) & set(keys), set(choices) | set(keys)
    return len(both) / max(1, len(either))


def _kept(
    row: KeptHeadingsRow,
    choices: Mapping[str, str],
    missing: tuple[str, ...] = (),
    unknown: tuple[str, ...] = (),
) -> KeptChoices:
    by = _name_of(row.user_id)
    return KeptChoices(
        choices, row.id, row.organization_id, by, row.saved.isoformat(), missing, unknown
    )


def _name_of(user_id: str) -> str:
    return members.names([user_id]).get(user_id, "")


def keep(
    session: Session, organization: str, user_id: str, choices: Mapping[str, str]
) -> None:
    """Keep the settings of a whole sheet, in the place of those for the same headings.

    Raises ``ValidationError`` where the department keeps too many.
    """
    table = kept_headings
    digest = column_choice.heading_set(choices)
    others = sa.select(sa.func.count()).where(
        table.c.organization_id == organization, table.c.headings != digest
    )
    if int(session.scalar(others) or 0) >= MOST:
        said = tk._("The department keeps {most} settings already; remove one first.")
        raise tk.ValidationError({"organization": [said.format(most=MOST)]})
    row = KeptHeadingsRow(
        str(uuid.uuid4()), organization, digest, dict(choices), user_id, now.now()
    )
    new = insert(table).values(row._asdict())
    told = {name: new.excluded[name] for name in ("id", "choices", "user_id", "saved")}
    session.execute(
        new.on_conflict_do_update(index_elements=["organization_id", "headings"], set_=told)
    )


def of(session: Session, organizations: Collection[str]) -> list[KeptHeadingsRow]:
    """The settings that these departments keep, the newest first."""
    table = kept_headings
    here = table.c.organization_id.in_(list(organizations))
    query = sa.select(table).where(here).order_by(table.c.saved.desc())
    return database.rows(session, query, KeptHeadingsRow)


def find(session: Session, kept_id: str) -> KeptHeadingsRow | None:
    """The settings of that id."""
    query = sa.select(kept_headings).where(kept_headings.c.id == kept_id)
    return database.first(session, query, KeptHeadingsRow)


def forget(session: Session, kept_id: str) -> None:
    """Keep these settings no longer."""
    session.execute(sa.delete(kept_headings).where(kept_headings.c.id == kept_id))


def as_answer(row: KeptHeadingsRow) -> KeptHeadings:
    """For an answer."""
    department = tree.get(row.organization_id)
    return {
        "id": row.id,
        "organization": row.organization_id,
        "organization_title": department.title if department else "",
        "by": _name_of(row.user_id),
        "saved": row.saved.isoformat(),
        "headings": dict(row.choices),
    }
