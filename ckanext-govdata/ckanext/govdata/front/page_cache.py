"""Answers kept in memory, made anew when their event changes: one at a time, never too old."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

LIFE = 15.0
"""Seconds after which an answer is made anew without a change: lateness goes by the clock."""
PATIENCE = 1.0
"""Seconds for which the former answer is given while the new one is made."""
MOST_BYTES = 64 * 2**20
LARGEST = 4 * 2**20

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True)
class Answer:
    """A whole answer, plain and packed, with an entity tag for each."""

    status: int
    headers: Headers
    plain: bytes
    packed: bytes
    etag: bytes

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, roughly."""
        return len(self.plain) + len(self.packed)


class Unmade(Exception):
    """An answer cannot be made at the moment; the former one is not wrong for that."""


@dataclass
class _Entry:
    answer: Answer | None
    token: int
    born: float
    stale: float | None = None
    hits: int = 0


def _right_until(entry: _Entry, token: int) -> float:
    """Until when an answer is right: to its event's change if that was seen, else by the clock.

    One whose making began before the change and ended after it was never right.
    """
    if entry.token == token:
        return entry.born + LIFE
    return entry.born if entry.stale is None else entry.stale


def packed(status: int, headers: Headers, body: bytes) -> Answer:
    """The answer with its gzip form and its entity tag."""
    etag = hashlib.sha256(body).hexdigest()[:32].encode()
    return Answer(status, headers, body, gzip.compress(body, 6, mtime=0), etag)


class Kept:
    """Answers by target. ``render`` makes one, off the loop; None: it is not to be kept.

    A target's token changes when its event does. Whoever asks within ``PATIENCE`` seconds of that
    (or of the end of its ``LIFE``) gets the former answer; whoever asks later waits for the new
    one, however long nobody had asked before.
    """

    def __init__(self, render: Callable[[str], Awaitable[Answer | None]]) -> None:
        self._render = render
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._making: dict[tuple[str, int], asyncio.Task[Answer | None]] = {}
        self._bytes = 0

    async def get(self, target: str, token: int) -> Answer | None:
        """The answer for a target, or None where CKAN must give it itself."""
        entry = self._entries.get(target)
        if entry is None:
            return await self._made(target, token)
        entry.hits += 1
        instant = asyncio.get_running_loop().time()
        too_old = instant - _right_until(entry, token)
        if too_old < 0:
            return entry.answer
        making = self._made(target, token)
        return await making if too_old >= PATIENCE else entry.answer

    def last(self, target: str, token: int) -> tuple[Answer, float] | None:
        """The answer that was made last, however old, and its age in seconds; None if its event
        has changed since."""
        entry = self._entries.get(target)
        if entry is None or entry.answer is None or entry.token != token:
            return None
        return entry.answer, asyncio.get_running_loop().time() - entry.born

    def forget(self, which: Callable[[str], bool]) -> None:
        """Give these out no more, not even until new ones are made: they were withdrawn."""
        for target in [target for target in self._entries if which(target)]:
            self._drop(target)

    def refresh(self, tokens: Callable[[str], int | None]) -> None:
        """Make anew what is asked for often and has changed; forget what is gone."""
        instant = asyncio.get_running_loop().time()
        busy = sorted(self._entries.items(), key=lambda item: -item[1].hits)
        for target, entry in busy:
            token = tokens(target)
            if token is None:
                self._drop(target)
            elif token != entry.token:
                entry.stale = instant if entry.stale is None else entry.stale
                if entry.hits:
                    self._made(target, token)

    def _made(self, target: str, token: int) -> asyncio.Task[Answer | None]:
        key = (target, token)
        task = self._making.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._make(target, token))
            self._making[key] = task
            task.add_done_callback(lambda done: self._done(key, done))
        return task

    async def _make(self, target: str, token: int) -> Answer | None:
        former = self._entries.get(target)
        try:
            answer = await self._render(target)
        except Unmade:
            return former.answer if former and former.token == token else None
        kept = answer if answer is not None and answer.size <= LARGEST else None
        former = self._entries.get(target)
        if former is None or former.token <= token:
            self._drop(target)
            born = asyncio.get_running_loop().time()
            self._entries[target] = _Entry(kept, token, born)
            self._bytes += kept.size if kept else 0
            while self._bytes > MOST_BYTES or len(self._entries) > 2000:
                self._drop(next(iter(self._entries)))
        return kept

    def _done(self, key: tuple[str, int], task: asyncio.Task[Answer | None]) -> None:
        self._making.pop(key, None)
        if not task.cancelled() and task.exception() is not None:
            self._drop(key[0])  # whoever asks next goes to CKAN, which tells what is wrong

    def _drop(self, target: str) -> None:
        entry = self._entries.pop(target, None)
        if entry is not None and entry.answer is not None:
            self._bytes -= entry.answer.size
