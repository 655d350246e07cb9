"""Everybody who asks: requests come at their own rate, however long the answers take."""
from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.asking import ask, connect

from .day import Request

PATIENCE = 60.0
"""Seconds that somebody waits for an answer."""
BROKEN = "broken"
"""The status of a line that broke before the whole answer came."""


@dataclass(frozen=True)
class Asked:
    """One request and how it went; instants in seconds of ``time.monotonic``."""

    kind: str
    path: str
    at: float
    seconds: float
    status: str
    away: bool
    """Whether the answer names a time to come back."""


async def crowd(
    url: str, requests: Iterator[Request], rate: float, until: asyncio.Event, found: list[Asked]
) -> None:
    """Ask about ``rate`` times a second until told to end; what was asked is added to ``found``.

    Nobody waits for somebody else's answer, so that a portal that hangs is asked on.
    """
    chance = random.Random(0)
    running: set[asyncio.Task[None]] = set()
    due = time.monotonic()
    while not until.is_set():
        due += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        task = asyncio.create_task(_one(url, next(requests), due, found))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)


async def _one(url: str, request: Request, due: float, found: list[Asked]) -> None:
    """One request; its seconds count from when it was to be sent."""
    status, away = BROKEN, False
    try:
        status, away = await asyncio.wait_for(_answered(url, request.sent), PATIENCE)
    except asyncio.TimeoutError:
        status = "no answer"
    except (OSError, EOFError):  # IncompleteReadError is an EOFError
        pass
    found.append(Asked(request.kind, request.path, due, time.monotonic() - due, status, away))


async def _answered(url: str, sent: bytes) -> tuple[str, bool]:
    reader, writer = await connect(url)
    try:
        answer = await ask(reader, writer, sent)
    finally:
        writer.close()
    return answer.status, answer.away
