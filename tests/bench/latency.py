"""How long a search takes at 100,000 entries, over HTTP through the real server, one at a time.

Every query is asked once as nobody asked it before and then again, half of them by the API first
and half as a page; each request on a connection of its own, so both web processes take their part.
A request that asks nothing is measured too: on a busy machine it tells how busy.
"""
from __future__ import annotations

import http.client
import itertools
import json
import statistics
import time
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

from ckanext.govdata.stack import solr
from tests.portals import Portal, fresh_core

from .casework import inside
from .measures import Row

ENTRIES = 100_000
NEW = 160
"""Queries that are asked."""
JUDGED = Path(__file__).parents[1] / "search" / "data" / "judged.jsonl"
API = "/api/3/action/package_search?rows=20&q="
PAGE = "/dataset/?q="
SUGGEST = "/api/govdata/suggest?q="
LOOK, AT_REST, LONGEST_REST = 3.0, .1, 300.0
"""Solr rests when it takes less than a tenth of a processor between two looks; seconds."""
TYPED = ("公", "公交", "公交站", "gong", "gongj", "gj", "xue", "学校", "xuexiao", "shuizhi", "空气",
         "ylbx", "图", "tsg", "行政", "行政许可", "hefei", "合肥", "cf", "chufa")
CORES = {"bench_stock": True, "bench_ours": False}
CITIES = ("安庆", "淮南", "广州", "成都市", "桂林", "绍兴", "洛阳", "")


def latency(ours: Portal) -> list[Row]:
    """Searches by API and page, new and seen before; suggestions; what an entry costs to index."""
    told = inside(ours, "many_entries.py", str(ENTRIES), *scratch(ours))
    rest = wait_for_rest(ours)
    idle = ask(ours, ["/api/3/action/status_show"] * 40)
    asked = list(itertools.islice(queries(), NEW))
    ask(ours, ["/dataset/", API + quote("预热")] * 8)  # processes are up, models are read
    halves = asked[::2], asked[1::2]
    new_api, new_page = (
        ask(ours, [path + quote(q) for q in half])
        for path, half in zip((API, PAGE), halves, strict=True))
    seen_api, seen_page = (
        ask(ours, [path + quote(q) for q in half])
        for path, half in zip((API, PAGE), halves, strict=True))
    typed = ask(ours, [SUGGEST + quote(text) for text in TYPED * 5])
    how = "with its vector" if told["vectors"] else "no model here"
    return [
        *rows("a request without a search", idle, "", ""),
        *rows("search, new", new_api, "≤ 60", "≤ 150"),
        *rows("search, seen before", seen_api, "≤ 25", "≤ 150"),
        *rows("page, new", new_page, "≤ 60", "≤ 150"),
        *rows("page, seen before", seen_page, "≤ 25", "≤ 150"),
        *rows("suggestions", typed, "", "≤ 50"),
        Row(f"index, an entry, {how}", None, told["index_ms"], "≤ 20"),
        Row("index, Solr's time, no vectors", told["stock_ms"], told["ours_ms"], "≥ 0.67"),
        Row("index, s until Solr rests after 100,000", None, rest, ""),
    ]


def wait_for_rest(ours: Portal) -> float:
    """Seconds until Solr has put together what it was sent: for a minute after so many entries one
    processor merges, and who searches meanwhile waits for it.
    """
    began = time.monotonic()
    used = solr_seconds(ours)
    while time.monotonic() - began < LONGEST_REST:
        time.sleep(LOOK)
        before, used = used, solr_seconds(ours)
        if used - before < AT_REST * LOOK:
            return time.monotonic() - began
    raise RuntimeError(f"Solr did not rest within {LONGEST_REST} s of filling")


def solr_seconds(ours: Portal) -> float:
    """Seconds of processor time that Solr has used."""
    base = solr.url(ours.home).rsplit("/", 1)[0]
    asked = f"{base}/admin/metrics?group=jvm&prefix=os.processCpuTime"
    with urlopen(asked, timeout=60) as answer:
        return json.load(answer)["metrics"]["solr.jvm"]["os.processCpuTime"] / 1e9


def queries() -> Iterator[str]:
    """The judged queries, then subjects of the demo's titles, some with a place; each once."""
    judged = [json.loads(line)["query"] for line in JUDGED.read_text("utf-8").splitlines()]
    demo = files("ckanext.govdata.demo") / "data" / "catalogue.jsonl"
    titles = [json.loads(line)["title"] for line in demo.read_text("utf-8").splitlines()]
    made = (
        CITIES[number % len(CITIES)] + title[number % 3:][:4 + number % 5]
        for number, title in enumerate(titles[::7]))
    yield from dict.fromkeys([*judged, *made])


def ask(ours: Portal, paths: Iterable[str]) -> list[float]:
    """Milliseconds of each request; raises on an answer that is not 200."""
    place, taken = urlsplit(ours.url), []
    for path in paths:
        began = time.perf_counter()
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        taken.append((time.perf_counter() - began) * 1000)
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {path}")
    return taken


def rows(name: str, taken: list[float], middle: str, late: str) -> list[Row]:
    """Median and 95th percentile."""
    return [
        Row(f"{name}, p50", None, statistics.median(taken), middle),
        Row(f"{name}, p95", None, statistics.quantiles(taken, n=20)[18], late),
    ]


def scratch(ours: Portal) -> list[str]:
    """Addresses of two empty cores, stock's and ours, to compare Solr's own time."""
    base = solr.url(ours.home).rsplit("/", 1)[0]
    for core, stock in CORES.items():
        fresh_core(ours.home, core, stock=stock)
    return [f"{base}/{core}" for core in CORES]
