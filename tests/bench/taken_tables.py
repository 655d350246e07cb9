"""An open table of a million rows and ten columns, taken over HTTP in each form."""
from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import quote

import requests

from tests.portals import Portal

from .casework import inside, memory, processor, workers
from .measures import Row

ROWS = 1_000_000
ASKED = {
    "csv": ("", "≥ 200,000"),
    "xlsx": ("", "≥ 50,000"),
    "json": ("", ""),
    "parquet": ("", ""),
    "zip": ("", ""),
    "csv, sorted": (f"?_sort={quote('均值')}.desc", ""),
}


def downloads(portal: Portal) -> list[Row]:
    """Of each form rows a second by the wall's clock and by the processor's (of workers and
    database), megabytes, and the server's memory above idle."""
    made = inside(portal, "open_table.py", str(ROWS))
    return [row for name in ASKED for row in taken(portal, made["path"], name)]


def taken(portal: Portal, path: str, name: str) -> list[Row]:
    """One form."""
    query, wanted = ASKED[name]
    address = f"{portal.url}{path}{name.partition(',')[0]}{query}"
    requests.head(address, timeout=60).raise_for_status()
    idle = memory(portal, "VmRSS")
    for worker in workers(portal):
        Path(f"/proc/{worker}/clear_refs").write_text("5")  # the peak counts from here
    used, began, size = processor(portal), time.perf_counter(), 0
    with requests.get(address, stream=True, timeout=600) as answer:
        answer.raise_for_status()
        for chunk in answer.iter_content(1 << 20):
            size += len(chunk)
    seconds = time.perf_counter() - began
    spent = processor(portal) - used
    above = max(peak - idle[worker] for worker, peak in memory(portal, "VmHWM").items())
    return [
        Row(f"table as {name}, 1 million rows", None, ROWS / seconds, wanted, "/s", "higher"),
        Row(f"table as {name}, by processor second", None, ROWS / spent, "", "/s", "higher"),
        Row(f"table as {name}, MB", None, size / 1e6, "", "MB"),
        Row(f"table as {name}, memory", None, above, "≤ 64", "MiB"),
    ]
