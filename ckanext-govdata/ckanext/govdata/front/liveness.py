"""Whether this web process still answers: a line of its loop's and one of its threads', on a
socket of its own.

The port is shared by all workers, so a request to it says nothing of the one that hangs.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from concurrent.futures import Executor
from contextlib import asynccontextmanager

from .. import web_workers
from ..web_workers import LOOP, SERVER, THREADS, socket_path

log = logging.getLogger(__name__)

PAUSE = 0.5
"""Seconds between two looks whether the server is still there."""


@asynccontextmanager
async def answering(threads: Executor) -> AsyncIterator[None]:
    """Answer as long as this lasts, where the environment names a folder for it, and end when the
    server is gone: what it leaves behind would keep its port and answer with yesterday's code."""
    folder = web_workers.folder()
    server = path = None
    orphan = asyncio.get_running_loop().create_task(_end_as_orphan())
    if folder:
        path = socket_path(folder, os.getpid())
        try:
            path.unlink(missing_ok=True)  # of one who had this number before
            server = await asyncio.start_unix_server(_Pulse(threads), path)
        except OSError as error:  # a full disk must not keep the portal from starting
            log.warning("Nobody can ask whether this process answers: %s", error)
    try:
        yield
    finally:
        orphan.cancel()
        if server and path:
            server.close()
            path.unlink(missing_ok=True)


async def _end_as_orphan() -> None:
    """Wait until the server that the environment names is no more this process's parent."""
    server = int(os.environ.get(SERVER, "0"))
    while server and os.getppid() == server:
        await asyncio.sleep(PAUSE)
    if server:
        log.error("The web server is gone: this worker ends")
        os.kill(os.getpid(), signal.SIGTERM)


class _Pulse:
    """Answers who asks.

    The turn that is asked of the threads stands from one question to the next: where they are so
    busy that it comes only after minutes, but comes, they are seen to go on.
    """

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self._turn = self._next_turn()

    async def __call__(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(LOOP)
        await asyncio.wait([self._turn])
        self._turn = self._next_turn()
        writer.write(THREADS)
        writer.close()

    def _next_turn(self) -> asyncio.Future[None]:
        return asyncio.get_running_loop().run_in_executor(self._threads, _nothing)


def _nothing() -> None:
    """All that a thread is asked to do."""
