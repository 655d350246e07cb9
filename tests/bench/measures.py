"""What is measured: each function takes both portals and gives one row of the table."""
from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import IO

import requests

from tests.portals import PROGRAMS, Portal, environ

CREATES = 40
"""Entries that each side creates one by one."""
READS = 40
"""Requests that each side answers, in turn."""
IMPORTED = 2_000
LARGE = 20_000
"""Rows of the imports: one for the speed, one for the memory."""
QUERIES = ("医院", "公交 站点", "行政许可", "统计", "学校 名录")


@dataclass(frozen=True)
class Row:
    """Medians in milliseconds (memory: MiB) of both sides, and what ratio is wanted of ours."""

    name: str
    stock: float | None
    ours: float
    wanted: str
    unit: str = "ms"
    better: str = "lower"
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    """Processes that wanted a processor in the minute before."""

    @property
    def ratio(self) -> float | None:
        """Stock over ours: how many times faster ours is."""
        return self.stock / self.ours if self.stock else None


def create(stock: Portal, ours: Portal) -> Row:
    """One entry at a time through ``package_create`` over HTTP, the way a form does it."""
    officers = [_officer(side) for side in (stock, ours)]
    times: dict[str, list[float]] = {"stock": [], "ours": []}
    for number, entry in zip(range(CREATES), _entries(), strict=False):
        for side, make in zip(officers, (as_stock, as_ours), strict=True):
            began = time.perf_counter()
            side.act("package_create", **make(entry, number))
            times[side.name].append(time.perf_counter() - began)
    return Row("create", _median(times["stock"]), _median(times["ours"]), "≥ 0.8")


def _officer(side: Portal) -> Portal:
    """The portal as an officer of a department asks it: the operator writes no entries of ours."""
    side.act("organization_create", name="bench-office", title="基准测试局")
    account = {"name": "bench-officer", "email": "o@example.invalid", "password": "Bench-2026-x"}
    side.act("user_create", **account)
    side.act(
        "organization_member_create", id="bench-office", username="bench-officer", role="editor"
    )
    return side.as_user("bench-officer")


def bulk_import(stock_create: Row, ours: Portal) -> Row:
    """2,000 rows by ``ckan govdata import``, per entry, the start of its process included."""
    seconds, _ = _import(ours, IMPORTED, "speed")
    return Row("import, per entry", stock_create.stock, seconds / IMPORTED * 1000, "≥ 5")


def bulk(ours: Portal) -> None:
    """Give ours the entries of the import, where only they are wanted."""
    _import(ours, IMPORTED, "bulk")


def import_memory(ours: Portal) -> Row:
    """Peak memory of importing 20,000 rows in a process of its own."""
    _, peak = _import(ours, LARGE, "memory")
    return Row("import, memory of 20,000 rows", None, peak, "≤ 300", unit="MiB")


def search(stock: Portal, ours: Portal) -> Row:
    """``package_search`` of Chinese words as an anonymous reader, twenty a page."""
    queries = itertools.cycle(QUERIES)
    path = "/api/3/action/package_search?rows=20&q="
    return _reads("search", stock, ours, lambda: path + next(queries))


def list_page(stock: Portal, ours: Portal) -> Row:
    """The list of entries as a page."""
    return _reads("list page", stock, ours, lambda: "/dataset/")


def entry_page(stock: Portal, ours: Portal) -> Row:
    """One entry's page."""
    return _reads("entry page", stock, ours, lambda: "/dataset/bench-7")


def home_page(stock: Portal, ours: Portal) -> Row:
    """The home page."""
    return _reads("home page", stock, ours, lambda: "/")


