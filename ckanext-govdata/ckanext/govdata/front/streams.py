"""Server-sent events on the loop: a reader who waits for news costs no thread."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

MOST = 5000
"""Streams of one process; whoever comes then is told to come back."""
BEAT = 15.0
"""Seconds after which something is said although nothing happened, so that proxies hold on."""
RETRY = 5
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"access-control-allow-origin", b"*"),
]


class Streams:
    """All who listen in this process."""

    def __init__(self) -> None:
        self._change = asyncio.Event()
        self.open = 0

    def changed(self) -> None:
        """Wake everybody; each looks whether it was his event."""
        self._change.set()
        self._change = asyncio.Event()

    async def run(
        self,
        event: str,
        version: Callable[[str], int | None],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        """Tell the event's version now and whenever it changes, until the reader goes."""
        if self.open >= MOST:
            headers = [(b"retry-after", str(RETRY).encode()), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        self.open += 1
        gone = asyncio.get_running_loop().create_task(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await self._tell(event, version, gone, send)
        finally:
            self.open -= 1
            gone.cancel()

    async def _tell(
        self, event: str, version: Callable[[str], int | None], gone: asyncio.Task[None], send: Any
    ) -> None:
        said: int | None = None
        opening = f"retry: {RETRY * 1000}\n\n".encode()
        await send({"type": "http.response.body", "body": opening, "more_body": True})
        while not gone.done():
            change, current = self._change, version(event)
            if current is None:
                break
            piece = b": still here\n\n"
            if current != said:
                said = current
                piece = _message(event, current)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            waiting = asyncio.get_running_loop().create_task(change.wait())
            await asyncio.wait({waiting, gone}, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
        await send({"type": "http.response.body", "body": b""})


def _message(event: str, version: int) -> bytes:
    data = json.dumps({"event": event, "version": version})
    return f"id: {version}\nevent: version\ndata: {data}\n\n".encode()


async def _gone(receive: Callable[[], Awaitable[Any]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
