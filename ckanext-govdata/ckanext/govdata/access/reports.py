"""Use reports 数据利用情况报告: asked for by a form, owed when a grant ends, missed by some."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping

import sqlalchemy as sa

from .. import now, settings
from ..database import Session
from ..domain import form
from ..domain import grant as grants_domain
from ..domain.field_base import Choices
from ..domain.refusal import Refusal
from ..forms import form_reader
from ..ledger import book
from . import grants
from .answers import ReportAnswer
from .model import GrantRow, grant, report


def fields() -> form_reader.Fields:
    """The questions of the form."""
    return form_reader.declared("use_report")


def check(
    values: Mapping[str, object], files: frozenset[str]
) -> dict[str, object] | tuple[Refusal, ...]:
    """The answers in their types, or everything that is wrong with them."""
    choices = Choices(now.today(), attachments=files)
    cleaned, problems = form.clean(fields().values(), values, choices)
    return problems or cleaned


def keep(session: Session, row: GrantRow, user_id: str, content: Mapping[str, object]) -> str:
    """Keep a checked report; its id. One at the grant's end is the one that is owed."""
    today, pure = now.today(), grants.as_grant(row, frozenset())
    settles = grants_domain.settles(pure, today, settings.report_days())
    report_id = str(uuid.uuid4())
    session.execute(
        sa.insert(report).values(
            id=report_id,
            grant_id=row.id,
            user_id=user_id,
            day=today,
            content=json.dumps(dict(content), ensure_ascii=False),
            settles=settles,
            at=now.now(),
        )
    )
    if settles:
        session.execute(sa.update(grant).where(grant.c.id == row.id).values(reported=today))
    facts = {
        "report": report_id,
        "content": book.chain.digest("", 0, dict(content)),
        "settles": settles,
    }
    book.write(session, [book.LedgerEntry("use_reported", "grant", row.id, user_id, facts)])
    return report_id


def of_grant(session: Session, grant_id: str) -> list[ReportAnswer]:
    """The reports on a grant, newest first."""
    query = sa.select(report).where(report.c.grant_id == grant_id).order_by(report.c.at.desc())
    return [
        {
            "id": row.id,
            "day": row.day.isoformat(),
            "settles": row.settles,
            "content": json.loads(row.content),
        }
        for row in session.execute(query)
    ]


def missed(session: Session, user_id: str) -> int:
    """How many reports somebody owes whose last day has passed; one indexed statement."""
    days = settings.report_days()
    ended = sa.func.least(grant.c.valid_until, sa.func.coalesce(grant.c.revoked, "infinity"))
    query = sa.select(sa.func.count()).where(
        grant.c.holder_id == user_id,
        grant.c.reported.is_(None),
        ended + days < now.today(),
    )
    return session.scalar(query) or 0
