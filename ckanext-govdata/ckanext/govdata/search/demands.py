"""Data that readers look for in vain: what they asked for, and what the operator answered."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from redis import RedisError

from .. import database, now
from ..domain.refusal import Refusal
from ..forms import refusals
from ..forms.asked_values import declared_values
from ..pager import Pager
from ..security import counters
from ..security.client_address import counted, is_this_machine
from .journal import PERSONAL
from .model import DemandRow, SearchDemand

DEMANDS = SearchDemand.__table__
PAGE = 200
FIRST = Pager(1, PAGE)
MOST_OPEN = 2000
"""Open demands that are kept; whoever writes more at once means no demand."""


A_HOUR = 10
"""Demands that one network address may make in an hour."""


def limit() -> None:
    """Refuse a reader who asks too often; raises ``ValidationError``. Without Valkey nobody is."""
    if not tk.request or is_this_machine(tk.request.remote_addr):
        return
    try:
        count, left = counters.add("demand", counted(tk.request.remote_addr), 3600)
    except RedisError:
        return
    if count > A_HOUR:
        minutes = str(-(-left // 60))
        raise refusals.invalid([Refusal("demands_often", "subject", facts={"minutes": minutes})])


def add(subject: str, purpose: str) -> int:
    """Keep a demand, in the session's transaction; raises ``ValidationError``."""
    said = {"subject": _line(subject), "purpose": _text(purpose)}
    asked, wrong = declared_values("demand", said)
    personal = [name for name, words in asked.items() if PERSONAL.search(words)]
    wrong += [Refusal("demand_personal", name) for name in personal]
    if not wrong and waiting() >= MOST_OPEN:
        wrong = [Refusal("demands_wait", "subject")]
    if wrong:
        raise refusals.invalid(wrong)
    kept = {"purpose": "", **asked, "at": now.now(), "answer": ""}
    new = DEMANDS.insert().values(kept)
    return int(model.Session.execute(new.returning(DEMANDS.c.id)).scalar_one())


def answer(demand: int, text: str) -> None:
    """Answer a demand; it is open no longer. Raises ``ObjectNotFound``, ``ValidationError``."""
    asked, wrong = declared_values("demand_answer", {"answer": _text(text)})
    if wrong:
        raise refusals.invalid(wrong)
    change = DEMANDS.update().where(DEMANDS.c.id == demand, DEMANDS.c.answered_at.is_(None))
    done = model.Session.execute(
        change.values(**asked, answered_at=now.now()).returning(DEMANDS.c.id))
    if done.scalar() is None:
        raise tk.ObjectNotFound(tk._("There is no such open demand"))


def listed(is_open: bool = True, page: Pager = FIRST) -> list[DemandRow]:
    """One page of demands with their answers, newest first."""
    query = sa.select(DEMANDS).where(_are(is_open)).order_by(DEMANDS.c.id.desc())
    part = query.limit(page.size).offset(page.offset)
    return database.rows(model.Session, part, DemandRow)


def count(is_open: bool) -> int:
    """How many are open, or answered."""
    query = sa.select(sa.func.count()).select_from(DEMANDS).where(_are(is_open))
    return model.Session.execute(query).scalar() or 0


def waiting() -> int:
    """How many are open."""
    return count(is_open=True)


def _are(is_open: bool) -> sa.ColumnElement[bool]:
    return DEMANDS.c.answered_at.is_(None) if is_open else DEMANDS.c.answered_at.isnot(None)


def _line(text: str) -> str:
    return " ".join(_text(text).split())


def _text(text: str) -> str:
    """Without control characters other than line ends."""
    return "".join(c for c in str(text or "") if c.isprintable() or c == "\n").strip()
