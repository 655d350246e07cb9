"""``load_table.py ROWS``: a CSV file of so many rows and ten columns becomes a table.

Answers seconds until readers have it, seconds of the index of words after that, and the most
memory of the process above what it had before, in MiB.
"""
from __future__ import annotations

import csv
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import ckan.plugins.toolkit as tk
from ckan import model
from inside import answer, organization, site
from werkzeug.datastructures import FileStorage

from ckanext.govdata import queued_job
from ckanext.govdata.tables import datastore_table, load_rows

HEAD = ("编号", "线路", "人次", "站点", "日期", "均值", "地址", "状态", "区划", "备注")


def write(path: Path, rows: int) -> None:
    """The file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for n in range(1, rows + 1):
            out.writerow((
                n, f"{n % 300}路", n % 5000, f"瑶海区第{n % 900}站", f"2026-05-{n % 28 + 1:02d}",
                f"{n % 1000 / 7:.2f}", f"安徽省合肥市瑶海区长江东路{n % 2000}号", "正常", "034010",
                f"备注{n}"))


def entry() -> str:
    """The id of an entry that declares nothing."""
    return tk.get_action("package_create")(site(), {
        "name": "load-entry", "title": "客流", "notes": "各线路的客流。", "domain": "transport",
        "owner_org": organization("load-department"), "update_period": "yearly",
        "share_type": "unconditional", "open_attribute": "unconditional", "data_formats": ["csv"],
        "information_items": [{"name": name, "type": kind, "opened": True}
                              for name, kind in zip(HEAD, "NCNCDNCCCC", strict=True)]})["id"]


def memory(kind: str) -> float:
    """MiB of this process."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith(kind)).split()[1]) / 1024


def main() -> dict[str, float]:
    """What it took."""
    tk.config["ckan.max_resource_size"] = 1024
    begun: list[tuple[object, tuple[str, str]]] = []
    queued_job.enqueue = lambda job, args, *_: begun.append((job, args))  # type: ignore[assignment]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        write(path, int(sys.argv[1]))
        with path.open("rb") as file:
            made = tk.get_action("resource_create")(site(), {
                "package_id": entry(), "name": "客流", "format": "CSV", "url_type": "upload",
                "url": "a.csv", "upload": FileStorage(file, "a.csv")})
    model.Session.remove()
    index, words = datastore_table.index_words, [0.0]

    def timed(resource_id: str) -> None:
        words[0] = time.monotonic()
        index(resource_id)

    datastore_table.index_words = timed
    job, args = begun[-1]
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    before = memory("VmRSS")
    start = time.monotonic()
    job(*args)  # type: ignore[operator]
    end = time.monotonic()
    row = load_rows.find(model.Session, made["id"])
    if row is None or row.state != load_rows.LOADED:
        raise RuntimeError(f"not loaded: {row}")
    peak = memory("VmHWM")
    return {"seconds": words[0] - start, "words": end - words[0], "memory": peak,
            "more": peak - before}


if __name__ == "__main__":
    answer(main)
