"""The supervisor that starts the parts, and starts them again when they fall."""
from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any
from xmlrpc.client import Fault, ServerProxy

import psutil

from ..stack_mark import MARK
from . import postgres
from .home import Home, template, write_private
from .parts import PARTS, Part, environment
from .trouble import Trouble

RUNNING = ("RUNNING", "STARTING")


def configuration(home: Home, parts: Iterable[Part] = PARTS) -> str:
    """The supervisor's ini; holds no path, so nothing in it needs quoting."""
    programs = (
        template("program.conf").format(
            part=part.name,
            signal=part.signal,
            patience=part.patience,
            group=str(part.group).lower(),
        )
        for part in parts
    )
    return template("supervisord.conf").format(
        id=home.state.id, port=home.port("supervisor"), password=home.secret("supervisor")
    ) + "".join(programs)


def launcher(python: str, path: str) -> str:
    """The script ``run/part NAME`` that becomes a part; the only place with real paths."""
    return (
        "#!/bin/sh\n# Written at every start: becomes one part of the stack.\n"
        f"export GOVDATA_HOME={shlex.quote(path)}\n"
        f'exec {shlex.quote(python)} -m ckanext.govdata.stack run "$1"\n'
    )


class Supervisor:
    """The supervisor of one home, running or not."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def is_running(self) -> bool:
        """Whether it answers, and is ours."""
        if "supervisor" not in self.home.state.ports:
            return False
        try:
            return self._rpc().getIdentification() == self.home.state.id
        except (OSError, Fault, ValueError):
            return False
        except Exception:  # another program's answer on our old port is no supervisor
            return False

    def start(self) -> None:
        """Start it, without parts; raises Trouble when it does not answer in thirty seconds."""
        home = self.home
        write_private(home.path / "run" / "supervisord.conf", configuration(home))
        script = home.path / "run" / "part"
        write_private(script, launcher(sys.executable, str(home.path)))
        script.chmod(0o700)
        with home.log("supervisord-start").open("w") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "supervisor.supervisord", "-c", "run/supervisord.conf"],
                cwd=home.path,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=environment(home),
            )
        if not wait(lambda: self.is_running() or child.poll() is not None, 30) or child.poll():
            raise Trouble(f"The supervisor did not start.\n{tail(home, 'supervisord-start')}")

    def states(self) -> dict[str, str]:
        """Each part's state in the supervisor's words (RUNNING, STOPPED, BACKOFF, FATAL, …)."""
        if not self.is_running():
            return {part.name: "STOPPED" for part in PARTS}
        return {row["name"]: row["statename"] for row in self._rpc().getAllProcessInfo()}

    def launch(self, parts: Iterable[Part]) -> None:
        """Ask for those parts that do not run yet; does not wait."""
        states = self.states()
        for part in parts:
            if states[part.name] not in RUNNING:
                try:
                    self._rpc().startProcess(part.name, False)
                except Fault as fault:
                    raise Trouble(f"{part.label} cannot be started: {fault.faultString}") from fault

    def halt(self, parts: Iterable[Part]) -> None:
        """Stop those parts and wait until they are gone."""
        states = self.states()
        for part in parts:
            if states.get(part.name, "STOPPED") not in ("STOPPED", "EXITED", "FATAL"):
                self._rpc().stopProcess(part.name, True)

    def await_part(self, part: Part, ready: Callable[[], str], seconds: float) -> None:
        """Wait until ``ready`` returns no complaint.

        Raises Trouble with the complaint and the end of the log when the part gave up or the
        time is over.
        """
        complaint = "it did not answer"

        def settled() -> bool:
            nonlocal complaint
            complaint = ready()
            return not complaint or self.states()[part.name] in ("FATAL", "STOPPED")

        wait(settled, seconds)
        if complaint:
            raise Trouble(f"{part.label} is not up: {complaint}\n{tail(self.home, part.name)}")

    def stop(self) -> None:
        """Stop every part and the supervisor itself, then whatever a kill left behind."""
        if self.is_running():
            self._rpc().shutdown()
            wait(lambda: not self.is_running() and not leftovers(self.home), 90)
        sweep(self.home)

    def _rpc(self) -> Any:
        """Whatever answers here is typed by supervisor's own documentation."""
        home = self.home
        address = f"govdata:{home.secret('supervisor')}@127.0.0.1:{home.port('supervisor')}"
        return ServerProxy(f"http://{address}/RPC2").supervisor


def wait(done: Callable[[], object], seconds: float) -> bool:
    """Ask every tenth of a second until ``done``; False when the time is over."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def leftovers(home: Home) -> list[psutil.Process]:
    """Processes that carry this stack's mark, and its PostgreSQL (which hides its environment)."""
    found = postgres.server_processes(home)
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            if process.environ().get(MARK) == home.state.id and process not in found:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def sweep(home: Home) -> None:
    """End what a killed supervisor left running, so that the next start finds its ports free."""
    orphans = leftovers(home)
    for process in orphans:
        try:
            process.send_signal(2 if process.name() == "postgres" else 15)
        except psutil.Error:
            continue
    _gone, alive = psutil.wait_procs(orphans, timeout=20)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=5)


def tail(home: Home, part: str, lines: int = 12) -> str:
    """The last lines of a part's log, indented; for messages."""
    path = home.log(part)
    if not path.exists():
        return "    (it wrote no log)"
    text = path.read_text("utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join([f"    {path}", *(f"    | {line[:300]}" for line in text)])
