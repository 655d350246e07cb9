"""``python -m ckanext.govdata.stack``: what the Makefile calls."""
from __future__ import annotations

import argparse
import os
import sys
import time

from . import commands, parts
from .home import Home
from .trouble import Trouble


def main() -> int:
    """Carry out one command; 1 with a message when it cannot be done."""
    parser = argparse.ArgumentParser(prog="ckanext.govdata.stack", description=__doc__)
    parser.add_argument("command", choices=[*commands.ALL, "run"])
    parser.add_argument("part", nargs="?")
    parser.add_argument("--since", type=float, default=time.time(), help="when `make` began")
    arguments = parser.parse_args()
    try:
        home = Home.open()
        if arguments.command == "run":
            parts.execute(home, arguments.part)
        return commands.ALL[arguments.command](home, arguments.since)
    except BrokenPipeError:  # whoever read what is printed has seen enough; other work stopped here
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0 if arguments.command in commands.TELLING else 1
    except Trouble as trouble:
        print(f"\n✗ {trouble}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
