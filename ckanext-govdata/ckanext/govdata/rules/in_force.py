"""The rules of this portal, and whose rules bind an organisation. Public to other slices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import ckan.model as model
from flask import g, has_request_context
from sqlalchemy import and_, select, text

from .. import now, settings
from ..domain.calendar import Calendar
from ..domain.jurisdiction import NATIONAL
from ..domain.refusal import Refusal
from ..domain.rulebook import LapseWarning, Rulebook, TermRuling, find_jurisdiction
from .rule_files import load_calendar, load_rulebook

Tree = Mapping[str, tuple[str, str]]
FIELD = "jurisdiction"
"""The organisation's field that names its jurisdiction; empty is inherited."""
TREE = "govdata_organisation_tree"
"""Where a request keeps the tree that it has read."""


def rulebook() -> Rulebook:
    """Every jurisdiction, the operator's files included."""
    return load_rulebook(settings.jurisdictions_directory())


def calendar() -> Calendar:
    """The working-day calendar, the operator's files included."""
    return load_calendar(settings.calendars_directory())


def jurisdiction_of(organisation: str) -> str:
    """The jurisdiction that binds an organisation, by its id, up the tree of organisations.

    Reads the organisations above it only, unless this request has read the whole tree already.
    """
    if has_request_context() and TREE in g:
        return find_jurisdiction(organisation, organisation_tree())[0]
    rows = model.Session.execute(ABOVE, {"id": organisation})
    return find_jurisdiction(organisation, _tree_of(rows))[0]


def provider(organisation: str) -> tuple[str, str] | None:
    """The title of an active organisation, by its id, and the jurisdiction that binds it."""
    rows = model.Session.execute(ABOVE, {"id": organisation}).all()
    title = next((row.title for row in rows if row.id == organisation and row.title), None)
    return (title, find_jurisdiction(organisation, _tree_of(rows))[0]) if title else None


def term_for(organisation: str, name: str, received: date | None = None) -> TermRuling | Refusal:
    """The term that binds an organisation (by its id) on a day of receipt, today by default."""
    day = received or now.today()
    return rulebook().term(jurisdiction_of(organisation), name, day)


def organisation_tree() -> Tree:
    """Every active organisation's id with (its parent's id, its own jurisdiction).

    One query, once a request.
    """
    if not has_request_context():
        return _read_tree()
    if TREE not in g:
        setattr(g, TREE, _read_tree())
    return getattr(g, TREE)


def _read_tree() -> Tree:
    group, member, extras = model.Group, model.Member, model.group_table.c.extras
    query = (
        select(group.id, member.table_id, extras[FIELD].astext)
        .outerjoin(
            member,
            and_(
                member.group_id == group.id,
                member.table_name == "group",
                member.state == model.State.ACTIVE,
            ),
        )
        .where(group.is_organization, group.state == model.State.ACTIVE)
    )
    return _tree_of(model.Session.execute(query))


def _tree_of(rows: Iterable[Any]) -> Tree:
    return {row[0]: (row[1] or "", (row[2] or "").strip()) for row in rows}


ABOVE = text(f"""
WITH RECURSIVE above(id, parent, own, title) AS (
    SELECT g.id, m.table_id, g.extras ->> '{FIELD}', coalesce(nullif(g.title, ''), g.name)
    FROM "group" g
    LEFT JOIN member m ON m.group_id = g.id AND m.table_name = 'group' AND m.state = 'active'
    WHERE g.id = :id AND g.is_organization AND g.state = 'active'
    UNION
    SELECT g.id, m.table_id, g.extras ->> '{FIELD}', '' FROM above
    JOIN "group" g ON g.id = above.parent AND g.is_organization AND g.state = 'active'
    LEFT JOIN member m ON m.group_id = g.id AND m.table_name = 'group' AND m.state = 'active'
    WHERE coalesce(btrim(above.own, E' \\t\\r\\n'), '') = ''
)
SELECT id, parent, own, title FROM above
""")  # noqa: S608
"""The organisations from one up to the first that has a jurisdiction; a circle ends by itself."""


def lapsing(day: date) -> tuple[LapseWarning, ...]:
    """Texts that the operator has to see to: they lapse soon, or have lapsed."""
    rules = rulebook()
    ruling = rules.clause(NATIONAL, "lapse_warning", day)
    within = 0 if isinstance(ruling, Refusal) else int(str(ruling.clause.values["days_before"]))
    return rules.lapsing(day, within)
