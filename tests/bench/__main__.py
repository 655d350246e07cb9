"""``make bench``: print the table and keep it as JSON."""
from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

from ckanext.govdata.stack.home import Home
from tests.portals import running

from . import casework, emergency, latency, measures, oracles, taken_tables

OURS = {
    "cases": casework.casework,
    "gate": casework.gate,
    "table": casework.granted_table,
    "load_table": casework.load_table,
    "downloads": taken_tables.downloads,
    "sweep": casework.sweep,
    "letters": casework.letters,
    "papers": casework.papers,
    "emergency": emergency.emergency,
}
"""What only our portal has."""
DRAFTS = {
    f"ckanext.govdata.cases.drafts_per_{one}": str(casework.ROUNDS) for one in ("entry", "person")
}
"""Each applicant has as many drafts as decisions are contested: more than a person may have."""


def main() -> int:
    """Measure what was asked for (all without words); results in ``<home>/bench/<time>.json``.

    Words: ``stock`` both portals in turn, ``latency`` searches at 100,000 entries, ``cases``,
    ``sweep``, ``letters``, ``papers``, ``gate``, ``table``, ``load_table``, ``downloads``,
    ``emergency``;
    ``oracles`` only where it is named.
    """
    home = Home.open()
    rows: list[measures.Row] = []
    try:
        for found in measured(home, sys.argv[1:] or ["stock", "latency", *OURS]):
            rows += found
    finally:  # what was measured before something broke is shown and kept
        show(rows)
        kept = keep(home.path / "bench", rows)
        say(f"kept in {kept}")
    return 0


def measured(home: Home, asked: Sequence[str]) -> Iterator[list[measures.Row]]:
    """The rows of what was asked for, one group after the other."""
    if "stock" in asked:
        yield beside_stock(home)
    if "latency" in asked:
        say("latency")
        with running(home, "latency", workers=2, threads=4) as ours:
            yield latency.latency(ours)
    if "oracles" in asked:
        say("oracles")
        with running(home, "oracles", threads=4, options=oracles.OPTIONS) as ours:
            yield oracles.oracles(ours)
    if set(OURS) & set(asked):
        options = {"ckanext.govdata.cases.one_step": "yaohai", **DRAFTS}
        with running(home, "cases", workers=2, threads=4, options=options) as ours:
            for name, measure in OURS.items():
                if name in asked:
                    say(name)
                    yield measure(ours)


def beside_stock(home: Home) -> list[measures.Row]:
    """What a stock CKAN does too, both portals in turn."""
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
    return rows


def show(rows: list[measures.Row]) -> None:
    """The table: stock, ours, how many times faster, what the project wants."""
    head = f"\n{'':42}{'stock':>12}{'ours':>16}{'ratio':>9}{'load':>7}  wanted"
    print(head)  # noqa: T201
    for row in rows:
        stock = f"{row.stock:.1f} {row.unit}" if row.stock else "–"
        ratio = f"{row.ratio:.2f}×" if row.ratio else "–"
        ours = f"{row.ours:.1f} {row.unit}"
        line = f"{row.name:42}{stock:>12}{ours:>16}{ratio:>9}{row.load:>7.1f}  {row.wanted}"
        print(line)  # noqa: T201


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
