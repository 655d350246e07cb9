"""When a service that does not answer is left alone, so that who asks does not wait for nothing.

Libraries for this let everybody ask again when the rest is over, or hold one lock while somebody
asks; here one asks for all, and nobody waits for him.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


class Resting(Exception):
    """The service has not answered several times, and is not asked for the moment."""


class Breaker:
    """Counts what fails; ``most`` failures in a row, and nobody asks for ``rest`` seconds.

    Then one asks, while the others rest on; if he is answered all ask again. ``clock`` gives
    seconds that only go forward. For the threads of one process.
    """

    def __init__(self, most: int, rest: float, clock: Callable[[], float]) -> None:
        self._most, self._rest, self._clock = most, rest, clock
        self._lock = threading.Lock()
        self._failures, self._until = 0, 0.0

    def enter(self) -> None:
        """Before asking. Raises :class:`Resting`."""
        with self._lock:
            if self._failures < self._most:
                return
            if self._clock() < self._until:
                raise Resting
            self._until = self._clock() + self._rest

    def fail(self) -> None:
        """There was no answer."""
        with self._lock:
            self._failures += 1
            self._until = self._clock() + self._rest

    def work(self) -> None:
        """There was an answer, whatever it said."""
        with self._lock:
            self._failures = 0
