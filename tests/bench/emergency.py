"""An emergency under load: everybody reads the event while an officer publishes every few seconds.

The readers are a process of their own with 200 connections that ask one after the other; each
answer's newest note is compared with what the officer had published two seconds before.
"""
from __future__ import annotations

import asyncio
import gzip
import itertools
import multiprocessing
import re
import statistics
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.portals import Portal

from .measures import Row
from .mixed import mixed

CONNECTIONS, SECONDS, EVERY = 200, 30, 10.0
CLICKS = 50
OLDEST = 2.0
"""Seconds after an update from which no reader may see the former one."""
EVERYWHERE = (
    "/emergency/clicks",
    "/emergency/clicks/light",
    "/emergency/clicks.json",
    "/emergency/clicks.atom",
    "/api/3/action/govdata_emergency_show?id=clicks",
)
NUMBERS = itertools.count(1)
TABLE = "站点,时间,水位\n" + "".join(f"站点{n},2026-07-01T12:00,9.{n:02}\n" for n in range(40))


def emergency(ours: Portal) -> list[Row]:
    """Requests a second, their 99th percentile, errors, the oldest answer, and click to visible."""
    token = _officer(ours)
    rows = [_clicks(ours, token)]
    for path in ("/emergency/bench", "/emergency/bench/light", "/emergency/bench.json"):
        rows += _load(ours, token, path)
    paths = ("/emergency/bench", "/emergency/bench.json")
    return rows + mixed(ours, paths, lambda: _publish(ours, token, "bench"))


def _officer(ours: Portal) -> str:
    """A department with its head; the head's token. An event with a dataset is declared."""
    name = "bench-water"
    body = {"jurisdiction": "yaohai", "level": "county", "region": "340102"}
    ours.act("organization_create", name=name, title="瑶海区水务局", **body)
    ours.act("user_create", name="bench-head", email="h@example.invalid", password="Bench-2026-x")
    member = {"id": name, "username": "bench-head", "role": "admin"}
    ours.act("organization_member_create", **member)
    token = ours.as_user("bench-head").token
    for event in ("clicks", "bench"):
        _act(ours, token, "declare", name=event, title=f"洪涝 {event}", kind="natural_disaster",
             level="II", regions=["340102"], organization=name, basis="防汛应急预案", rhythm=60,
             threshold="harm_likely", duty="防汛指挥部成员单位")
        _act(ours, token, "publish", id=event, create={"title": f"河道水位 {event}"}, name="water",
             table=TABLE, time_column="时间", place_column="站点", figures=[])
    return token


def _act(ours: Portal, token: str, command: str, **data: Any) -> dict[str, Any]:
    answer = requests.post(
        f"{ours.url}/api/3/action/govdata_emergency_{command}", json=data, timeout=120,
        headers={"Authorization": token})
    answer.raise_for_status()
    return answer.json()["result"]


def _publish(ours: Portal, token: str, event: str) -> int:
    """A version and a bulletin that say which update it is, wherever one of them is shown."""
    number = next(NUMBERS)
    note = f"update-{number}."
    _act(ours, token, "publish", id=event, dataset="water", table=TABLE, note=note,
         bulletin={"title": note, "text": "水位变化。"})
    return number


def _clicks(ours: Portal, token: str) -> Row:
    """From the click until page, light page, JSON, API, feed and search show it: p95 of 50."""
    seconds: list[float] = []
    for _ in range(CLICKS):
        before = _indexed(ours)
        began = time.perf_counter()
        number = _publish(ours, token, "clicks")
        for address in EVERYWHERE:
            seen = 0
            while seen < 4:  # in a row, so that both processes are asked
                body = requests.get(ours.url + address, timeout=30).content
                seen = seen + 1 if newest(body) >= number else 0
        while _indexed(ours) == before:
            pass
        seconds.append(time.perf_counter() - began)
    p95 = sorted(seconds)[int(len(seconds) * 0.95) - 1]
    return Row("emergency: click to visible, p95", None, p95 * 1000, "≤ 2000")


def _indexed(ours: Portal) -> str:
    """When the entry changed, as the search knows it."""
    address = f"{ours.url}/api/3/action/package_search?rows=1&q=河道水位 clicks"
    found = requests.get(address, timeout=30)
    return found.json()["result"]["results"][0]["metadata_modified"]


def _load(ours: Portal, token: str, path: str) -> list[Row]:
    results: Any = multiprocessing.get_context("fork").Queue()
    readers = multiprocessing.get_context("fork").Process(
        target=_read, args=(ours.url, path, results))
    published: list[tuple[float, int]] = []
    readers.start()
    results.get()  # they are at it
    until = time.time() + SECONDS
    while time.time() < until:
        number = _publish(ours, token, "bench")
        published.append((time.time(), number))
        time.sleep(max(0.0, min(EVERY, until - time.time())))
    taken, errors, seen, span = results.get()
    readers.join()
    name = path.removeprefix("/emergency/")
    p99 = statistics.quantiles(taken, n=100)[98]
    return [
        Row(f"{name}: requests a second", None, len(taken) / span, "≥ 3000", "/s", "higher"),
        Row(f"{name}: p99", None, p99 * 1000, "≤ 150"),
        Row(f"{name}: errors", None, float(errors), "0", ""),
        Row(f"{name}: answers too old", None, float(_stale(seen, published)), "0", ""),
    ]


def _stale(seen: list[tuple[float, int]], published: list[tuple[float, int]]) -> int:
    """Answers asked for two seconds or more after an update that do not have it."""
    return sum(
        1 for at, version in seen
        if any(version < new for when, new in published if at >= when + OLDEST))


def _read(url: str, path: str, results: Any) -> None:
    asyncio.run(_readers(url, path, results))


async def _readers(url: str, path: str, results: Any) -> None:
    taken: list[float] = []
    seen: list[tuple[float, int]] = []
    failures: list[int] = []
    results.put("begun")
    began = time.perf_counter()
    end = began + SECONDS
    await asyncio.gather(*(
        _reader(url, path, end, taken, seen, failures) for _ in range(CONNECTIONS)))
    results.put((taken, len(failures), seen, time.perf_counter() - began))


async def _reader(
    url: str, path: str, end: float, taken: list[float], seen: list[tuple[float, int]],
    failures: list[int],
) -> None:
    parts = urlsplit(url)
    request = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip\r\n\r\n"
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    last, number = b"", 0
    while time.perf_counter() < end:
        asked, began = time.time(), time.perf_counter()
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(v) for k, v in _headers(head) if k == b"content-length")
        body = await reader.readexactly(length)
        taken.append(time.perf_counter() - began)
        if not head.startswith(b"HTTP/1.1 200"):
            failures.append(1)
        else:
            number = number if body == last else newest(body)
            seen.append((asked, number))
            last = body
    writer.close()


def _headers(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        yield name.lower(), value.strip()


KNOWN: dict[bytes, int] = {}
"""What has been unpacked already: 200 readers get the same bytes."""


def newest(body: bytes) -> int:
    """The newest update that an answer knows of; 0 for none."""
    if body not in KNOWN:
        text = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        KNOWN[body] = max(map(int, re.findall(rb"update-(\d+)\.", text)), default=0)
    return KNOWN[body]
