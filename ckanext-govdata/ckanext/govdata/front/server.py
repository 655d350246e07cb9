"""The web server: granian with what the portal needs of it, and a stop that comes to an end.

``python -m ckanext.govdata.front.server [--host] [--port] [--workers] [TARGET]``. Granian 2.8
waits for ever for a worker that does not end. It loses the signal to stop where one of its workers
ends at the same moment (it forgets that it was woken), and a worker loses it while it is still
loading (it has its parent's handler, which only notes it). Here what is lost is said again or has
its default effect, and what is left after a time is killed.
"""

from __future__ import annotations

import argparse
import os
import signal
import time
from types import FrameType

import psutil
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

PORTAL = "ckanext.govdata.asgi:application"
PATIENCE = 15
"""Seconds in which workers may end what they are doing; whoever asked for the stop has more."""
LAST = 3
"""Seconds more, in which the server may end when its workers have been killed."""
BEAT = 1.0
"""Seconds between two looks at a stop that is under way."""


class PortalServer(MPServer):
    """Granian, with workers of its own processes that it ends in time."""

    _stopping: float | None = None

    def signal_handler_interrupt(self, *_args: object) -> None:
        """Stop, and look every second whether that goes on."""
        if self._stopping is None:
            self._stopping = time.monotonic()
            signal.signal(signal.SIGALRM, self._go_on)
            signal.setitimer(signal.ITIMER_REAL, BEAT, BEAT)
        super().signal_handler_interrupt()

    def _go_on(self, _number: int, _frame: FrameType | None) -> None:
        """Wake the server again, in case it was not; when the time is over, end all."""
        self.main_loop_interrupt.set()
        if time.monotonic() - (self._stopping or 0) > PATIENCE + LAST:
            _end_all()


def _end_all() -> None:
    for child in psutil.Process().children(recursive=True):
        child.kill()
    os._exit(1)


def _hear_by_itself() -> None:
    """A worker that is still loading ends at the signal; it has begun nothing."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def main() -> None:
    """Serve until told to stop."""
    asked = argparse.ArgumentParser(prog="front.server")
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--port", type=int, default=5000)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("target", nargs="?", default=PORTAL)
    wanted = asked.parse_args()
    os.register_at_fork(after_in_child=_hear_by_itself)
    PortalServer(
        wanted.target,
        address=wanted.host,
        port=wanted.port,
        workers=wanted.workers,
        interface=Interfaces.ASGI,
        backlog=1024,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
