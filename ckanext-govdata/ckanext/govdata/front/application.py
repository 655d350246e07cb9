"""The ASGI application of a web process."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp

from .. import now
from .crowd import Crowd
from .liveness import answering
from .outage import Outage, aged
from .page_cache import Answer, Kept, packed
from .streams import Streams
from .turned_away import send_away

log = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

OURS = re.compile(
    r"^(?:/[A-Za-z_]{2,12})?/emergency(?:\.(?:json|atom)$|/?$|/([a-z0-9_-]+)(?=[./]|$))"
)
STREAM = re.compile(r"^/emergency/([a-z0-9_-]+)/stream$")
STATIC = re.compile(r"^/(?:webassets|base|govdata|dataset_assets)/[^?]*$")
DATA = re.compile(r"^(?:/[A-Za-z_]{2,12})?/emergency/([a-z0-9_-]+)/data/([a-z0-9_-]+)\.")
COUNTING = 5.0
"""Seconds between two notes of how much data was fetched."""
PAUSE = 0.25
"""Seconds between two looks at what changed."""


class Front:
    """Emergencies from memory, streams on the loop, everything else by CKAN in threads.

    ``render(target)`` makes an anonymous answer, ``look()`` gives each public event's version,
    whether it runs and how its data stands; both are called in threads. ``cookies`` tell who is
    signed in. ``outage`` gives what can be given while the database does not answer.
    """

    def __init__(
        self,
        wsgi: WSGIApp,
        render: Callable[[str], Answer | None],
        look: Callable[[], Mapping[str, tuple[int, bool, str]]],
        cookies: frozenset[bytes],
        threads: int = 4,
        warm: Callable[[], None] | None = None,
        count: Callable[[Mapping[tuple[str, str], int]], None] | None = None,
        outage: Outage | None = None,
    ) -> None:
        self._ckan = WSGIMiddleware(wsgi, workers=threads)
        self._render, self._look, self._cookies = render, look, cookies
        self._warm, self._count, self._outage = warm, count, outage
        self._fetched: Counter[tuple[str, str]] = Counter()
        self._counted = 0.0
        self._maker = ThreadPoolExecutor(1, "govdata-render")
        self._watcher = ThreadPoolExecutor(1, "govdata-watch")
        self._events: Mapping[str, tuple[int, bool, str]] = {}
        self._changes = 0
        self._turns: Counter[str] = Counter()
        """How often the data of an event came to stand otherwise: part of its answers' tokens."""
        self._watching: asyncio.Task[None] | None = None
        self._seen = asyncio.Event()
        self.kept = Kept(self._made)
        self.crowd = Crowd(threads)
        self.streams = Streams()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            if not self._seen.is_set():
                await self._begin()
            await self._request(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if scope["method"] in ("GET", "HEAD"):
            ours = OURS.match(path)
            if ours and (self._away() or self._anonymous(scope)):
                if await self._emergency(scope, receive, send, ours.group(1)):
                    return None
            elif STATIC.match(path):
                answer = await self._kept_answer(path, 0)
                if answer is not None:
                    await _tell(scope, send, answer)
                    return None
        return await self._by_ckan(scope, receive, send)

    async def _emergency(
        self, scope: Scope, receive: Receive, send: Send, event: str | None
    ) -> bool:
        """Answer from memory or with a stream; False where CKAN must."""
        path = scope["path"]
        if event is not None and event not in self._events:
            return False
        stream = STREAM.match(path)
        if stream:
            await self.streams.run(event or "", self._version, receive, send)
            return True
        token = self._token(path)
        if scope["query_string"] or token is None:
            return False
        answer = await self._kept_answer(path, token)
        if answer is None:
            return False
        status = await _tell(scope, send, answer)
        data = DATA.match(path) if status == 200 and scope["method"] == "GET" else None
        if data:
            self._fetched[data.group(1), data.group(2)] += 1
        return True

    def _away(self) -> bool:
        return self._outage is not None and self._outage.lasts

    async def _kept_answer(self, path: str, token: int) -> Answer | None:
        """From memory; while the database is away none is made, and the last is marked as such."""
        if self._outage is None or not self._outage.lasts:
            return await self.kept.get(path, token)
        last = self.kept.last(path, token)
        if last is None or STATIC.match(path):
            return last and last[0]
        answer, age = last
        made, plain = now.now() - timedelta(seconds=age), answer.plain
        if (b"content-type", b"text/html; charset=utf-8") in answer.headers:
            plain = self._outage.marked(plain, path, made)
        kept = tuple(pair for pair in answer.headers if pair[0] != b"cache-control")
        return packed(answer.status, (*kept, *aged(made)), plain)

    async def _by_ckan(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._outage and await self._outage.give(scope, send):
            return
        emergency = any(running for _version, running, _stand in self._events.values())
        path = scope["path"].encode()
        if not self.crowd.admits(path, emergency):
            await send_away(scope, send)
            return
        query = scope["query_string"]
        if not query.isascii():
            raw = "".join(chr(b) if b < 128 else f"%{b:02X}" for b in query)
            scope = {**scope, "query_string": raw.encode()}

        async def taken() -> Any:  # granian's own is an awaitable and no coroutine
            return await receive()

        passing = self._outage.passing(scope, send) if self._outage else None
        async with self.crowd.place(path, emergency):
            told = passing.send if passing else send
            await self._ckan(scope, taken, told)  # pyright: ignore[reportArgumentType]
        if passing:
            await passing.end()

    def _anonymous(self, scope: Scope) -> bool:
        """Whether nobody is signed in, as far as the request says."""
        for name, value in scope["headers"]:
            if name == b"cookie":
                names = {part.partition(b"=")[0].strip() for part in value.split(b";")}
                if names & self._cookies:
                    return False
            elif name in (b"authorization", b"x-ckan-api-key"):
                return False
        return True

    def _token(self, path: str) -> int | None:
        """What an answer depends on: its event's version, any change of any, or nothing."""
        found = OURS.match(path)
        if not found:
            return 0
        event = found.group(1)
        if event is None:
            return self._changes
        if event not in self._events:
            return None
        return (self._events[event][0] << 20) + self._turns[event]

    def _version(self, event: str) -> int | None:
        return self._events[event][0] if event in self._events else None

    async def _made(self, target: str) -> Answer | None:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._maker, self._render, target)

    async def _begin(self) -> None:
        """Look before the first answer; whoever comes meanwhile waits for that."""
        loop = asyncio.get_running_loop()
        if self._watching is not None:
            await self._seen.wait()
            return
        self._watching = loop.create_task(self._watch())
        if self._warm:
            loop.run_in_executor(None, self._warm)
        await self._see()
        self._seen.set()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(PAUSE)
            await self._see()
            if asyncio.get_running_loop().time() - self._counted > COUNTING:
                await self._keep_count()

    async def _see(self) -> None:
        """Look once; while the database is away nothing can change, and what is kept is right."""
        loop = asyncio.get_running_loop()
        try:
            if self._outage:
                await self._outage.look(self._watcher)
            events = await loop.run_in_executor(self._watcher, self._look)
        except Exception as error:  # a database of any kind of trouble must not end the watch
            log.warning("What changed cannot be seen: %s", type(error).__name__)
            return
        if events != self._events:
            known = self._events
            turned = {n for n, seen in events.items() if n in known and known[n][2] != seen[2]}
            self._turns.update(turned)
            self._events = events
            self._changes += 1
            if self._outage:
                self._outage.copies.drop(None)  # each page tells of events at its top
            if turned:
                self.kept.forget(lambda target: OURS.match(target) is not None)
            self.kept.refresh(self._token)
            self.streams.changed()

    async def _keep_count(self) -> None:
        """Write down how much data was fetched; what could not be written is kept for later."""
        loop = asyncio.get_running_loop()
        self._counted, fetched, self._fetched = loop.time(), self._fetched, Counter()
        if not fetched or self._count is None:
            return
        try:
            await loop.run_in_executor(self._watcher, self._count, fetched)
        except Exception as error:  # a database of any kind of trouble must not end the watch
            log.warning("What was fetched cannot be counted: %s", type(error).__name__)
            self._fetched += fetched

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._begin()
        async with answering(self._ckan.executor):
            await send({"type": "lifespan.startup.complete"})
            await receive()
        if self._watching:
            self._watching.cancel()
        await self._keep_count()
        await send({"type": "lifespan.shutdown.complete"})


async def _tell(scope: Scope, send: Send, answer: Answer) -> int:
    """The answer in the form that the reader takes, or that his is still right; the status."""
    takes, known = b"", b""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            takes = value
        elif name == b"if-none-match":
            known = value
    zipped = b"gzip" in takes and len(answer.packed) < len(answer.plain)
    etag = b'"' + answer.etag + (b'-z"' if zipped else b'"')
    headers = [*answer.headers, (b"etag", etag), (b"vary", b"Accept-Encoding, Cookie")]
    if known and answer.etag in known:
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return 304
    body = answer.packed if zipped else answer.plain
    headers.append((b"content-length", str(len(body)).encode()))
    if zipped:
        headers.append((b"content-encoding", b"gzip"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
    return answer.status
