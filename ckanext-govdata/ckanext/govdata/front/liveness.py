"""Whether this web process still answers: a line of its loop's and one of its threads', on a
socket of its own.

The port is shared by all workers, so a request to it says nothing of the one that hangs.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from pathlib import Path

log = logging.getLogger(__name__)

FOLDER = "GOVDATA_LIVENESS"
"""The environment's name for the folder of the sockets; without it there is none."""
LOOP, THREADS = b"loop\n", b"threads\n"
"""What is said: at once, and as soon as a thread has had a turn since the last question."""


def socket_path(folder: Path, pid: int) -> Path:
    """Where the process of that number answers."""
    return folder / f"web-{pid}.sock"


def sockets(folder: Path) -> Iterator[tuple[Path, int]]:
    """The sockets in the folder, each with the number of the process that made it."""
    for path in folder.glob("web-*.sock"):
        yield path, int(path.stem.removeprefix("web-"))


@asynccontextmanager
async def answering(threads: Executor) -> AsyncIterator[None]:
    """Answer as long as this lasts, where the environment names a folder for it."""
    folder = os.environ.get(FOLDER)
    server = path = None
    if folder:
        path = socket_path(Path(folder), os.getpid())
        try:
            path.unlink(missing_ok=True)  # of one who had this number before
            server = await asyncio.start_unix_server(_Pulse(threads), path)
        except OSError as error:  # a full disk must not keep the portal from starting
            log.warning("Nobody can ask whether this process answers: %s", error)
    try:
        yield
    finally:
        if server and path:
            server.close()
            path.unlink(missing_ok=True)


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
