"""The portal that is broken: brought up as an operator has it, under the project's supervisor."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import requests

from ckanext.govdata import web_workers
from ckanext.govdata.stack import mail_server, portal, postgres, processes, tasks
from ckanext.govdata.stack.home import Home
from ckanext.govdata.stack.parts import environment

from . import disks
from .hand import Hand
from .witness import Witness

ROOT = Path(__file__).parents[2]
PARTS = {
    "supervisor": "supervisor.supervisord",
    "solr": "XmlConfiguration",
    "valkey": "valkey.conf",
    "mail": "aiosmtpd",
    "web": "front.server",
    "worker": "jobs worker",
    "scheduler": "schedule run",
}
"""What stands in the command of each part."""
PATIENCE = 300.0
"""Seconds after which a portal that is not well by then is given up, on a machine however busy."""
GIVEN_UP = ("FATAL", "EXITED", "STOPPED")
"""States of a part that the supervisor starts no more by itself."""


@dataclass(frozen=True)
class Recovery:
    """In how many seconds the portal was well; whether somebody had to say ``make up``; what was
    still wrong at the end, where it never was."""

    seconds: float
    helped: bool
    complaint: str = ""


class Place:
    """One portal in a home of its own."""

    def __init__(self, folder: Path, with_disks: bool = False) -> None:
        self.folder = folder
        self.clock = folder / "clock"
        self.disks = disks.Disks()
        self._hand = Hand()
        self._with_disks = with_disks

    @property
    def home(self) -> Home:
        """Its home as it stands."""
        return Home.open(self.folder)

    @property
    def url(self) -> str:
        """Where it is asked."""
        return portal.local_url(self.home)

    @property
    def witness(self) -> Witness:
        """Who sits in its database."""
        return Witness(self.home)

    def build(self) -> dict[str, Any]:
        """A new one, up; who acts in it. What was there before is thrown away."""
        if Home.exists(self.folder):
            self.purge()
        home = self.home
        if self._with_disks:
            self.disks.mount(disks.of_home(self.folder, home.state.id))
        (self.folder / tasks.DEMO_LOADED).touch()
        self.up()
        home = self.home  # it has its ports now
        alone = psycopg2.connect(postgres.url(home, "admin", "postgres"))
        alone.autocommit = True
        alone.cursor().execute("ALTER SYSTEM SET track_commit_timestamp = on")
        alone.close()
        processes.Supervisor(home).halt([one for one in tasks.SERVICES if one.name == "postgres"])
        self.up()
        self.witness.sit_down()
        answer = subprocess.run(
            [sys.executable, "-m", "tests.chaos.people"], cwd=ROOT, env=self.environment(),
            capture_output=True, text=True, check=False,
        )
        if answer.returncode:
            raise RuntimeError(answer.stderr[-3000:])
        return json.loads(answer.stdout.strip().splitlines()[-1])

    def environment(self) -> dict[str, str]:
        """What its processes run with."""
        return {**environment(self.home), "GOVDATA_CLOCK": str(self.clock)}

    def up(self) -> None:
        """What ``make up`` does; raises with what it said where it fails."""
        self._operator("up")

    def down(self) -> None:
        """What ``make down`` does."""
        self._hand.end()
        self._operator("down")

    def purge(self) -> None:
        """Stop it and leave nothing of it."""
        self.down()
        self.disks.unmount(disks.of_home(self.folder, self.home.state.id))
        self._operator("purge")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _operator(self, command: str) -> None:
        answer = subprocess.run(
            [sys.executable, "-m", "ckanext.govdata.stack", command], cwd=ROOT,
            env=self.environment(), capture_output=True, text=True, check=False,
        )
        if answer.returncode:
            raise RuntimeError(f"make {command}: {answer.stdout[-1500:]}{answer.stderr[-1500:]}")

    def ckan(self, *words: str) -> str:
        """A command of the operator's; what it printed."""
        return portal.ckan(self.home, self.home.ini, *words)

    def job(self, name: str) -> bool:
        """Run one of the scheduler's jobs now; whether it went well."""
        return self._hand.run(name, self.environment())

    def processes(self, kind: str) -> list[psutil.Process]:
        """Those of that kind that are there now; ``everything`` are all."""
        if kind == "postmaster":
            server = postgres.process_id(self.home)
            return [psutil.Process(server)] if server and psutil.pid_exists(server) else []
        if kind in ("postgres", "backends"):
            found = postgres.server_processes(self.home)
            return found if kind == "postgres" else [
                one for one in found if says(one, "postgres: ckan")]
        if kind == "web workers":
            return list(self._web_workers())
        found = processes.leftovers(self.home)
        if kind == "everything":
            return found
        return [one for one in found if says(one, PARTS[kind])]

    def _web_workers(self) -> Iterator[psutil.Process]:
        """Those that answer on a socket of their own."""
        for _path, pid in web_workers.sockets(self.folder / "run"):
            with suppress(psutil.Error):
                yield psutil.Process(pid)

    def recover(self) -> Recovery:
        """Wait until all is well again; say ``make up`` where the supervisor is gone, or has given
        a part up."""
        began, helped = time.monotonic(), False
        complaint = "not asked"
        while complaint and time.monotonic() - began < PATIENCE:
            gone = not self.processes("supervisor")
            supervisor = processes.Supervisor(self.home)
            answers = not gone and supervisor.is_running()
            if gone or (answers and any(one in GIVEN_UP for one in supervisor.states().values())):
                helped = helped or not gone
                with suppress(RuntimeError):
                    self.up()
            complaint = self.complaint()
            if complaint:
                time.sleep(0.2)
        return Recovery(time.monotonic() - began, helped, complaint)

    def complaint(self) -> str:
        """Why it is not well, or nothing."""
        home = self.home
        down = {
            name: state for name, state in processes.Supervisor(home).states().items()
            if state not in processes.RUNNING
        }
        if down:
            return str(down)
        try:
            health = requests.get(f"{self.url}/api/govdata/health", timeout=(2, 10))
            page = requests.get(f"{self.url}/dataset/", timeout=(2, 10))
        except requests.RequestException as error:
            return f"the portal does not answer: {type(error).__name__}"
        if health.status_code != 200:
            parts = health.json().get("parts", {}) if health.text.startswith("{") else {}
            return str({name: one["why"] for name, one in parts.items() if not one["ok"]})
        if page.status_code != 200:
            return f"the list answers {page.status_code}"
        return mail_server.complaint(home)

    def pretend(self, day: str) -> None:
        """Move its clock to a day; an empty text gives the real one back."""
        self.clock.write_text(day, "utf-8")


def says(process: psutil.Process, words: str) -> bool:
    """Whether the words stand in its command."""
    try:
        return words in " ".join(process.cmdline())
    except psutil.Error:
        return False


def signal_all(found: list[psutil.Process], number: int) -> int:
    """Send them a signal; how many there were."""
    for one in found:
        with suppress(psutil.Error, ProcessLookupError):
            os.kill(one.pid, number)
    return len(found)
