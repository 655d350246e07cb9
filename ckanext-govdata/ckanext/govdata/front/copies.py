"""Copies of pages that everybody may read, for the time in which they cannot be made.

A copy is made of what a stranger was given: by a request that names nobody, for the portal's own
host, answered 200 with a page that any cache may keep. It stands in the memory of the process that
gave the page, and goes as soon as an entry that it names is changed, all go when one is withdrawn.
So what is read of a copy was public when it was made, and as far as the portal knows is still.
"""

from __future__ import annotations

import re
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .. import now

MOST_BYTES = {False: 32 * 2**20, True: 8 * 2**20}
"""Of packed pages without and with a query: whoever asks for ever other queries drives out no entry
and no page of the house."""
LARGEST = 2**20
"""Bytes of a page of which a copy is kept, before packing."""
LONGEST_QUERY = 300
OLDEST = timedelta(days=1)
"""A copy that is older is not given, whatever nobody noticed."""
YOUNG = timedelta(seconds=30)
"""So long no other copy is made of the same page."""

PAGES = re.compile(r"/(?:(?:dataset|organization|region|rules)(?:/[^/?]+)?/?|about|help)?")
LISTS = re.compile(r"/(?:dataset|organization(?:/[^/?]+)?|region(?:/[^/?]+)?)/?")
"""Pages that are others with another query."""
NAMED = re.compile(rb"/dataset/([a-z0-9_-]+)")
BODY = re.compile(rb"<body\b[^>]*>")
ALONE = {b"cookie", b"authorization"}
FRAGMENTS = {b"hx-request", b"x-requested-with"}
"""Scripts ask for parts of pages by these."""
OF_THE_MOMENT = {
    *(b"age", b"cache-control", b"connection", b"content-encoding", b"content-length", b"date"),
    *(b"etag", b"expires", b"last-modified", b"server", b"vary"),
}

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True)
class Copy:
    """A page as it was given. ``names`` are the entries in it, by name or id."""

    made: datetime
    headers: Headers
    packed: bytes
    names: frozenset[str]


class Copies:
    """Copies by address, the least used go first.

    ``languages`` are the prefixes of addresses, ``host`` is the portal's own, ``tokens`` are
    headers (in small letters) by which a program says who it is.
    """

    def __init__(self, languages: Iterable[str], host: str, tokens: Iterable[str]) -> None:
        self._languages, self._host = frozenset(languages), host.encode()
        self._personal = ALONE | {name.encode() for name in tokens}
        self._tokens = self._personal - {b"cookie"}
        self._shelves = {asks: OrderedDict[str, Copy]() for asks in (False, True)}
        self._bytes = {False: 0, True: 0}
        self.turn = 0
        """How often something was taken away: what was begun before is not kept any more."""

    def language(self, path: str) -> str:
        """The language that the address names, or nothing."""
        first = path[1:].partition("/")[0]
        return first if first in self._languages else ""

    def target(self, scope: Mapping[str, Any]) -> str | None:
        """The address, if there may be a copy for this request."""
        if scope["method"] not in ("GET", "HEAD"):
            return None
        path, query = scope["path"], scope["query_string"]
        language = self.language(path)
        rest = path[len(language) + 1 :] or "/" if language else path
        if not PAGES.fullmatch(rest) or (query and not LISTS.fullmatch(rest)):
            return None
        for name, value in scope["headers"]:
            if name in self._tokens or name in FRAGMENTS:
                return None
            if name == b"accept" and b"text/html" not in value and b"*/*" not in value:
                return None
        return f"{path}?{query.decode('latin-1')}" if query else path

    def may_keep(self, scope: Mapping[str, Any], target: str) -> bool:
        """Whether a stranger asks, as everybody does, and no young copy is there."""
        if scope["method"] != "GET" or len(scope["query_string"]) > LONGEST_QUERY:
            return False
        names = [name for name, _value in scope["headers"]]
        hosts = {value for name, value in scope["headers"] if name == b"host"}
        if hosts != {self._host} or not self._personal.isdisjoint(names):
            return False
        kept = self._shelves["?" in target].get(target)
        return kept is None or now.now() - kept.made > YOUNG

    def keep(self, target: str, headers: Iterable[tuple[bytes, bytes]], page: bytes) -> None:
        """Keep the page; the oldest make room."""
        if len(page) > LARGEST or not BODY.search(page):
            return
        kept = tuple((name, value) for name, value in headers if name not in OF_THE_MOMENT)
        names = frozenset(name.decode() for name in NAMED.findall(page + target.encode()))
        asks = "?" in target
        self._take(asks, target)
        shelf = self._shelves[asks]
        shelf[target] = Copy(now.now(), kept, zlib.compress(page, 1), names)
        self._bytes[asks] += _size(target, shelf[target])
        while self._bytes[asks] > MOST_BYTES[asks]:
            self._take(asks, next(iter(shelf)))

    def find(self, target: str) -> Copy | None:
        """The copy for an address, which was used by that."""
        shelf = self._shelves["?" in target]
        copy = shelf.get(target)
        if copy is None or now.now() - copy.made > OLDEST:
            return None
        shelf.move_to_end(target)
        return copy

    def drop(self, changed: frozenset[str] | None) -> None:
        """Take away what names one of these entries; None: everything."""
        self.turn += 1
        for asks, shelf in self._shelves.items():
            for target, copy in list(shelf.items()):
                if changed is None or changed & copy.names:
                    self._take(asks, target)

    def _take(self, asks: bool, target: str) -> None:
        copy = self._shelves[asks].pop(target, None)
        if copy is not None:
            self._bytes[asks] -= _size(target, copy)


def _size(target: str, copy: Copy) -> int:
    """What it takes in memory, roughly: a hundred bytes for each name and header."""
    return len(copy.packed) + len(target) + 100 * (len(copy.names) + len(copy.headers) + 3)


def fits(status: int, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether it is a whole page that everybody may keep."""
    said = dict(headers)
    caching = said.get(b"cache-control", b"")
    return (
        status == 200
        and said.get(b"content-type", b"").startswith(b"text/html")
        and b"public" in caching
        and b"no-store" not in caching
        and b"set-cookie" not in said
        and b"content-encoding" not in said
    )


def marked(page: bytes, notice: str) -> bytes:
    """The page with a notice at its top."""
    return BODY.sub(lambda tag: tag[0] + notice.encode(), page, count=1)
