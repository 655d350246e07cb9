"""Decisions in public, without identities, and how many were made in time."""

from __future__ import annotations

import json
from collections.abc import Mapping

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ... import database
from ...access import presence
from ...database import Session
from ...pager import read_page
from ..answers import DecisionAnswer, DecisionPage, LetterContent
from ..case_figures import DECIDED, by_department
from ..engine import declared_procedures
from ..model import CaseRow, case, letter
from . import case_view, outcomes
from .case_list import PAGE


def decisions(session: Session, wanted: Mapping[str, object]) -> DecisionPage:
    """One page of decisions of one kind, and the rates of every department by it.

    Kinds are never mixed: without one the first is meant, an unknown one is refused.
    """
    kinds = [one.kind for one in declared_procedures.decided_in_public()]
    kind = str(wanted.get("kind") or next(iter(kinds), ""))
    if kind not in kinds:
        raise tk.ValidationError({"kind": [tk._("There is no such procedure.")]})
    query = sa.select(case).where(*DECIDED, case.c.kind == kind)
    if wanted.get("organization"):
        query = query.where(case.c.organization_id == str(wanted["organization"]))
    if wanted.get("outcome"):
        query = query.where(case.c.outcome == str(wanted["outcome"]))
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    order = (case.c.decided.desc(), case.c.reference.desc())
    page = read_page(wanted, PAGE)
    listed = query.order_by(*order).limit(page.size).offset(page.offset)
    rows = database.rows(session, listed, CaseRow)
    words = _words(session, [row.id for row in rows])
    public = presence.public(row.package_id for row in rows)
    found = [_decision(row, words.get(row.id, []), not row.package_id or row.package_id in public)
             for row in rows]
    return {
        **page.head(count),
        "results": found,
        "kind": kind,
        "departments": by_department(session, kind),
    }


def _words(session: Session, ids: list[str]) -> dict[str, list[LetterContent]]:
    """What the letters of each case say, oldest first."""
    query = sa.select(letter.c.case_id, letter.c.content).where(letter.c.case_id.in_(ids))
    found: dict[str, list[LetterContent]] = {}
    for row in session.execute(query.order_by(letter.c.number)) if ids else ():
        found.setdefault(row.case_id, []).append(json.loads(row.content))
    return found


def _decision(row: CaseRow, said: list[LetterContent], public: bool) -> DecisionAnswer:
    """A decision as everybody sees it; what somebody wrote about himself is not in it,
    nor what an entry is called that is not public any more.

    Reason and basis are the department's; whoever judged an objection has his own.
    """
    received = row.received or row.opened  # both are there: what is decided was received
    decided = row.decided or received
    objections = [one for one in said if outcomes.judges(row.kind, one["decision"])]
    decided_by = [one for one in said if outcomes.decides(row.kind, one["decision"])]
    words = decided_by[-1] if decided_by else None
    return {
        "reference": row.reference,
        "kind": row.kind,
        "about": row.subject_kind,
        "place": case_view.place_told(row),
        "outcome": row.outcome,
        "dataset_id": row.package_id or "" if public else "",
        "dataset_title": row.package_title if public else "",
        "organization_id": row.organization_id,
        "organization_title": row.organization_title,
        "received": received.isoformat(),
        "decided": decided.isoformat(),
        "days": (decided - received).days,
        "in_time": not row.late,
        "reason": words["reason"] if words else "",
        "basis": words["basis"] if words else [],
        "objections": [
            {
                "kind": row.kind,
                "issuer": one.get("issuer") or "",
                "decision": one["decision"],
                "day": one["day"],
                "reason": one["reason"],
                "basis": one["basis"],
            }
            for one in objections
        ],
    }