def fill(stock: Portal) -> None:
    """Give stock as many entries as ours has after its import: reads compare like sizes."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as sheet:
        for number in range(CREATES, IMPORTED + CREATES):
            entry = variant(number)
            sheet.write(json.dumps(as_stock(entry, number), ensure_ascii=False) + "\n")
        sheet.flush()
        script = Path(__file__).with_name("fill.py")
        _run(stock, [str(PROGRAMS / "python"), str(script), sheet.name])


def _reads(name: str, stock: Portal, ours: Portal, path: Callable[[], str]) -> Row:
    times: dict[str, list[float]] = {"stock": [], "ours": []}
    with requests.Session() as session:
        for _ in range(READS + 3):
            where = path()
            for side in (stock, ours):
                began = time.perf_counter()
                answer = session.get(side.url + where, timeout=60)
                times[side.name].append(time.perf_counter() - began)
                answer.raise_for_status()
    return Row(name, _median(times["stock"][3:]), _median(times["ours"][3:]), "≥ 1")


def _import(ours: Portal, rows: int, label: str) -> tuple[float, float]:
    """Seconds and MiB of one ``ckan govdata import``."""
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / f"{label}.jsonl"
        with sheet.open("w", encoding="utf-8") as lines:
            for number in range(rows):
                entry = {**variant(number), "id": f"{label}-{number}"}
                lines.write(json.dumps(entry, ensure_ascii=False) + "\n")
        command = ["ckan", "-c", str(ours.ini), "govdata", "import", str(sheet)]
        command += ["--create-departments", "--json"]
        began = time.perf_counter()
        peak = _run(ours, [str(PROGRAMS / command[0]), *command[1:]])
        return time.perf_counter() - began, peak


def _run(side: Portal, command: list[str]) -> float:
    """Run to the end; peak memory in MiB. Raises with what the command said when it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=environ(side), stdout=out, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{command} → {process.returncode}\n{_ends(said)}\n{_ends(out)}")
    return usage.ru_maxrss / 1024


def _ends(stream: IO[bytes]) -> str:
    """The first and the last two thousand characters."""
    stream.seek(0)
    text = stream.read().decode("utf-8", "replace")
    return text if len(text) <= 4_000 else f"{text[:2_000]}\n…\n{text[-2_000:]}"


def as_ours(entry: dict, number: int) -> dict:
    """The entry as our form sends it."""
    return {
        **_both(entry, number),
        "catalogue_class": "department",
        "domain": "other",
        "data_formats": ["csv"],
        "update_period": "yearly",
        "share_type": "unconditional",
        "share_mode": "data_call",
        "open_attribute": "unconditional",
        "data_grade": "general",
        "sensitivity": "1",
        "source_type": "own",
        "information_items": [
            {"name": f"信息项{n}", "type": "C", "length": "20", "sensitive": False, "opened": True}
            for n in range(5)
        ],
        "issued": "2024-01-01",
    }


def as_stock(entry: dict, number: int) -> dict:
    """The same facts in a stock CKAN: as extras, the items as one JSON text."""
    ours = as_ours(entry, number)
    both = _both(entry, number)
    extras = [
        {
            "key": key,
            "value": value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
        }
        for key, value in ours.items()
        if key not in both
    ]
    return {**both, "extras": extras}


def _both(entry: dict, number: int) -> dict:
    return {
        "name": f"bench-{number}",
        "title": entry["title"],
        "notes": entry.get("notes") or entry["title"],
        "owner_org": "bench-office",
        "tags": [{"name": "基准"}, {"name": "统计"}, {"name": "目录"}],
        "resources": [
            {"url": f"https://example.com/{number}/{n}.csv", "format": "CSV", "name": f"文件{n}"}
            for n in range(2)
        ],
    }


def _entries() -> Iterator[dict]:
    sample = files("ckanext.govdata.demo") / "data" / "catalogue.jsonl"
    return map(json.loads, sample.read_text("utf-8").splitlines())


_SAMPLE = list(_entries())


def variant(number: int) -> dict:
    """Entry ``number`` of an endless catalogue: the sample again and again, titles numbered."""
    entry = dict(_SAMPLE[number % len(_SAMPLE)])
    entry.pop("url", None)
    entry["title"] = f"{entry['title']}（第{number // len(_SAMPLE) + 1}批）"
    return entry


def _median(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1000
