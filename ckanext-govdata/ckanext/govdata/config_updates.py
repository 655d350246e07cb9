"""Whether somebody changed CKAN's options in the browser, asked once a second and not always.

CKAN asks the database at the beginning of every request, in a transaction of its own. The process
in which they are changed has them at once; the others a second later.
"""
from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps

from ckan.lib.app_globals import app_globals

EVERY = 1.0
"""Seconds between two questions of a process."""


def take_over() -> None:
    """For this process, once."""
    asks: Callable[[], None] = app_globals._check_uptodate  # pyright: ignore[reportPrivateUsage]
    if not hasattr(asks, "__wrapped__"):
        app_globals._check_uptodate = seldom(asks, EVERY)  # pyright: ignore


def seldom(ask: Callable[[], None], every: float) -> Callable[[], None]:
    """``ask``, left out where it was asked less than so many seconds ago."""
    last = -every

    @wraps(ask)
    def asked() -> None:
        nonlocal last
        if time.monotonic() - last >= every:
            last = time.monotonic()
            ask()

    return asked
