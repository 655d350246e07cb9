"""``make load``: a day's mix for half an hour at 100,000 entries, then a kill of each service.

Prints the table, keeps it as JSON in ``<home>/load``, and ends with 1 where a line does not hold.
"""
from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections import defaultdict
from dataclasses import asdict
from datetime import datetime, timezone

from ckanext.govdata.stack.home import Home
from ckanext.govdata.stack.portal import local_url

from . import day, verdict, whole_stack
from .crowd import Asked, crowd
from .verdict import Line

KILLED = ("web", "postgres", "solr", "valkey", "worker", "scheduler", "mail")
WARM, LOOK, STEADY = 60.0, 10.0, 30.0
"""Seconds that are not counted at the start, between two looks at memory, and after each kill."""
INFLIGHT = 10
"""Requests that a web worker may be answering when it is killed: its threads and what waits."""


def main() -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="tests.load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="of calm, before the kills")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=20, help="requests a second")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    home = Home.open()
    with whole_stack.whole_stack(home.path / "load-stack") as stack:
        count, known = whole_stack.fill(stack, options.entries)
        say(f"{count} entries; {options.minutes:g} minutes at {options.rate:g} a second")
        lines = asyncio.run(measure(stack, known, options))
    show([Line("entries", str(count)), Line("load of the machine", f"{os.getloadavg()[1]:.1f}"),
          *lines])
    folder = home.path / "load"
    folder.mkdir(exist_ok=True)
    file = folder / f"{datetime.now(timezone.utc):%Y%m%dT%H%M%SZ}.json"
    told = {"options": vars(options), "lines": [asdict(line) for line in lines]}
    file.write_text(json.dumps(told, indent=1, ensure_ascii=False))
    say(f"kept in {file}")
    return int(any(line.holds is False for line in lines))


async def measure(stack: Home, known: day.Known, options: argparse.Namespace) -> list[Line]:
    """The calm time, then one kill after the other, while the crowd asks on."""
    found: list[Asked] = []
    end = asyncio.Event()
    asking = asyncio.create_task(crowd(
        local_url(stack), day.requests(known, options.seed), options.rate, end, found))
    await asyncio.sleep(WARM)
    found.clear()
    samples = await watched(stack, options.minutes * 60)
    lines = [*verdict.calm(list(found), options.rate), *verdict.memory(samples)]
    for part in KILLED:
        say(f"kill {part}")
        lines += await killed(stack, part, found)
    end.set()
    await asking
    return lines


async def watched(stack: Home, seconds: float) -> dict[str, list[float]]:
    """The memory of each part over so many seconds."""
    samples: dict[str, list[float]] = defaultdict(list)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for name, size in (await asyncio.to_thread(whole_stack.memory, stack)).items():
            samples[name].append(size)
        await asyncio.sleep(LOOK)
    return samples


async def killed(stack: Home, part: str, found: list[Asked]) -> list[Line]:
    """Kill it, wait until it is well and everybody calm again; what the crowd saw meanwhile."""
    found.clear()
    members = whole_stack.web_workers if part == "web" else (
        lambda home: whole_stack.processes(home, part))
    victim = members(stack)[0].pid
    at = await asyncio.to_thread(whole_stack.kill, stack, part)
    well = await asyncio.to_thread(whole_stack.await_well, stack, part, {victim})
    await asyncio.sleep(verdict.AFTER + STEADY)
    return verdict.kill(verdict.Kill(part, at, well), list(found), INFLIGHT)


def show(lines: list[Line]) -> None:
    """The table."""
    for line in lines:
        mark = {None: " ", True: "✓", False: "✗"}[line.holds]
        print(f"{mark} {line.name:38} {line.figure:60} {line.wanted}")  # noqa: T201


def say(text: str) -> None:
    """Progress, on standard error."""
    print(f"· {text}", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
