"""``make bench``: print the table and keep it as JSON."""
from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

from ckanext.govdata.stack.home import Home
from tests.portals import running

from . import measures


def main() -> int:
    """Measure both portals in turn; results in ``<home>/bench/<time>.json``."""
    home = Home.open()
    with running(home, "stock", stock=True) as stock, running(home, "ours", stock=False) as ours:
        say("create")
        rows = [measures.create(stock, ours)]
        say("import")
        rows.append(measures.bulk_import(rows[0], ours))
        measures.fill(stock)
        say("read")
        for measure in (
            measures.search,
            measures.list_page,
            measures.entry_page,
            measures.home_page,
        ):
            rows.append(measure(stock, ours))
        say("memory")
        rows.append(measures.import_memory(ours))
    show(rows)
    kept = keep(home.path / "bench", rows)
    say(f"kept in {kept}")
    return 0


def show(rows: list[measures.Row]) -> None:
    """The table: stock, ours, how many times faster, what the project wants."""
    print(f"\n{'':32}{'stock':>12}{'ours':>12}{'ratio':>9}  wanted")  # noqa: T201
    for row in rows:
        stock = f"{row.stock:.1f} {row.unit}" if row.stock else "–"
        ratio = f"{row.ratio:.2f}×" if row.ratio else "–"
        ours = f"{row.ours:.1f} {row.unit}"
        print(f"{row.name:32}{stock:>12}{ours:>12}{ratio:>9}  {row.wanted}")  # noqa: T201


def keep(folder: Path, rows: list[measures.Row]) -> Path:
    """Write the rows with their ratios; the file's name is the instant."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{datetime.now(timezone.utc):%Y%m%dT%H%M%SZ}.json"
    file.write_text(
        json.dumps([{**asdict(r), "ratio": r.ratio} for r in rows], indent=1, ensure_ascii=False)
    )
    return file


def say(text: str) -> None:
    """Progress, on standard error."""
    print(f"· {text}", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
