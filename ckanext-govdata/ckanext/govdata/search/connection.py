"""One connection to Solr a thread, kept open; CKAN opens and closes one for every question.

That and asking less often whether options changed pays for asking the database what has become of
the hits of each search.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import wraps

import pysolr
import requests
from ckan.lib import search
from ckan.lib.search import common, index, query
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

AGAIN = Retry(total=1, connect=0, read=1, status=0, other=0, allowed_methods=None)
"""Solr may close a connection that was idle at the moment when it is asked again. All that it is
sent can be sent twice: documents by their id, deletions, commits, queries."""


class _Kept(threading.local):
    session: requests.Session | None = None
    process = 0


_kept = _Kept()


def session() -> requests.Session:
    """This thread's; a process that was forked makes its own."""
    if _kept.session is None or _kept.process != os.getpid():
        made = requests.Session()
        for scheme in ("http://", "https://"):
            made.mount(scheme, HTTPAdapter(pool_connections=2, pool_maxsize=1, max_retries=AGAIN))
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
