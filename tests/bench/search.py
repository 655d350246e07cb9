"""The search's own bench: `python -m tests.bench.search`, inside the test services.

Prints, and keeps beside the test services as JSON: what an entry costs to index (with vectors, and
the document against CKAN's own), and how long a search and a suggestion take over so many entries
made of real titles of the demo, as an anonymous reader asks `package_search` in this process.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "ckanext-govdata" / "ckanext" / "govdata" / "demo" / "data" / "catalogue.jsonl"
QUERIES = ROOT / "tests" / "search" / "data" / "judged.jsonl"
TYPED = ("公", "公交", "gong", "gongj", "gj", "xue", "学校", "shuizhi", "空气", "ylbx")


def synthetic(count: int) -> Iterator[dict[str, Any]]:
    """Rows with real titles, each numbered apart, until there are so many."""
    rows = [json.loads(line) for line in DEMO.read_text("utf-8").splitlines()]
    for number in range(count):
        row = rows[number % len(rows)]
        turn = number // len(rows)
        title = f"{row['title']}（{turn}）" if turn else row["title"]
        yield {**row, "id": f"bench-{number}", "title": title}


def timed(work: Callable[[Any], object], given: Iterable[Any]) -> dict[str, float]:
    """Median and 95th percentile of the milliseconds that each took."""
    taken = []
    for one in given:
        begun = time.perf_counter()
        work(one)
        taken.append((time.perf_counter() - begun) * 1000)
    return {"p50": round(median(taken), 1), "p95": round(quantiles(taken, n=20)[-1], 1)}


def measure(count: int, with_vectors: bool) -> dict[str, Any]:
    """Fill the index and ask."""
    sys.path.insert(0, str(ROOT / "tests" / "search"))
    import ckan.plugins.toolkit as tk
    from loading import load

    from ckanext.govdata.search import evaluation, vectors

    rows = list(synthetic(count))
    begun = time.perf_counter()
    load(rows, with_vectors=with_vectors)
    told: dict[str, Any] = {
        "entries": count,
        "vectors": with_vectors and vectors.available(),
        "index_ms_an_entry": round((time.perf_counter() - begun) * 1000 / count, 2),
    }
    queries = [json.loads(line)["query"] for line in QUERIES.read_text("utf-8").splitlines()]
    told["search_first_time"] = timed(lambda q: evaluation.ask(q, 20), queries)
    told["search_seen_before"] = timed(lambda q: evaluation.ask(q, 20), queries * 2)
    suggest = tk.get_action("govdata_search_suggest")
    suggest({"user": ""}, {"q": "a"})
    told["suggest"] = timed(lambda text: suggest({"user": ""}, {"q": text}), TYPED * 5)
    return told


def main() -> None:
    """Measure and tell."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ini", help="the test services' configuration (`make test-ini`)")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--no-vectors", action="store_true")
    given = parser.parse_args()
    app = make_app(load_config(given.ini))
    with app._wsgi_app.app_context():
        told = measure(given.entries, not given.no_vectors)
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
