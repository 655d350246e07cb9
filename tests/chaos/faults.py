"""What goes wrong: each fault is a few seconds of it, drawn by the round's dice."""
from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

import psutil
import psycopg2

from .disks import Disks
from .place import ROOT, Place, signal_all

KILLED = (
    "postmaster", "backends", "solr", "valkey", "web workers", "web", "worker", "scheduler",
    "mail", "supervisor", "everything",
)
PAUSED = ("postgres", "backends", "solr", "valkey", "web workers", "worker", "scheduler", "mail")
ONE = ("web workers", "backends")
"""Of these one alone is hit as often as all."""


@dataclass(frozen=True)
class Fault:
    """``strike`` does it and says what it did; ``weight`` is how often it is drawn."""

    name: str
    strike: Callable[[Place, random.Random], str]
    weight: float = 1.0
    alone: bool = False
    """Whether no second one comes beside it."""


def hit(place: Place, dice: random.Random, kind: str, number: int) -> list[psutil.Process]:
    """Send a signal to those of a kind, or to one of them."""
    found = place.processes(kind)
    if kind in ONE and found and dice.random() < 0.5:
        found = [dice.choice(found)]
    signal_all(found, number)
    return found


def killing(kind: str) -> Fault:
    """SIGKILL."""
    def strike(place: Place, dice: random.Random) -> str:
        return f"killed {len(hit(place, dice, kind, signal.SIGKILL))}"

    return Fault(f"kill {kind}", strike, alone=kind == "everything")


def pausing(kind: str) -> Fault:
    """SIGSTOP for a while; a web worker now and then for longer than its watchdog bears."""
    def strike(place: Place, dice: random.Random) -> str:
        long = kind == "web workers" and dice.random() < 0.15
        seconds = 26.0 if long else dice.uniform(0.5, 7)
        found = hit(place, dice, kind, signal.SIGSTOP)
        time.sleep(seconds)
        signal_all(found, signal.SIGCONT)
        return f"paused {len(found)} for {seconds:.1f} s"

    return Fault(f"pause {kind}", strike)


def holding(name: str, table: str, fails: bool, then: str = "", weight: float = 1.0) -> Fault:
    """Each commit that touches the table is held; it fails then, or those of a kind are killed
    while it is held, or neither."""
    def strike(place: Place, dice: random.Random) -> str:
        seconds = dice.uniform(0.5, 4)
        with suppress(psycopg2.Error):
            place.witness.hold(table, seconds, lasting=seconds + 2, fails=fails)
        if then:
            _until_held(place, seconds + 2)
            killed = len(hit(place, dice, then, signal.SIGKILL))
            return f"held {seconds:.1f} s, killed {killed} {then}"
        time.sleep(seconds + 2)
        return f"held {seconds:.1f} s"

    return Fault(name, strike, weight)


def _until_held(place: Place, patience: float) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with suppress(psycopg2.Error):
            if place.witness.held():
                return
        time.sleep(0.05)


def between_commit_and_index(place: Place, dice: random.Random) -> str:
    """The search server hangs, so that who has committed waits for it; then he is killed."""
    stopped = hit(place, dice, "solr", signal.SIGSTOP)
    time.sleep(dice.uniform(0.3, 3))
    killed = signal_all(place.processes("web workers"), signal.SIGKILL)
    time.sleep(dice.uniform(0, 2))
    signal_all(stopped, signal.SIGCONT)
    return f"killed {killed} while Solr hung"


def stopped_with_lock(place: Place, dice: random.Random) -> str:
    """A process of the database stops while it has the ledger's turn."""
    with suppress(psycopg2.Error):
        place.witness.hold("govdata_ledger", 1.5, lasting=8)
    _until_held(place, 8)
    found: list[psutil.Process] = []
    with suppress(psycopg2.Error, psutil.Error):
        found = [psutil.Process(pid) for pid in place.witness.held()]
    signal_all(found, signal.SIGSTOP)
    seconds = dice.uniform(2, 12)
    time.sleep(seconds)
    signal_all(found, signal.SIGCONT)
    return f"stopped {len(found)} for {seconds:.1f} s"


def drain_race(place: Place, dice: random.Random) -> str:
    """All entries wait to be indexed anew, while everybody writes on."""
    with suppress(psycopg2.Error), place.witness.asked() as cursor:
        cursor.execute(
            "INSERT INTO govdata_search_outbox (package_id) SELECT id FROM package"
            " ON CONFLICT DO NOTHING")
    went = "well" if place.job("reconcile") else "badly"
    return f"indexed everything anew, {went}"


