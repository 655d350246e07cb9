"""How far a command is, on standard error, which whoever takes its answer does not read.

On a terminal it is one line that moves and goes when the work is done; in a log a line every few
seconds, so that what is done at once says nothing.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

MOVING, LOGGED = 0.1, 5.0
"""Seconds between what is told on a terminal, and in a log."""

Tell = Callable[[str, int], None]
"""What is being done, and how much of it is."""
T = TypeVar("T")
LINE = re.compile(r"[a-z ]+(?: of [\d,]+:)? [\d,]+")
"""What is told in a log, among other lines: for whoever passes it on."""


def silent(_what: str, _done: int) -> None:
    """Tells nothing: where a program reads, or nobody."""


@contextmanager
def telling() -> Iterator[Tell]:
    """Tells while the work within goes on."""
    terminal = sys.stderr.isatty()
    every = MOVING if terminal else LOGGED
    last, longest = time.monotonic(), 0

    def tell(what: str, done: int) -> None:
        nonlocal last, longest
        if time.monotonic() - last < every:
            return
        last, line = time.monotonic(), f"{what} {done:,}"
        longest = max(longest, len(line))
        _say(f"\r{line:<{longest}}" if terminal else f"{line}\n")

    try:
        yield tell
    finally:
        if terminal and longest:
            _say("\r" + " " * longest + "\r")


def _say(words: str) -> None:
    sys.stderr.write(words)
    sys.stderr.flush()


def counted(found: Iterable[T], what: str, tell: Tell) -> Iterator[T]:
    """The same, told of one by one as they are taken."""
    for number, one in enumerate(found, 1):
        tell(what, number)
        yield one
