"""Drawings that were made a moment ago, for who asks the same: a picture that a busy page elsewhere
shows is drawn once a minute and not for each of its readers.

Nothing is kept that a grant gives, and the gate is asked before each look: the key has the columns
that the reader gets.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from threading import Lock

KEPT = 60
"""Seconds that a drawing is given again."""
MOST, LARGEST = 100, 400_000
"""Drawings of one web process, and bytes of each."""
_kept: dict[Hashable, tuple[float, bytes]] = {}
_lock = Lock()


def drawn(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """The drawing that is kept under the key, else a new one. ``key`` names the table by the number
    that the database gave it, the question, the picture, the columns and the language."""
    now = time.monotonic()
    with _lock:
        found = _kept.get(key)
    if found and now - found[0] < KEPT:
        return found[1]
    made = make()
    with _lock:
        while len(_kept) >= MOST:
            _kept.pop(next(iter(_kept)))
        if len(made) <= LARGEST:
            _kept[key] = (now, made)
    return made


def forget() -> None:
    """Nothing is kept."""
    with _lock:
        _kept.clear()
