"""Ends a web worker that no longer answers, so that its server starts another.

``python -m ckanext.govdata.front.watchdog COMMAND…`` becomes that server, with a watchdog as its
child. So the watchdog knows whom it may end, its own parent's children and nobody else, and ends
with its parent, under a supervisor, systemd and docker alike.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import psutil

from .. import now, web_workers
from ..web_workers import LOOP, SERVER, THREADS, socket_path, sockets

log = logging.getLogger("govdata.watchdog")

PATIENCE = 3.0
"""Seconds that a worker has to answer."""
PAUSE = 2.0
"""Seconds from an answer to the next question."""
LIMITS = {LOOP: 4, THREADS: 60}
"""How many questions in a row may go without that line: 20 seconds for the loop, which nothing may
keep; five minutes for the threads, which a slow service or large files keep at times. By then the
proxy has given up every request in them (120 s), and the database every lock and transaction."""


GRACE = 10.0
"""Seconds in which a worker that has lost its server may end by itself."""


class Watchdog:
    """Asks the workers of one server, and ends those that do not answer."""

    def __init__(self, folder: Path, server: int, patience: float = PATIENCE) -> None:
        self._folder, self._server, self._patience = folder, server, patience
        self._missed: Counter[tuple[psutil.Process, bytes]] = Counter()
        self._workers: list[psutil.Process] = []

    async def watch(self) -> None:
        """Look again and again, as long as the server that started this process lives; of one that
        was killed end the workers that do not notice."""
        while os.getppid() == self._server:
            await self.look()
            await asyncio.sleep(PAUSE)
        _gone, alive = psutil.wait_procs(self._workers, timeout=GRACE)
        for worker in alive:
            log.error("Web worker %s outlives its server: killed", worker.pid)
            _kill(worker)

    async def look(self) -> None:
        """Ask every worker once, and remove the sockets of processes that are no more."""
        try:
            children = psutil.Process(self._server).children()
        except psutil.Error:
            return
        self._workers = [one for one in children if one.pid != os.getpid()]
        for path, pid in sockets(self._folder):
            if not psutil.pid_exists(pid):
                path.unlink(missing_ok=True)
        await asyncio.gather(*map(self._judge, self._workers))

    async def _judge(self, worker: psutil.Process) -> None:
        """Ask one child; who has no socket, or one that nobody listens on, is not judged."""
        said: set[bytes] = set()
        path = socket_path(self._folder, worker.pid)
        try:
            await asyncio.wait_for(_listen(path, said), self._patience)
        except asyncio.TimeoutError:
            pass  # what was said until then counts
        except OSError:
            return
        for line, limit in LIMITS.items():
            self._missed[worker, line] = 0 if line in said else self._missed[worker, line] + 1
            if self._missed[worker, line] >= limit:
                self._end(worker, line)
                return

    def _end(self, worker: psutil.Process, line: bytes) -> None:
        log.error("Web worker %s does not answer (%s): killed", worker.pid, line.decode().strip())
        web_workers.note_replaced(self._folder, worker.pid, line, now.real())
        _kill(worker)


async def _listen(path: Path, said: set[bytes]) -> None:
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        async for line in reader:
            said.add(line)
    finally:
        writer.close()


def _kill(worker: psutil.Process) -> None:
    """By SIGKILL: one that is stopped hears nothing else. psutil spares later owners of its pid."""
    try:
        worker.kill()
    except psutil.Error as error:
        log.warning("Web worker %s could not be killed: %s", worker.pid, error)


def run(command: Sequence[str]) -> None:
    """Become the server of that command, with a watchdog beside it if there are to be sockets."""
    folder, server = web_workers.folder(), os.getpid()
    os.environ[SERVER] = str(server)
    if folder and os.fork() == 0:
        logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
        asyncio.run(Watchdog(folder, server).watch())
    else:
        os.execvp(command[0], [*command])  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    run(sys.argv[1:])
