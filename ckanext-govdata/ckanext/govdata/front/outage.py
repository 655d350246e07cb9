"""The time in which the database does not answer: what is given then, and how it is noticed.

One question several times a second, which waits for no lock, tells whether the database answers
and which entries were written. What can be read is read from copies, and marked. A database that
hangs would keep every thread; so its connections are broken off, which makes an error of waiting,
and until it answers nobody is sent to wait for it.
"""

from __future__ import annotations

import asyncio
import gzip
import logging
import zlib
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .. import now
from .copies import Copies, Headers, fits, marked
from .turned_away import send_away

log = logging.getLogger(__name__)

PATIENCE = 2.5
"""Seconds that the database has for the question; then it hangs. Fewer than for a connection."""
HEALTH = "/api/govdata/health"
"""The page that says what is away: it asks each service itself, and waits for none."""
TIME = "{time}"

Scope = Mapping[str, Any]
Send = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True)
class OutageWords:
    """What a reader of one language is told: the notice on a copy, with :data:`TIME` in it, and
    the page of a 503."""

    notice: str
    refusal: str


@dataclass(frozen=True)
class Database:
    """``changes()`` gives the entries that were written since the last time, by name and id; None
    for anything. It raises while the database is away. ``let_go()`` breaks off what waits."""

    changes: Callable[[], frozenset[str] | None]
    let_go: Callable[[], None]


class Outage:
    """Whether the database answers, and what is given while it does not.

    ``words`` are by language, as addresses name it; those of the empty name are the portal's own.
    """

    def __init__(
        self, database: Database, copies: Copies, words: Mapping[str, OutageWords]
    ) -> None:
        self._database, self.copies, self._words = database, copies, words
        self._away = self.hangs = False

    @property
    def lasts(self) -> bool:
        """Whether the database does not answer now."""
        return self._away or self.hangs

    async def look(self, executor: Executor) -> None:
        """Ask once; raises while the database is away."""
        try:
            changed = await self._asked(executor)
        except Exception:
            if not self._away:
                log.error("The database does not answer: pages are given from copies")
            self._away = True
            raise
        if self._away:
            log.warning("The database answers again")
        self._away = self.hangs = False
        if changed is None or changed:
            self.copies.drop(changed)

    async def _asked(self, executor: Executor) -> frozenset[str] | None:
        loop = asyncio.get_running_loop()
        asked = loop.run_in_executor(executor, self._database.changes)
        done, _waiting = await asyncio.wait([asked], timeout=PATIENCE)
        if done:
            self.hangs = False
            return asked.result()
        if not self.hangs:
            log.error("The database hangs: what waits for it is broken off")
        self.hangs = True
        await loop.run_in_executor(None, self._database.let_go)
        return await asked

    async def give(self, scope: Scope, send: Send) -> bool:
        """Give the copy for this request, if there is one; while the database hangs, else refuse.
        False where CKAN must answer."""
        target = self.copies.target(scope)
        if self.lasts and target is not None and await self.give_copy(target, scope, send):
            return True
        if not self.hangs or scope["path"] == HEALTH:
            return False
        words = self._words[self.copies.language(scope["path"])]
        await send_away(scope, send, page=words.refusal)
        return True

    async def give_copy(self, target: str, scope: Scope, send: Send) -> bool:
        """Give the copy for that address, if there is one."""
        copy = self.copies.find(target)
        if copy is None:
            return False
        page = self.marked(zlib.decompress(copy.packed), scope["path"], copy.made)
        headers = [*copy.headers, *aged(copy.made), (b"vary", b"Accept-Encoding")]
        if any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"]):
            page = gzip.compress(page, 1)
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(page)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        page = b"" if scope["method"] == "HEAD" else page
        await send({"type": "http.response.body", "body": page})
        return True

    def marked(self, page: bytes, path: str, made: datetime) -> bytes:
        """The page with a notice at its top that says of when it is."""
        local, today = now.in_beijing(made), now.today()
        time = f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"
        return marked(page, self._words[self.copies.language(path)].notice.replace(TIME, time))

    def passing(self, scope: Scope, send: Send) -> Passing | None:
        """For a request that CKAN answers: how its answer is passed on, if that matters."""
        target = self.copies.target(scope)
        if target is None:
            return None
        return Passing(self, target, scope, send, self.copies.may_keep(scope, target))


def aged(made: datetime) -> Headers:
    """What caches and programs are told of a copy."""
    seconds = max(0, round((now.now() - made).total_seconds()))
    return (
        (b"age", str(seconds).encode()),
        (b"warning", b'111 - "Revalidation Failed"'),
        (b"cache-control", b"no-store"),
    )


@dataclass
class Passing:
    """An answer on its way: a copy is kept of it, or the last one given in the place of a 503."""

    outage: Outage
    target: str
    scope: Scope
    reader: Send
    keeps: bool
    turn: int = field(init=False)
    _headers: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    _pieces: list[bytes] = field(default_factory=list[bytes])
    _held: bool = False

    def __post_init__(self) -> None:
        self.turn = self.outage.copies.turn

    async def send(self, message: Mapping[str, Any]) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            status, self._headers = message["status"], message["headers"]
            self._held = status == 503 and self.outage.copies.find(self.target) is not None
            self.keeps = self.keeps and fits(status, self._headers)
        elif self.keeps:
            self._pieces.append(message.get("body", b""))
        if not self._held:
            await self.reader(message)

    async def end(self) -> None:
        """The answer is whole."""
        copies = self.outage.copies
        if self._held:
            await self.outage.give_copy(self.target, self.scope, self.reader)
        elif self.keeps and self.turn == copies.turn and not self.outage.lasts:
            copies.keep(self.target, self._headers, b"".join(self._pieces))
