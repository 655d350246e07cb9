"""Liveness is an answer on each worker's own socket; who does not give it is replaced."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from ckanext.govdata.front.liveness import answering
from ckanext.govdata.front.watchdog import LIMITS, Watchdog
from ckanext.govdata.web_workers import FOLDER, LOOP, THREADS, socket_path, sockets
from tests.front.front_world import run, until
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import os, socket, sys
door = socket.socket(socket.AF_UNIX)
door.bind(os.path.join(sys.argv[1], f"web-{os.getpid()}.sock"))
if sys.argv[2] != "deaf":
    door.listen()
print(flush=True)
while sys.argv[2] != "deaf":
    asker, _ = door.accept()
    asker.sendall(sys.argv[2].encode())
    asker.close()
sys.stdin.read()
"""
"""A process that says what it is told to whoever asks; a deaf one does not even listen."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short one: the path of a socket has room for a hundred letters."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


@contextmanager
def worker(folder: Path, says: bytes | str) -> Iterator[subprocess.Popen[bytes]]:
    says = says if isinstance(says, str) else says.decode()
    with subprocess.Popen([sys.executable, "-c", WORKER, str(folder), says],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert process.stdout.readline()
            yield process
        finally:
            process.kill()


def rounds(watchdog: Watchdog, number: int) -> None:
    for _ in range(number):
        run(watchdog.look())


@contextmanager
def granian(folder: Path, port: int) -> Iterator[int]:
    """Two workers of the portal in memory; the server's process."""
    command = [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)),
        *("--workers", "2", "--respawn-failed-workers", "--log-level", "warning"),
        "tests.front.served:application",
    ]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, FOLDER: str(folder)})
    try:
        run(until(lambda: len(list(sockets(folder))) == 2))
        yield server.pid
    finally:
        family = psutil.Process(server.pid).children()
        for process in family:
            process.resume()
        server.terminate()
        server.wait(30)
        psutil.wait_procs(family, 10)


def answered(port: int) -> int:
    """How many of sixteen requests, each on a connection of its own, are answered."""
    def one(_number: int) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/about", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    with ThreadPoolExecutor(16) as readers:
        return sum(readers.map(one, range(16)))


def test_a_stopped_worker_is_replaced_and_every_request_answered(folder: Path) -> None:
    port = free_port()
    with granian(folder, port) as server:
        before = {pid for _path, pid in sockets(folder)}
        stopped = max(before)
        os.kill(stopped, signal.SIGSTOP)
        watchdog = Watchdog(folder, server, patience=1)

        async def replaced() -> set[int]:
            while True:
                await watchdog.look()
                now = {pid for _path, pid in sockets(folder)}
                if stopped not in now and len(now) == 2:
                    return now

        now = run(replaced())
        assert before - now == {stopped}  # the other was left alone
        assert answered(port) == 16


def test_a_healthy_pair_is_left_alone(folder: Path) -> None:
    port = free_port()
    with granian(folder, port) as server:
        before = dict(sockets(folder))
        rounds(Watchdog(folder, server), 2 * LIMITS[LOOP])
        assert dict(sockets(folder)) == before
        assert answered(port) == 16
    assert not dict(sockets(folder))  # who goes takes his socket along


def test_a_silent_loop_ends_its_worker_after_four_questions(folder: Path) -> None:
    watchdog = Watchdog(folder, os.getpid())
    with worker(folder, b"") as silent:
        rounds(watchdog, LIMITS[LOOP] - 1)
        assert silent.poll() is None
        rounds(watchdog, 1)
        assert silent.wait(10) == -signal.SIGKILL


def test_busy_threads_have_fifteen_times_as_long(folder: Path) -> None:
    watchdog = Watchdog(folder, os.getpid())
    with worker(folder, LOOP) as busy:
        rounds(watchdog, 15 * LIMITS[LOOP] - 1)
        assert busy.poll() is None
        rounds(watchdog, 1)
        assert busy.wait(10) == -signal.SIGKILL


def test_only_children_of_the_server_are_ended(folder: Path) -> None:
    with worker(folder, b"") as of_another, worker(folder, b"") as server:
        rounds(Watchdog(folder, server.pid), 2 * LIMITS[LOOP])
        assert of_another.poll() is None


def test_a_child_that_opened_no_socket_is_not_judged_by_that_of_its_number(folder: Path) -> None:
    """The dead worker's number was given to another child: nobody listens on what he left."""
    with worker(folder, "deaf") as heir:
        rounds(Watchdog(folder, os.getpid()), 2 * LIMITS[LOOP])
        assert heir.poll() is None


def test_the_sockets_of_the_dead_are_removed(folder: Path) -> None:
    with worker(folder, LOOP + THREADS) as dead, worker(folder, LOOP + THREADS) as living:
        dead.kill()
        dead.wait()
        rounds(Watchdog(folder, os.getpid()), 1)
        assert dict(sockets(folder)) == {socket_path(folder, living.pid): living.pid}


def test_threads_that_are_slow_but_go_on_are_seen_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(folder))
    gate = threading.Event()

    async def lived() -> None:
        with ThreadPoolExecutor(1) as threads:
            threads.submit(gate.wait, 20)
            async with answering(threads):
                place = socket_path(folder, os.getpid())
                answer, asker = await asyncio.open_unix_connection(place)
                assert await answer.readline() == LOOP  # and no thread has had a turn
                gave_up, impatient = await asyncio.open_unix_connection(place)
                assert await gave_up.readline() == LOOP
                impatient.close()
                gate.set()
                assert await answer.readline() == THREADS
                asker.close()

    run(lived())
    assert not dict(sockets(folder))


def test_without_a_folder_there_is_no_socket(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    monkeypatch.chdir(folder)

    async def lived() -> list[Path]:
        with ThreadPoolExecutor(1) as threads:
            async with answering(threads):
                return [*folder.iterdir()]

    assert run(lived()) == []


def test_a_folder_that_takes_nothing_keeps_no_portal_from_starting(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(folder / "none"))

    async def lived() -> bool:
        with ThreadPoolExecutor(1) as threads:
            async with answering(threads):
                return True

    assert run(lived())


def test_the_watchdog_begins_and_ends_with_its_server(folder: Path) -> None:
    """As the supervisor, systemd and docker start it."""
    with worker(folder, b"") as dead:
        dead.kill()
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen([sys.executable, "-m", "ckanext.govdata.front.watchdog", *command],
                          stdin=subprocess.PIPE, env={**os.environ, FOLDER: str(folder)}) as server:
        run(until(lambda: not dict(sockets(folder))))
        family = psutil.Process(server.pid).children()
        assert psutil.Process(server.pid).cmdline() == command
        assert len(family) == 1
        server.terminate()
    _gone, alive = psutil.wait_procs(family, 15)
    assert not alive
