"""One round: people write and read, something breaks, the portal recovers, and all is compared."""
from __future__ import annotations

import os
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import psycopg2
import requests

from ckanext.govdata.stack.trouble import Trouble

from . import checks, faults, readers
from .checks import Finding
from .client import Client
from .journal import Act, Fate, Journal
from .observer import DAMAGED, DONE, TOLD, Observer
from .place import Place, Recovery
from .writers import World, crew

READERS = 3
SETTLED = 60.0
"""Seconds in which index, outboxes and open acts must have come to rest once all is well."""
LASTING = 10.0
"""Seconds for which what differs is looked at again before it counts."""


@dataclass
class Round:
    """What was done in one, and what came of it."""

    number: int
    faults: list[str]
    said: list[str] = field(default_factory=list)
    recovery: Recovery = field(default_factory=lambda: Recovery(0, False))
    settled: float = 0.0
    acts: int = 0
    open: int = 0
    load: float = 0.0
    """Processes that wanted a processor in the minute before its end, others' too."""
    findings: list[Finding] = field(default_factory=list)

    def told(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


class Campaign:
    """Rounds on one portal, drawn from one seed: ``seed`` and a round's number give its faults."""

    def __init__(self, place: Place, seed: int) -> None:
        self.place, self.seed = place, seed
        self.journal = Journal()
        self.observer = Observer(place)

    def begin(self) -> None:
        """Bring the portal up, with those who act in it."""
        made = self.place.build()
        self.faults = faults.all_of_them(self.place.disks)
        self.world = World(self.place.url, self.journal, made)
        self.writers = crew(self.world)

    def round(self, number: int, drawn: list[str] | None = None) -> Round:
        """Do one; ``drawn`` are the faults where they are not left to the dice."""
        dice = random.Random(f"{self.seed}:{number}")
        chosen = [self.faults[name] for name in drawn or self._draw(dice)]
        told = Round(number, [one.name for one in chosen])
        before = len(self.journal.acts)
        stop = threading.Event()
        people = self._people(dice, stop)
        for one in people:
            one.start()
        time.sleep(dice.uniform(0.5, 2.5))
        second = chosen[1] if len(chosen) > 1 else None
        try:
            told.said = faults.strike_beside(chosen[0], second, self.place, dice)
        except (RuntimeError, Trouble) as error:
            told.said = [f"{chosen[0].name}: {error}"]
            told.findings.append(Finding("fault", chosen[0].name, str(error)[-600:]))
        told.recovery = self.place.recover()
        time.sleep(dice.uniform(0.2, 1))  # some of what they do falls on a portal that is well
        stop.set()
        for one in people:
            one.join()
        self._judge(told)
        told.acts, told.load = len(self.journal.acts) - before, os.getloadavg()[0]
        return told

    def _draw(self, dice: random.Random) -> list[str]:
        known = list(self.faults.values())
        first = dice.choices(known, [one.weight for one in known])[0]
        beside = [one for one in known if not one.alone and one.name != first.name]
        if first.alone or not beside or dice.random() > 0.35:
            return [first.name]
        return [first.name, dice.choices(beside, [one.weight for one in beside])[0].name]

    def _people(self, dice: random.Random, stop: threading.Event) -> list[threading.Thread]:
        works: list[Callable[[random.Random, threading.Event], None]] = [
            *(one.turn for one in self.writers),
            *(lambda own, stop: readers.read(self.world, own, stop) for _ in range(READERS)),
        ]
        return [
            threading.Thread(
                target=_go_on, args=[work, random.Random(dice.random()), stop], daemon=True)
            for work in works
        ]

    def _judge(self, told: Round) -> None:
        """Let all come to rest, then hold everything against everything."""
        if told.recovery.complaint:
            told.findings.append(Finding("recovery", "portal", told.recovery.complaint))
            return
        began = time.monotonic()
        try:
            told.open = self._settle()
            told.settled = time.monotonic() - began
            told.findings += self._lasting()
        except (psycopg2.Error, requests.RequestException, Trouble) as error:
            told.findings.append(Finding("recovery", "portal", f"it went away again: {error}"))
        found = self.journal.taken_faults()
        told.findings += [Finding("bare answer", "answer", words) for words in found]

    def _settle(self) -> int:
        """Ask again what nobody knows of, empty the outboxes; how many acts are left open."""
        until = time.monotonic() + SETTLED
        for act in self.journal.acts:
            while act.again and act.fate is Fate.UNKNOWN and time.monotonic() < until:
                act.again()
                time.sleep(0.1)
        while self.observer.waiting() and time.monotonic() < until:
            if not self.place.job("reconcile"):  # the scheduler itself may be at it
                time.sleep(0.5)
        return sum(act.fate is Fate.UNKNOWN for act in self.journal.acts)

    def _lasting(self) -> list[Finding]:
        """What is wrong and stays so."""
        read = checks.readings(self.journal.taken_readings(), self._versions())
        until = time.monotonic() + LASTING
        while (found := self._examine()) and time.monotonic() < until:
            time.sleep(0.5)
        return read + found

    def _versions(self) -> dict[str, list[checks.Version]]:
        observer = self.observer
        return {**observer.entries(), **observer.files_named(), "notes": observer.notes()}

    def _examine(self) -> list[Finding]:
        observer, acts = self.observer, self._acts()
        waiting = observer.waiting()
        found = [Finding("search outbox", one, "waits") for one in waiting]
        found += checks.index(observer.entry_rows(), observer.documents(), waiting)
        found += checks.entries(acts["entry"], observer.entries())
        found += checks.entries(acts["file"], observer.files_named())
        for kind in ("case", "command", "publication", "declaration", "import"):
            found += checks.once(kind, acts[kind], observer.counts(kind))
        granting = [act for act in acts["command"] if act.text.endswith(":approve")]
        found += checks.once("grant", granting, observer.counts("grant"))
        tables = {act.thing for act in acts["table"]}
        found += checks.once("table", acts["table"], observer.batches(tables))
        return found + self._examine_chains()

    def _examine_chains(self) -> list[Finding]:
        observer = self.observer
        found = checks.files(*observer.files())
        for name in ("references", "events", "acts", "versions", "ledger"):
            for thing, numbers in observer.numbered(name).items():
                found += checks.numbers(f"{name} of {thing}", numbers)
        found += checks.ledger(observer.rows(DONE), observer.rows(TOLD))
        found += checks.letters(observer.posted(), observer.came(), time.time() - 240)
        found += [Finding("outbox", one, "is due and does not go") for one in observer.stuck()]
        damaged = [one for (one,) in observer.rows(DAMAGED)]
        found += [Finding("emergency files", one, "has another content") for one in damaged]
        auditor = Client(self.place.url, Journal(), self.world.made["tokens"]["auditor"])
        answer = auditor.get("/api/3/action/govdata_ledger_verify")
        if answer is None or not answer.ok or not answer.json()["result"]["good"]:
            found.append(Finding("ledger", "chain", answer.text[:300] if answer else "no answer"))
        return found

    def _acts(self) -> dict[str, list[Act]]:
        found: dict[str, list[Act]] = defaultdict(list)
        for act in self.journal.acts:
            found[act.kind].append(act)
        return found

    def letters_at_last(self, patience: float = 200) -> list[Finding]:
        """Wait until every letter went, and say which did not, or came never."""
        until = time.monotonic() + patience
        found = self._letters()
        while found and time.monotonic() < until:
            if not self.place.job("outbox"):
                time.sleep(0.5)
            found = self._letters()
        return found

    def _letters(self) -> list[Finding]:
        return checks.letters(self.observer.posted(), self.observer.came(), time.time() + 3600)

    def doubled(self) -> int:
        """Letters that came more than once."""
        return sum(times - 1 for times in self.observer.came().values())


def _go_on(
    work: Callable[[random.Random, threading.Event], None], dice: random.Random,
    stop: threading.Event,
) -> None:
    """Do it again and again, with a breath between."""
    while not stop.is_set():
        work(dice, stop)
        stop.wait(dice.uniform(0.02, 0.3))