def two_starts(place: Place, dice: random.Random) -> str:
    """The supervisor is killed and two say ``make up`` at once."""
    signal_all(place.processes("supervisor"), signal.SIGKILL)
    command = [sys.executable, "-m", "ckanext.govdata.stack", "up"]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=place.environment(), stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    codes = [one.wait(180) for one in both]
    if any(codes):
        raise RuntimeError(f"two make up at once ended with {codes}")
    return "two make up"


def stop_in_mid_request(place: Place, dice: random.Random) -> str:
    """``make down`` while everybody writes, then ``make up``."""
    place.down()
    return "make down"


def clock_jump(place: Place, dice: random.Random) -> str:
    """The portal's clock goes some days ahead, or a day back, and then to its place."""
    days = dice.choice((-1, -1, 1, 3, 7))
    place.pretend(str(date.today() + timedelta(days=days)))  # noqa: DTZ011
    time.sleep(dice.uniform(1, 5))
    place.pretend("")
    return f"{days:+d} days"


def busy_backend(place: Place, dice: random.Random) -> str:
    """The postmaster is killed while one of its children notices nothing."""
    children = place.processes("backends")
    if children:
        signal_all([dice.choice(children)], signal.SIGSTOP)
    signal_all(place.processes("postmaster"), signal.SIGKILL)
    return "killed the postmaster, a child stopped"


def leaving_no_room(name: str, disks: Disks) -> Fault:
    """The disk of a part is full for a while."""
    def strike(place: Place, dice: random.Random) -> str:
        seconds = dice.uniform(2, 6)
        with disks.filled(name) as size:
            time.sleep(seconds)
        return f"{size / 2**20:.0f} MiB for {seconds:.1f} s"

    return Fault(f"full disk: {name}", strike)


def large_files_fail(place: Place, dice: random.Random) -> str:
    """No web worker may write a file beyond some length: as a disk that fills in an upload."""
    found = place.processes("web workers")
    limit = dice.choice((1, 4_096, 100_000))
    for one in found:
        with suppress(psutil.Error, OSError):
            one.rlimit(psutil.RLIMIT_FSIZE, (limit, -1))
    time.sleep(dice.uniform(2, 5))
    for one in found:
        with suppress(psutil.Error, OSError):
            one.rlimit(psutil.RLIMIT_FSIZE, (-1, -1))
    return f"no file beyond {limit} bytes"


def all_of_them(disks: Disks) -> dict[str, Fault]:
    """Every fault by its name."""
    found = [
        *map(killing, KILLED),
        *map(pausing, PAUSED),
        holding("slow commit: entries", "package", False),
        holding("slow commit: ledger", "govdata_ledger", False),
        holding("failed commit: entries", "package", True, weight=2),
        holding("failed commit: ledger", "govdata_ledger", True),
        holding("failed commit: keys", "govdata_answered", True),
        holding("failed commit: index", "govdata_search_outbox", True),
        holding("uncommitted", "package", False, "web workers", weight=2),
        holding("uncommitted, database", "package", False, "backends"),
        holding("file_before_row", "govdata_stored_file", True, weight=2),
        holding("file_before_row, killed", "govdata_stored_file", False, "web workers"),
        holding("letter before note", "govdata_outbox", False, "scheduler"),
        holding("answer before key", "govdata_answered", False, "web workers"),
        Fault("between commit and index", between_commit_and_index, 2),
        Fault("stopped_with_lock", stopped_with_lock),
        Fault("drain_race", drain_race, 2),
        Fault("two make up", two_starts, 0.3, alone=True),
        Fault("make down", stop_in_mid_request, 0.5, alone=True),
        Fault("clock jump", clock_jump),
        Fault("busy backend", busy_backend),
        Fault("file limit", large_files_fail),
        *(leaving_no_room(name, disks) for name in disks.names),
    ]
    return {one.name: one for one in found}


def strike_beside(
    first: Fault, second: Fault | None, place: Place, dice: random.Random
) -> list[str]:
    """Strike with one, and with another while it lasts; what each did."""
    said: list[str] = []
    other = random.Random(dice.random())

    def beside() -> None:
        assert second
        time.sleep(other.uniform(0, 2))
        try:
            said.append(f"{second.name}: {second.strike(place, other)}")
        except Exception as error:
            said.append(f"{second.name}: {type(error).__name__}: {error}")

    thread = threading.Thread(target=beside) if second else None
    if thread:
        thread.start()
    try:
        said.append(f"{first.name}: {first.strike(place, dice)}")
    finally:
        if thread:
            thread.join()
    return said


