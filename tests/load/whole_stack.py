"""A whole stack as an operator has it, in a folder of its own: up, full, watched, killed, down."""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import requests

from ckanext.govdata.health import probes
from ckanext.govdata.stack import postgres, solr, valkey
from ckanext.govdata.stack.home import Home
from ckanext.govdata.stack.parts import environment
from ckanext.govdata.stack.portal import local_url
from ckanext.govdata.stack.processes import leftovers
from ckanext.govdata.web_workers import sockets

from .day import Known

MARKS = {
    "postgres": "postgres", "valkey": "valkey-server", "solr": "java",
    "worker": "jobs worker", "scheduler": "schedule run", "mail": "aiosmtpd",
}
"""What stands in the command line of each part."""
OFFICER = "huaining-officer"
RESTART = 120.0
"""Seconds within which a killed part must be well again."""


@contextmanager
def whole_stack(place: Path) -> Iterator[Home]:
    """What ``make up`` brings up, with its demo, in that folder; stopped at the end, data kept."""
    _stack(place, "up")
    try:
        yield Home.open(place)
    finally:
        _stack(place, "down")


def _stack(place: Path, command: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "ckanext.govdata.stack", command],
        env={**os.environ, "GOVDATA_HOME": str(place)}, check=True,
    )


def fill(home: Home, entries: int) -> tuple[int, Known]:
    """Fill the portal; how many entries it has, and what there is to be asked for."""
    script = Path(__file__).with_name("filling.py")
    done = subprocess.run(
        [sys.executable, str(script), str(entries)], env=environment(home),
        capture_output=True, text=True, check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    told = json.loads(done.stdout.strip().splitlines()[-1])
    lists = {name: tuple(told[name]) for name in ("entries", "departments", "files", "tables")}
    host = local_url(home).removeprefix("http://")
    return told["count"], Known(
        host=host, cookie=_cookie(home), token=told["token"], own=told["own"], **lists)


def _cookie(home: Home) -> str:
    """The officer signs in as in a browser."""
    with requests.Session() as session:
        page = session.get(f"{local_url(home)}/user/login", timeout=30).text
        form = dict(re.findall(r'<input[^>]*name="(_csrf_token)"[^>]*value="([^"]+)"', page))
        form |= {"login": OFFICER, "password": home.secret("demo")}
        session.post(f"{local_url(home)}/user/login", data=form, timeout=30)
        desk = session.get(f"{local_url(home)}/cases/desk", timeout=30)
        if desk.status_code != 200 or "/user/login" in desk.url:
            raise RuntimeError(f"{OFFICER} could not sign in")
        return "; ".join(f"{one.name}={one.value}" for one in session.cookies)


def processes(home: Home, part: str) -> list[psutil.Process]:
    """The part's processes, its parent first."""
    found = []
    for process in leftovers(home):
        try:
            if MARKS[part] in " ".join(process.cmdline()):
                found.append((process.create_time(), process))
        except psutil.Error:
            continue
    return [process for _, process in sorted(found, key=lambda one: one[0])]


def web_workers(home: Home) -> list[psutil.Process]:
    """The processes that answer requests, each on a socket of its own too."""
    found = []
    for _path, pid in sorted(sockets(home.path / "run"), key=lambda one: one[1]):
        with suppress(psutil.Error):
            found.append(psutil.Process(pid))
    return found


def memory(home: Home) -> dict[str, float]:
    """MiB of each part, what its processes share counted once."""
    sizes = {}
    for part in ("web", *MARKS):
        members = web_workers(home) if part == "web" else processes(home, part)
        for number, process in enumerate(members if part == "web" else [None]):
            several = members if process is None else [process]
            name = part if process is None else f"{part} {number + 1}"
            try:
                sizes[name] = sum(one.memory_full_info().pss for one in several) / 2**20
            except psutil.Error:
                continue
    return sizes


def kill(home: Home, part: str) -> float:
    """Kill a part's parent process (one worker of the web); the instant."""
    victim = web_workers(home)[0] if part == "web" else processes(home, part)[0]
    at = time.monotonic()
    victim.kill()
    return at


def await_well(home: Home, part: str, before: set[int]) -> float:
    """Wait until the part is there again, by other processes than before, and answers; the instant.

    Raises RuntimeError where it does not come back.
    """
    end = time.monotonic() + RESTART
    while time.monotonic() < end:
        if _is_well(home, part, before):
            return time.monotonic()
        time.sleep(.2)
    raise RuntimeError(f"{part} did not come back within {RESTART:.0f} s")


def _is_well(home: Home, part: str, before: set[int]) -> bool:
    if part == "postgres":
        return not probes.postgres(postgres.url(home, "ckan", "ckan"))
    if part == "solr":
        return not probes.solr(solr.url(home))
    if part == "valkey":
        return not probes.valkey(valkey.url(home))
    members = web_workers(home) if part == "web" else processes(home, part)
    return len(members) >= (2 if part == "web" else 1) and not before & {
        process.pid for process in members}
