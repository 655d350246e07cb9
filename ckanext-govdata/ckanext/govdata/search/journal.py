"""The log of queries: how often, with how many results, how many clicks. Nobody is named.

A query is kept folded and only when it looks like one: no long numbers (identity cards,
telephones), no addresses of mail, no more than 40 characters. Counts wait in this process and
are written together.
"""
from __future__ import annotations

import logging
import re
import threading
import time
from datetime import timedelta
from functools import lru_cache

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from .. import now, settings
from ..domain.search.folds import fold
from ..domain.search.lexicon import holding, lines
from . import lists
from .answers import AskedQuery
from .model import SearchCount

log = logging.getLogger(__name__)
COUNTS = SearchCount.__table__
PAUSE = 5.0
"""Seconds between two writings."""
KEPT = 60.0
"""Seconds for which a process keeps the queries that were asked often."""
LONGEST = 40
MOST_OFTEN = 5000
"""Queries among which the neighbours of a query are looked for."""
MOST_WAITING = 500
PERSONAL = re.compile(r"\d{7,}|@|\d[\d -]{9,}\d")
"""What may name a person: long numbers, addresses of mail."""

_waiting: dict[str, list[int]] = {}
_lock = threading.Lock()
_written = 0.0


def keepable(text: str) -> str:
    """The query as it is kept; empty when it may name a person or is no query."""
    folded = fold(text[:200], lists.simplified())
    return "" if len(folded) > LONGEST or PERSONAL.search(folded) else folded


def searched(text: str, found: int) -> None:
    """Count a query with its number of results."""
    _add(text, found=found, asked=1)


def clicked(text: str) -> None:
    """Count a click on a result of a query."""
    _add(text, clicks=1)


def _add(text: str, found: int | None = None, asked: int = 0, clicks: int = 0) -> None:
    query = keepable(text)
    if not query or not settings.search_log_days():
        return
    with _lock:
        if query not in _waiting and len(_waiting) >= MOST_WAITING:
            return
        counts = _waiting.setdefault(query, [0, -1, 0])
        counts[0] += asked
        counts[1] = counts[1] if found is None else found
        counts[2] += clicks
    if time.monotonic() - _written > PAUSE:
        flush()


def flush() -> None:
    """Write what waits, in a transaction of its own; a database that is away loses counts only."""
    global _written
    with _lock:
        taken = dict(_waiting)
        _waiting.clear()
        _written = time.monotonic()
    if not taken:
        return
    day = now.today()
    new = insert(COUNTS).values([
        {"day": day, "query": query, "asked": asked, "found": max(found, 0), "clicks": clicks}
        for query, (asked, found, clicks) in sorted(taken.items())
    ])
    told = new.excluded
    upsert = new.on_conflict_do_update(
        index_elements=["day", "query"],
        set_={
            "asked": COUNTS.c.asked + told.asked,
            "clicks": COUNTS.c.clicks + told.clicks,
            "found": sa.case((told.asked > 0, told.found), else_=COUNTS.c.found),
        },
    )
    try:
        with model.ensure_engine().begin() as connection:
            connection.execute(upsert)
    except SQLAlchemyError:
        log.warning("Search: %s counts of queries could not be written", len(taken))


def asked(days: int = 30, empty: bool = False, limit: int = 200) -> list[AskedQuery]:
    """Queries of the last days, most often asked first; ``empty``: those that found nothing."""
    flush()
    since = now.today() - timedelta(days=min(days, 3650))
    total = sa.func.sum(COUNTS.c.asked).label("asked")
    last = sa.func.array_agg(sa.text("found ORDER BY day DESC")).label("found")
    query = (
        sa.select(COUNTS.c.query, total, last, sa.func.sum(COUNTS.c.clicks).label("clicks"))
        .where(COUNTS.c.day > since).group_by(COUNTS.c.query)
        .order_by(total.desc(), COUNTS.c.query).limit(limit)
    )
    if empty:
        query = query.having(sa.func.max(COUNTS.c.found) == 0)
    return [
        {"query": row.query, "asked": row.asked, "found": row.found[0], "clicks": row.clicks}
        for row in model.Session.execute(query)
    ]


def related(text: str, limit: int = 6) -> list[str]:
    """Queries that many asked and that hold this one."""
    query = keepable(text)
    if len(query) < 2:
        return []
    return holding(_often(int(time.monotonic() / KEPT)), query, limit)


@lru_cache(1)
def _often(_turn: int) -> str:
    """Queries that were asked often and found something, the most asked first, as they stood when
    this turn of a minute was asked first: a list needs its neighbours no newer.
    """
    total = sa.func.sum(COUNTS.c.asked)
    rows = model.Session.execute(
        sa.select(COUNTS.c.query).where(COUNTS.c.found > 0)
        .group_by(COUNTS.c.query).having(total > 2)
        .order_by(total.desc(), COUNTS.c.query).limit(MOST_OFTEN)
    )
    return lines(found for (found,) in rows)


def forget_old() -> None:
    """Delete counts older than the operator wants to keep them."""
    last = now.today() - timedelta(days=settings.search_log_days())
    with model.ensure_engine().begin() as connection:
        connection.execute(COUNTS.delete().where(COUNTS.c.day < last))
