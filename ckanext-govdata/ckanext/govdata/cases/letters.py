"""The reply letter: what was decided, in a form whose digest anybody can check."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa

from .. import now
from ..domain import chain, scope
from ..domain.case import Case, Event
from ..domain.procedure import Outcome
from ..identity import profile
from . import model, offer

ADD = sa.insert(model.letter)


def write(session: Any, row: Any, reference: str, case: Case, event: Event) -> str:
    """Keep the letter of a decision; gives its digest. Names and numbers are masked in it."""
    content = _content(session, row, reference, case, event)
    text = chain.canonical(content)
    digest = hashlib.sha256(text).hexdigest()
    values = {"case_id": row.id, "number": case.events, "digest": digest, "at": now.now()}
    session.execute(ADD, {**values, "content": text.decode()})
    return digest


def of_case(session: Any, case_id: str) -> list[dict[str, Any]]:
    """The letters of a case, oldest first."""
    return [_letter(row) for row in session.execute(OF_CASE, {"case": case_id})]


OF_CASE = (
    sa.select(model.letter)
    .where(model.letter.c.case_id == sa.bindparam("case"))
    .order_by(model.letter.c.number)
)


def addressed(session: Any, letter: dict[str, Any]) -> dict[str, Any]:
    """The addressee's own copy, which names him; what is kept and verified is masked."""
    if not letter["applicant"]:
        return letter
    return {**letter, "applicant": profile.reveal_with_case(session, letter["case_id"])["name"]}


def by_digest(session: Any, digest: str) -> dict[str, Any] | None:
    """The letter with this digest, as whoever holds it may check it."""
    row = session.execute(sa.select(model.letter).where(model.letter.c.digest == digest)).first()
    return _letter(row) if row else None


def _letter(row: Any) -> dict[str, Any]:
    """A letter; ``genuine`` tells whether what is kept still has its digest."""
    return {
        **json.loads(row.content),
        "digest": row.digest,
        "number": row.number,
        "case_id": row.case_id,
        "genuine": hashlib.sha256(row.content.encode()).hexdigest() == row.digest,
    }


def _content(session: Any, row: Any, reference: str, case: Case, event: Event) -> dict[str, Any]:
    applicant = profile.with_case(session, row.id)
    clock = case.clocks.get("decide")
    content: dict[str, Any] = {
        "reference": reference,
        "kind": row.kind,
        "decision": event.name,
        "outcome": case.decisions[-1].outcome.value if case.decisions else "",
        "day": event.day.isoformat(),
        "received": case.received.isoformat() if case.received else "",
        "due": clock.due.isoformat() if clock else "",
        "article": f"{clock.document} {clock.article}".strip() if clock else "",
        "applicant": applicant.masked_name if applicant else "",
        "applicant_kind": applicant.kind if applicant else "",
        "entry": row.package_title,
        "department": row.organization_title,
        "reason": event.fields.get("reason", ""),
        "basis": list(event.fields.get("basis", [])),
        "conditions": event.fields.get("conditions", ""),
    }
    objecting = case.clocks.get("object")
    if objecting and objecting.runs:
        content["object_until"] = objecting.due.isoformat()
    outcome = case.decisions[-1].outcome if case.decisions else None
    if outcome in (Outcome.GRANTED, Outcome.PARTLY_GRANTED) and "resources" in case.answers:
        content["scope"] = _scope(row, case, event)
    return content


def _scope(row: Any, case: Case, event: Event) -> dict[str, Any]:
    given = scope.granted(case.answers, event.fields, event.day)
    names = {name: title for name, (title, _columns) in offer.files(row).items()}
    return {
        "resources": [
            {"name": names.get(name, name), "columns": list(given.columns.get(name, ()))}
            for name in given.resources
        ],
        "from": given.valid_from.isoformat(),
        "until": given.valid_until.isoformat(),
        "row_limit": given.row_limit,
    }
