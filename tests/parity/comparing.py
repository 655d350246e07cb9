"""What differs between two runs of the same tests."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

EXPECTED = Path(__file__).parent / "expected.yaml"
Outcomes = Mapping[str, tuple[str, str]]
"""By node id: ``passed``, ``failed``, ``error``, ``skipped``, ``xfailed``, and what was said."""


@dataclass(frozen=True)
class Difference:
    """One test that ended otherwise; ``absent`` where a side did not run it."""

    test: str
    stock: str
    ours: str
    said: str


@dataclass(frozen=True)
class Comparison:
    """Differences without a reason, those with one, and reasons that nothing bears out."""

    unexpected: list[Difference]
    reasoned: list[Difference]
    stale: list[str]


def read(records: Iterable[Path]) -> dict[str, tuple[str, str]]:
    """A side's outcomes; a test that was run again counts as it ended."""
    there = (record for record in records if record.exists())
    rows = (json.loads(line) for file in there for line in file.read_text("utf-8").splitlines())
    return {row["test"]: (row["outcome"], row["said"]) for row in rows}


def expected(file: Path = EXPECTED) -> dict[str, str]:
    """Reasons by node id."""
    return yaml.safe_load(file.read_text("utf-8")) or {}


def compare(stock: Outcomes, ours: Outcomes, reasons: Mapping[str, str]) -> Comparison:
    """Tests that ended otherwise; a reason is stale if its test was run and ended the same."""
    absent = ("absent", "")
    found = [
        Difference(test, stock.get(test, absent)[0], outcome, said or stock.get(test, absent)[1])
        for test in sorted({*stock, *ours})
        for outcome, said in [ours.get(test, absent)]
        if stock.get(test, absent)[0] != outcome
    ]
    differ = {difference.test for difference in found}
    return Comparison(
        [difference for difference in found if difference.test not in reasons],
        [difference for difference in found if difference.test in reasons],
        sorted(test for test in reasons if test not in differ and test in stock),
    )


def report(found: Comparison, stock: Outcomes, ours: Outcomes) -> str:
    """For a terminal: each side's counts, then test by test."""
    lines = [f"{name:6}{counts(side)}" for name, side in (("stock", stock), ("ours", ours))]
    told = [(d, "differs") for d in found.unexpected]
    told += [(d, "differs, as expected") for d in found.reasoned]
    for d, title in told:
        lines.append(f"\n{title}: {d.test}\n  stock {d.stock}, ours {d.ours}")
        lines += [f"  | {line}" for line in d.said.splitlines()[-6:]]
    lines += [f"\ntake it out of {EXPECTED.name}, it is the same now: {t}" for t in found.stale]
    lines.append(
        f"\n{len(found.unexpected)} differences without a reason, {len(found.reasoned)} with one"
    )
    return "\n".join(lines)


def counts(side: Outcomes) -> str:
    """Such as ``2,088 passed, 7 failed, 2 skipped``."""
    counted = Counter(outcome for outcome, _ in side.values())
    return ", ".join(f"{n:,} {outcome}" for outcome, n in counted.most_common())
