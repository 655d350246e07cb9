"""One connection to Solr a thread, kept open; CKAN opens and closes one for every question.

That and asking less often whether options changed pays for asking the database what has become of
the hits of each search.

A Solr that hangs does not take the portal along: a reader waits some seconds, and after a few who
waited for nothing nobody in this process asks for a while (``domain/breaker.py``). Nor does it
work on for a reader who has gone: it is told how long it may, and what it gives up half answered is
no answer, since half of the hits would look like all.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from functools import cache, wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pysolr
import requests
from ckan.lib import search
from ckan.lib.search import common, index, query
from flask import has_request_context
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ReadTimeoutError
from urllib3.util import Retry

from .. import settings
from ..domain.breaker import Breaker, Resting

MOST, REST = 3, 10.0
"""So many in a row are not answered, and Solr is left alone for so many seconds."""
SHARE = 0.8
"""Of a reader's patience, after which Solr itself gives up a question: it works for nobody else."""
PARTIAL = re.compile(rb'"partialResults"\s*:\s*true')
HEAD = 2000
"""Bytes at the beginning of an answer in which Solr says so."""
EASY, EASY_PATIENCE = "/select?q=*:*&rows=0&wt=json", 1.0
"""A question that Solr always has the answer to, and the seconds that it has for it."""


class _Once(Retry):
    """Solr may close a connection that was idle at the moment when it is asked again. All that it
    is sent can be sent twice: documents by their id, deletions, commits, queries. Who waited in
    vain does not wait twice."""

    def increment(self, *args: Any, error: Exception | None = None, **more: Any) -> Retry:
        if isinstance(error, ReadTimeoutError):
            raise error
        return super().increment(*args, error=error, **more)


AGAIN = _Once(total=1, connect=0, read=1, status=0, other=0, allowed_methods=None)


@cache
def breaker_of(server: str) -> Breaker:
    """This process's for a server, by host and port."""
    return Breaker(MOST, REST, time.monotonic)


class Guarded(HTTPAdapter):
    """Asks Solr where that makes sense, and does not let a reader wait long."""

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """As the library does; raises ``ConnectionError`` at once while Solr is left alone."""
        breaker = breaker_of(urlsplit(request.url or "").netloc)
        try:
            breaker.enter()
        except Resting:
            raise requests.ConnectionError("Solr does not answer and is left alone") from None
        if has_request_context():
            how["timeout"] = min(how.get("timeout") or REST, settings.search_patience())
            request.url = _limited(request.url or "", settings.search_patience())
        try:
            answer = super().send(request, **how)
        except requests.ReadTimeout:
            if not self._answers(request.url or ""):
                breaker.fail()
            raise
        except (requests.ConnectionError, requests.Timeout):
            breaker.fail()
            raise
        breaker.work()
        if PARTIAL.search(answer.content[:HEAD]):
            raise requests.ReadTimeout("Solr gave the question up half answered")
        return answer

    def _answers(self, url: str) -> bool:
        """Whether Solr is well, and it was this question that is too much: nobody's questions may
        keep the others from asking theirs."""
        easy = requests.Request("GET", f"{url.partition('?')[0].rpartition('/')[0]}{EASY}")
        try:
            return super().send(easy.prepare(), timeout=EASY_PATIENCE).ok
        except requests.RequestException:
            return False


def _limited(url: str, patience: float) -> str:
    """The question's address, with how long Solr may work on it."""
    parts = urlsplit(url)
    if not parts.path.rstrip("/").endswith("/select"):
        return url
    allowed = f"timeAllowed={round(patience * SHARE * 1000)}"
    return urlunsplit(parts._replace(query=f"{parts.query}&{allowed}".strip("&")))


class _Kept(threading.local):
    session: requests.Session | None = None
    process = 0


_kept = _Kept()


def session() -> requests.Session:
    """This thread's; a process that was forked makes its own."""
    if _kept.session is None or _kept.process != os.getpid():
        made = requests.Session()
        made.trust_env = False  # no proxy is for Solr; looking for one is 5 % of a search
        for scheme in ("http://", "https://"):
            made.mount(scheme, Guarded(pool_connections=2, pool_maxsize=1, max_retries=AGAIN))
        _kept.session, _kept.process = made, os.getpid()
    return _kept.session


def take_over() -> None:
    """Have CKAN ask by it, wherever it asks; once a process."""
    if hasattr(index.make_connection, "__wrapped__"):
        return
    kept = _with_session(common.make_connection)
    for module in (common, query, index, search):
        setattr(module, "make_connection", kept)  # noqa: B010 (pyright knows none in `search`)


def _with_session(make: Callable[..., pysolr.Solr]) -> Callable[..., pysolr.Solr]:
    if hasattr(make, "__wrapped__"):
        return make

    @wraps(make)
    def connection(*asked: bool, **named: bool) -> pysolr.Solr:
        made = make(*asked, **named)
        made.session = session()
        return made

    return connection
