"""``python -m ckanext.govdata.stack``: what the Makefile calls."""
from __future__ import annotations

import argparse
import os
import sys
import time

from . import lock, parts, tasks
from .home import Home
from .trouble import Trouble


def main() -> int:
    """Carry out one command; 1 with a message when it cannot be done."""
    parser = argparse.ArgumentParser(prog="ckanext.govdata.stack", description=__doc__)
    parser.add_argument("command", choices=[*tasks.ALL, "run"])
    parser.add_argument("part", nargs="?")
    parser.add_argument("--since", type=float, default=time.time(), help="when `make` began")
    arguments = parser.parse_args()
    try:
        return _carry_out(arguments.command, arguments.part, arguments.since)
    except BrokenPipeError:  # whoever read what is printed has seen enough; other work stopped here
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0 if arguments.command in tasks.TELLING else 1
    except Trouble as trouble:
        print(f"\n✗ {trouble}", file=sys.stderr)
        return 1


def _carry_out(command: str, part: str | None, since: float) -> int:
    if command in tasks.NEEDING and not Home.exists(Home.place()):
        print(tasks.NEEDING[command], file=sys.stderr)
        return int(command in tasks.TELLING)  # nothing to stop, nothing to throw away: as wished
    home = Home.open()
    if command == "run":
        parts.execute(home, part or "")
    if command in tasks.TELLING:
        return tasks.ALL[command](home, since)
    with lock.held(home.path / "lock", lambda words: print(words, file=sys.stderr, flush=True)):
        return tasks.ALL[command](Home.open(), since)  # opened again: who was first changed it


if __name__ == "__main__":
    sys.exit(main())
