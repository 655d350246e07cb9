"""Decisions in public, without identities, and how many were made in time."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ...access import presence
from ...database import Session
from ...pager import read_page
from ..case_figures import DECIDED, by_department
from ..engine import declared_procedures
from ..model import case, letter
from . import case_view, outcomes
from .case_list import PAGE


def decisions(session: Any, wanted: dict[str, Any]) -> dict[str, Any]:
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
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    order = (case.c.decided.desc(), case.c.reference.desc())
    page = read_page(wanted, PAGE)
    rows = session.execute(query.order_by(*order).limit(page.size).offset(page.offset)).all()
    words = _words(session, [row.id for row in rows])
    public = presence.public(row.package_id for row in rows)
    found = [_decision(row, words.get(row.id, []), not row.package_id or row.package_id in public)
             for row in rows]
    return {**page.answer(count, found), "kind": kind, "departments": by_department(session, kind)}


def _words(session: Session, ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    """What the letters of each case say, oldest first."""
    query = sa.select(letter.c.case_id, letter.c.content).where(letter.c.case_id.in_(ids))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in session.execute(query.order_by(letter.c.number)) if ids else ():
        found.setdefault(row.case_id, []).append(json.loads(row.content))
    return found


def _decision(row: Any, said: list[dict[str, Any]], public: bool) -> dict[str, Any]:
    """A decision as everybody sees it; what somebody wrote about himself is not in it,
    nor what an entry is called that is not public any more.

    Reason and basis are the department's; whoever judged an objection has his own.
    """
    objections = [one for one in said if outcomes.judges(row.kind, one["decision"])]
    words: dict[str, Any] = next((one for one in reversed(said) if one not in objections), {})
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
        "received": row.received.isoformat(),
        "decided": row.decided.isoformat(),
        "days": (row.decided - row.received).days,
        "in_time": not row.late,
        "reason": words.get("reason", ""),
        "basis": words.get("basis", []),
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
