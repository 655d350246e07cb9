"""``python -m tests.parity [PATH …]``: run both sides and print what differs.

A PATH is relative to ``ckan/tests`` (``logic/auth``, ``lib/test_helpers.py::test_x``); without
one it is all of logic, lib and controllers. Each path is one pytest process with empty stores.
"""
from __future__ import annotations

import argparse
import sys

from ckanext.govdata.stack.home import Home

from . import comparing, running


def main() -> int:
    """0 when nothing differs but what ``expected.yaml`` gives a reason for."""
    asked = argparse.ArgumentParser(prog="tests.parity", description=__doc__)
    asked.add_argument("paths", nargs="*", default=list(running.FOLDERS))
    asked.add_argument("--only", choices=running.SIDES, help="the other side as it ran last")
    asked.add_argument("--jobs", type=int, default=1, help="paths at once")
    words = asked.parse_args()
    home = Home.open()
    outcomes = []
    for side in running.SIDES:
        wanted = running.runs(home, side, words.paths)
        if words.only in (None, side):
            say(f"{side}: pytest writes to {', '.join(str(one.log) for one in wanted)}")
            running.carry_out(wanted, words.jobs)
        outcomes.append(comparing.read(one.record for one in wanted))
    found = comparing.compare(*outcomes, comparing.expected())
    print(comparing.report(found, *outcomes))  # noqa: T201
    return 1 if found.unexpected or found.stale else 0


def say(text: str) -> None:
    """Progress, on standard error."""
    print(f"· {text}", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
