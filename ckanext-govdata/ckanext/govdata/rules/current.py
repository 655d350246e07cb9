"""The rules of this portal, and whose rules bind an organisation. Public to other slices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ckan.model as model
from flask import g, has_request_context
from sqlalchemy import and_, select

from .. import now, settings
from ..domain.calendar import Calendar
from ..domain.jurisdiction import NATIONAL
from ..domain.refusal import Refusal
from ..domain.rulebook import LapseWarning, Rulebook, TermRuling, find_jurisdiction
from .loading import load_calendar, load_rulebook

Tree = Mapping[str, tuple[str, str]]
FIELD = "jurisdiction"
"""The organisation's field that names its jurisdiction; empty is inherited."""


def rulebook() -> Rulebook:
    """Every jurisdiction, the operator's files included."""
    return load_rulebook(settings.jurisdictions_directory())


def calendar() -> Calendar:
    """The working-day calendar, the operator's files included."""
    return load_calendar(settings.calendars_directory())


def jurisdiction_of(organisation: str) -> str:
    """The jurisdiction that binds an organisation, by its id, up the tree of organisations."""
    return find_jurisdiction(organisation, organisation_tree())[0]


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
    if "govdata_organisation_tree" not in g:
        g.govdata_organisation_tree = _read_tree()
    return g.govdata_organisation_tree


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
    rows = model.Session.execute(query)
    return {row[0]: (row[1] or "", (row[2] or "").strip()) for row in rows}


def lapsing(day: date) -> tuple[LapseWarning, ...]:
    """Texts that the operator has to see to: they lapse soon, or have lapsed."""
    rules = rulebook()
    ruling = rules.clause(NATIONAL, "lapse_warning", day)
    within = 0 if isinstance(ruling, Refusal) else int(str(ruling.clause.values["days_before"]))
    return rules.lapsing(day, within)
