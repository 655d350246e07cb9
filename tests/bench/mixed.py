"""An emergency while the rest of the portal is asked for all that is expensive.

A second crowd asks searches, lists, exports and previews of imports as fast as it is answered; the
event page and its JSON must not suffer, and whoever is sent away must hear when to come back.
"""
from __future__ import annotations

import asyncio
import itertools
import json
import multiprocessing
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from tests.asking import ask, connect
from tests.portals import Portal

from . import measures
from .measures import Row

SECONDS, EVERY = 30, 5.0
READERS, PAUSE = 200, 0.2
"""Readers of the event, and the seconds that each looks at an answer: at most 1,000 a second."""
CROWD = 60
"""Clients that ask what is expensive, each the next as soon as it is answered."""
STEPS = ("公交", "医院", "水库", "学校", "许可", "养老", "气象", "道路", "预算", "人口")
PREVIEWED = 50
"""Rows of the sheets that officers have looked through."""


def mixed(ours: Portal, paths: tuple[str, ...], publish: Callable[[], object]) -> list[Row]:
    """The event under a crowd that asks everything else; a portal of 2,000 entries.

    ``publish`` is an officer's click, every few seconds.
    """
    measures.bulk(ours)
    rows: list[Row] = []
    context: Any = multiprocessing.get_context("fork")
    for path in paths:
        results = [context.Queue(), context.Queue()]
        name = path.removeprefix("/emergency/")
        readers = (_readers, results[1], ours.url, path)
        crowd = (_crowd, results[0], ours.url, ours.token)
        alone = [context.Process(target=_run, args=readers)]
        both = [context.Process(target=_run, args=given) for given in (crowd, readers)]
        for process in alone:
            process.start()
        _clicks(publish)
        _, calm = results[1].get()
        for process in [*alone, *both]:
            process.start() if process in both else process.join()
        clicks = _clicks(publish)
        answers, expensive = results[0].get()
        statuses, taken = results[1].get()
        for process in both:
            process.join()
        rows.append(Row(f"{name}, nobody else: p99", None, _percentile(calm), ""))
        rows += _told(name, answers, expensive, statuses, taken)
        rows.append(Row(f"{name}, mixed: an officer's click", None, max(clicks) * 1000, "≤ 2000"))
    return rows


def _clicks(publish: Callable[[], object]) -> list[float]:
    """Publish every few seconds until the crowd goes; the seconds of each."""
    taken: list[float] = []
    end = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < end - EVERY:
        publish()
        taken.append(time.perf_counter() - began)
        time.sleep(max(0.0, EVERY - taken[-1]))
    return taken


def _told(
    name: str, answers: Counter[str], expensive: list[float], statuses: Counter[str],
    taken: list[float],
) -> list[Row]:
    away, served = answers.pop("away", 0), answers.pop("200", 0)
    seen = statuses.pop("200", 0)
    return [
        Row(f"{name}, mixed: p99", None, _percentile(taken), "≤ 150"),
        Row(f"{name}, mixed: answers a second", None, seen / SECONDS, "", "/s", "higher"),
        Row(f"{name}, mixed: errors", None, float(statuses.total()), "0", ""),
        Row(f"{name}, mixed: expensive, served", None, served / SECONDS, "", "/s", "higher"),
        Row(f"{name}, mixed: expensive, sent away", None, away / SECONDS, "", "/s"),
        Row(f"{name}, mixed: expensive, p99", None, _percentile(expensive), ""),
        Row(f"{name}, mixed: expensive, errors", None, float(answers.total()), "0", ""),
    ]


def _percentile(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[98] * 1000 if len(seconds) > 1 else 0.0


def _run(many: Any, results: Any, *given: Any) -> None:
    results.put(asyncio.run(many(*given)))


async def _readers(url: str, path: str) -> tuple[Counter[str], list[float]]:
    """Everybody who reads the event."""
    statuses: Counter[str] = Counter()
    taken: list[float] = []
    end = time.perf_counter() + SECONDS
    head = f"GET {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nAccept-Encoding: gzip\r\n\r\n"

    async def one() -> None:
        await asyncio.sleep(random.random() * PAUSE)
        connection = await connect(url)
        while time.perf_counter() < end:
            began = time.perf_counter()
            answer = await ask(*connection, head.encode())
            taken.append(time.perf_counter() - began)
            statuses[answer.status] += 1
            await asyncio.sleep(PAUSE)
        connection[1].close()

    await asyncio.gather(*(one() for _ in range(READERS)))
    return statuses, taken


async def _crowd(url: str, token: str) -> tuple[Counter[str], list[float]]:
    """Everybody else; ``away``: sent away with a time to come back, and the seconds of the rest."""
    answers: Counter[str] = Counter()
    taken: list[float] = []
    end = time.perf_counter() + SECONDS
    requests = _requests(urlsplit(url).netloc, token)

    async def one() -> None:
        while time.perf_counter() < end:
            reader, writer = await connect(url)
            began = time.perf_counter()
            answer = await ask(reader, writer, next(requests))
            writer.close()
            away = answer.status == "503" and answer.away
            answers["away" if away else answer.status] += 1
            if away:
                await asyncio.sleep(0.25)  # impatient: it was told to wait two seconds
            else:
                taken.append(time.perf_counter() - began)

    await asyncio.gather(*(one() for _ in range(CROWD)))
    return answers, taken


def _requests(host: str, token: str) -> Iterator[bytes]:
    """Expensive requests without end, no query twice."""
    rows = [{**measures.variant(n), "id": f"preview-{n}"} for n in range(PREVIEWED)]
    sheet = json.dumps({"rows": rows, "dry_run": True, "create_departments": True}).encode()
    for number in itertools.count():
        words = quote(f"{STEPS[number % len(STEPS)]} {STEPS[number // 10 % len(STEPS)]} {number}")
        for path in (
            f"/dataset/?q={words}",
            f"/api/3/action/package_search?rows=20&q={words}",
            f"/dataset/?page={number % 90 + 1}",
            f"/zh_Hant_TW/dataset/?sort=title_string+asc&page={number % 90 + 1}",
            "/catalogue/export?format=csv",
            "/organization/bench-water",
        ):
            yield f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        yield (
            f"POST /api/3/action/govdata_catalogue_import HTTP/1.1\r\nHost: {host}\r\n"
            f"Authorization: {token}\r\nContent-Type: application/json\r\nConnection: close\r\n"
            f"Content-Length: {len(sheet)}\r\n\r\n"
        ).encode() + sheet
