"""``make mutants WHAT="marks --count 40 --seed 1"``: how sharp the tests of a slice are."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from ckanext.govdata.stack.home import Home

from .trial import UNNOTICED

TESTS = Path(__file__).resolve().parents[1]


def main() -> int:
    """Try each slice that was named; results in ``<home>/mutants/<slice>-<seed>.jsonl``.

    Ends with 1 where the tests fail without any change: then nothing can be said of them.
    """
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("slices", nargs="+")
    asked.add_argument("--count", type=int, default=40)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--tests", nargs="*", help="other folders than the slice's own")
    asked.add_argument("--again", action="store_true", help="only what nobody noticed before")
    asked.add_argument("--ckan-ini", required=True)
    given = asked.parse_args()
    kept = Home.open().path / "mutants"
    kept.mkdir(exist_ok=True)
    for name in given.slices:
        first = kept / f"{name}-{given.seed}.jsonl"
        file = first.with_suffix(".again.jsonl") if given.again else first
        file.unlink(missing_ok=True)
        again = ["--again", str(first)] if given.again else []
        folders = given.tests or [name]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "tests.mutants.trial", "--slice", name,
             "--mutants", str(given.count), "--seed", str(given.seed), "--kept", str(file), *again,
             "--ckan-ini", given.ckan_ini, *(str(TESTS / folder) for folder in folders)],
            check=False,
        )  # fmt: skip
        if done.returncode:
            return 1
        show(name, [json.loads(line) for line in file.read_text().splitlines()])
    return 0


def show(name: str, told: list[dict[str, object]]) -> None:
    """How many were noticed, and each that was not."""
    became = Counter(str(one["became"]) for one in told)
    tried = len(told) - became["impossible"]
    say(f"{name}: {became['killed']} of {tried} noticed; {dict(became)}")
    for one in told:
        if one["became"] in UNNOTICED:
            place = f"{one['file']}:{one['line']}"
            say(f"  {one['became']:9} {one['kind']:10} {place}  {one['source']}")


def say(text: str) -> None:
    """To whoever watches, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
