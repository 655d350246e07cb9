"""How many tables are taken at once: each keeps a thread of its process until its reader has all.

Who reads slowly must not keep the threads that answer everybody else, so some are never for files;
and where there is more than one place, one address does not get all of them.
"""

from __future__ import annotations

from collections import Counter
from threading import Lock

from ..security.client_address import counted, is_this_machine

FREE = 2
"""Threads of a process that no file takes, as long as one is left for files."""
EACH = 2
"""Files that one address takes at once from a process, at the most."""


class FullError(Exception):
    """All places are taken; ``own``: by the same address."""

    def __init__(self, own: bool) -> None:
        super().__init__()
        self.own = own


class DownloadPlace:
    """One file that is being taken."""

    def __init__(self, places: DownloadPlaces, who: str) -> None:
        self._places, self._who, self._left = places, who, False

    def leave(self) -> None:
        """Make room for the next; once, however often it is said."""
        self._left, left = True, self._left
        if not left:
            self._places.free(self._who)


class DownloadPlaces:
    """Those of this process, which has so many ``threads``."""

    def __init__(self, threads: int) -> None:
        self.most = max(1, threads - FREE)
        self.each = max(1, min(EACH, self.most - 1))
        self._taken: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, address: str | None) -> DownloadPlace:
        """A place for who asks from there; raises :class:`FullError`. The machine itself may be
        a proxy for many."""
        who = counted(address)
        with self._lock:
            if self._taken.get(who, 0) >= self.each and not is_this_machine(address):
                raise FullError(own=True)
            if self._taken.total() >= self.most:
                raise FullError(own=False)
            self._taken[who] += 1
        return DownloadPlace(self, who)

    def free(self, who: str) -> None:
        """One of his has ended."""
        with self._lock:
            self._taken[who] -= 1
            if self._taken[who] <= 0:
                del self._taken[who]

    @property
    def taken(self) -> int:
        """How many there are."""
        with self._lock:
            return self._taken.total()
