"""Measure the search on judged queries, by asking ``package_search`` as anybody would."""
from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..domain.search.relevance import DEPTH, Score, judge, mean
from ..pages import entry_list
from . import vectors

NAMES = 100
"""Names that are looked up together."""
PATIENCE = 10.0
"""Seconds that an evaluation waits for a query's vector: it measures quality, not speed."""


@dataclass(frozen=True)
class Judged:
    """A query with the names of the entries that answer it, graded 2 (right) or 1 (related)."""

    query: str
    type: str
    relevant: Mapping[str, int]


def read(path: Path) -> list[Judged]:
    """Judged queries, one JSON object a line; raises ``ValueError`` that names a broken line, or
    says that there is none at all: nothing measured must not pass for a measurement.
    """
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            relevant = {str(name): int(grade) for name, grade in row["relevant"].items()}
            found.append(Judged(str(row["query"]), str(row.get("type", "")), relevant))
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise ValueError(f"line {number}: {error}") from error
    if not found:
        raise ValueError("no query in it")
    return found


def unknown(judged: Iterable[Judged]) -> list[str]:
    """Judged names that an anonymous reader finds no entry of: they count as not found."""
    names = sorted({name for item in judged for name in item.relevant})
    known: set[str] = set()
    for start in range(0, len(names), NAMES):
        wanted = " OR ".join(entry_list.quoted(name) for name in names[start:start + NAMES])
        known.update(_names({"fq": f"name:({wanted})", "rows": NAMES}))
    return [name for name in names if name not in known]


def ask(query: str, rows: int = 100) -> list[str]:
    """Names of the entries that an anonymous reader finds, best first."""
    return _names({"q": query, "rows": rows})


def _names(asked: dict[str, Any]) -> list[str]:
    answer = tk.get_action("package_search")(
        Context(user="", auth_user_obj=None), {**asked, "fl": ["name"], "facet": "false"})
    return [hit["name"] for hit in answer["results"]]


def evaluate(judged: Iterable[Judged]) -> dict[str, Score]:
    """Scores by query type, and of all under the empty type."""
    scores: dict[str, list[Score]] = defaultdict(list)
    with vectors.patience(PATIENCE):
        for item in judged:
            score = judge(ask(item.query), item.relevant)
            scores[item.type].append(score)
            scores[""].append(score)
    return {kind: mean(found) for kind, found in sorted(scores.items())}


def missed(judged: Sequence[Judged], limit: int = DEPTH) -> list[dict[str, Any]]:
    """Queries that are not answered fully: what is missing among the first ten."""
    found = []
    with vectors.patience(PATIENCE):
        for item in judged:
            names = ask(item.query, limit)
            right = [name for name, grade in item.relevant.items() if grade > 1]
            lacking = [name for name in right if name not in names]
            if lacking:
                found.append({"query": item.query, "found": names, "missing": lacking})
    return found


def as_rows(scores: Mapping[str, Score]) -> dict[str, dict[str, float]]:
    """Scores as plain numbers, ``all`` for the whole."""
    return {
        kind or "all": {name: round(value, 4) for name, value in asdict(score).items()}
        for kind, score in scores.items()
    }
