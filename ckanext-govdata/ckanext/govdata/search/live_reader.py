"""The reader of queries that this process uses; made again behind the scenes after a change.

Until the new one is ready, the old one answers; only who asks after a silence waits, or he would be
told what was changed long ago. Every process asks the database for the knowledge's version at most
once in :data:`PERIOD`.
"""
from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import lru_cache

from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ..domain.search.folds import fold
from ..domain.search.knowledge import gather
from ..domain.search.lexicon import SearchVocabulary, learn
from ..domain.search.query import Query, QueryReader
from ..domain.search.reader import build, fold_rules, general_words
from . import lists, store

log = logging.getLogger(__name__)
PERIOD = 1.0
"""Seconds between two looks at the version."""
SILENCE = 3.0
"""Seconds without a look after which the next search waits for what was changed meanwhile."""
COUNTING = 60.0
"""Seconds between two looks at the number of entries."""
DRIFT = 0.1
"""The words are learnt again when the number of entries has changed by this share."""
MOST_UNDERSTOOD = 2048
"""Queries whose reading is kept: one page asks for it several times, and many readers ask alike."""
_LEARNING = 0x676F766C


class _Current:
    """The reader of this process, and what it was made from."""

    def __init__(self) -> None:
        self.reader: QueryReader | None = None
        self.understand: Callable[[str, bool], Query] | None = None
        self.vocabulary: SearchVocabulary = store.EMPTY
        self.version = -1
        self.looked = 0.0
        self.counted = 0.0
        self.lock = threading.Lock()
        self.busy = threading.Lock()
        self.fresh = threading.Event()


_now = _Current()


def reader(*, learning: bool = True) -> QueryReader:
    """The reader as it is now. The first call builds it (about a second).

    ``learning`` False is for who makes documents: a large import learns nothing half-way.
    """
    if _now.reader is None:
        with _now.lock:
            if _now.reader is None:
                refresh()
    elif (since := time.monotonic() - _now.looked) > PERIOD:
        _now.looked = time.monotonic()
        _look(learning, wait=since > SILENCE)
    assert _now.reader is not None  # noqa: S101 - for the type checker
    return _now.reader


def understand(typed: str, mend: bool = True) -> Query:
    """What a query asks, by the reader as it is now."""
    reader()
    assert _now.understand is not None  # noqa: S101 - for the type checker
    return _now.understand(typed, mend)


def vocabulary() -> SearchVocabulary:
    """The catalogue's words as this process knows them."""
    reader()
    return _now.vocabulary


def _look(learning: bool, wait: bool) -> None:
    """Make a new reader if knowledge or catalogue are not what they were."""
    try:
        with model.ensure_engine().connect() as connection:
            stale = store.version(connection) != _now.version
    except SQLAlchemyError:
        return
    due = learning and time.monotonic() - _now.counted > COUNTING
    if (stale or due) and _now.busy.acquire(blocking=False):
        _now.fresh.clear()
        work = threading.Thread(target=_work, args=[stale, due], name="govdata-search", daemon=True)
        work.start()
    if stale and wait:
        _now.fresh.wait(SILENCE)


def _work(stale: bool, due: bool) -> None:
    try:
        if stale:
            refresh()
        if due:
            _now.counted = time.monotonic()
            learn_if_stale()
    except Exception:  # the old reader goes on; the next look tries again
        log.exception("Search: the knowledge could not be read again")
    finally:
        _now.fresh.set()
        _now.busy.release()


def refresh() -> None:
    """Make this process's reader from what the database holds now, or from the shipped lists."""
    try:
        rules, learnt, version = _stored()
    except SQLAlchemyError:
        log.warning("Search: no knowledge in the database (is it migrated?): the shipped lists")
        rules, learnt, version = lists.seeds(), store.EMPTY, 0
    made = build(lists.lexicon(), lists.gazetteer(), rules, learnt)
    _now.understand = lru_cache(MOST_UNDERSTOOD)(made.understand)
    _now.reader = made
    _now.vocabulary, _now.version, _now.looked = learnt, version, time.monotonic()
    _now.fresh.set()


def _stored() -> tuple[list, SearchVocabulary, int]:
    with model.ensure_engine().connect() as connection:
        version = store.version(connection)
    if not version:
        store.seed()
    with model.ensure_engine().connect() as connection:
        version = store.version(connection)
        return store.rules(connection), store.vocabulary(connection), version


def learn_if_stale(force: bool = False) -> int | None:
    """Learn the catalogue's words again if many entries came or went; how many titles were read.

    ``None`` when there was nothing to do, or another process is at it.
    """
    reader()
    with model.ensure_engine().begin() as connection:
        count, known = store.public_count(connection), store.learnt_count(connection)
        if not count or (not force and abs(count - known) <= max(20, known * DRIFT)):
            return None
        free = connection.exec_driver_sql(
            f"SELECT pg_try_advisory_xact_lock({_LEARNING})"
        ).scalar()
        if not free:
            return None
        lexicon = lists.lexicon()
        knowledge = gather(fold_rules(store.rules(connection), lexicon.simplified))
        words = general_words(lexicon, lists.gazetteer(), knowledge)
        titles = (fold(title, lexicon.simplified) for title in store.public_titles(connection))
        store.keep_vocabulary(connection, learn(titles, words))
    refresh()
    return count


def forget() -> None:
    """Start anew; for tests that empty the database."""
    _now.reader, _now.version = None, -1
