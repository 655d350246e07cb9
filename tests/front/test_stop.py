"""A stop of the web server comes to an end, and leaves nothing that keeps its port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from ckanext.govdata.front import server
from ckanext.govdata.web_workers import FOLDER, sockets
from tests.front.front_world import run, until
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
LOADING = """
import os
open(os.path.join(os.environ["GOVDATA_LIVENESS"], f"loading-{os.getpid()}"), "w").close()
open(os.environ["GATE"]).read()
"""
"""An application that is still loading: it waits until somebody opens the gate, a pipe."""


@contextmanager
def serving(folder: Path, target: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [
        *(sys.executable, "-m", "ckanext.govdata.front.watchdog"),
        *(sys.executable, "-m", "ckanext.govdata.front.server"),
        *("--port", str(free_port()), target),
    ]
    where = {FOLDER: str(folder), "GATE": str(folder / "gate"), "PYTHONPATH": str(folder)}
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **where})
    family = []
    try:
        yield process
    finally:
        if process.poll() is None:
            family = psutil.Process(process.pid).children()
        for one in family:
            one.kill()
        process.kill()
        process.wait(10)


def ended(process: subprocess.Popen[bytes], within: float) -> None:
    """It and its workers are gone."""
    family = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    process.wait(within)
    _gone, alive = psutil.wait_procs(family, 10)
    assert not alive


def test_a_worker_that_is_still_loading_hears_the_signal(tmp_path: Path) -> None:
    (tmp_path / "loading.py").write_text(LOADING)
    os.mkfifo(tmp_path / "gate")
    with serving(tmp_path, "loading:application") as process:
        run(until(lambda: len(list(tmp_path.glob("loading-*"))) == 2))
        ended(process, server.PATIENCE - 5)


def test_workers_that_lost_their_server_end_and_free_its_port(tmp_path: Path) -> None:
    with serving(tmp_path, "tests.front.served:application") as process:
        run(until(lambda: len(list(sockets(tmp_path))) == 2))
        family = psutil.Process(process.pid).children()
        stopped = max(pid for _path, pid in sockets(tmp_path))
        os.kill(process.pid, signal.SIGKILL)
        _gone, alive = psutil.wait_procs(family, 15)
        assert not alive, stopped


class _Quick(server.PortalServer):
    """A server whose time is over as soon as it is asked to stop, and that forgot to wake."""

    def __init__(self) -> None:
        self.woken = 0
        self.main_loop_interrupt = self

    def set(self) -> None:
        self.woken += 1


def test_a_stop_that_was_forgotten_is_said_again_and_in_the_end_all_are_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ends: list[int] = []
    monkeypatch.setattr(server, "_end_all", lambda: ends.append(1))
    monkeypatch.setattr(server, "BEAT", 0.01)
    asked = _Quick()
    try:
        asked.signal_handler_interrupt()
        run(until(lambda: asked.woken > 3))
        assert not ends
        monkeypatch.setattr(server, "PATIENCE", -server.LAST)
        run(until(lambda: ends))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
