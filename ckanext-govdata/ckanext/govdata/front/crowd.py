"""When CKAN is busy, what is expensive is sent away first, with a time to come back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

EXPENSIVE = re.compile(
    rb"^(?:/[A-Za-z_]{2,12})?/(?:"
    rb"dataset/?$|dataset/[^/]+/data/|"
    rb"organization(?:/[^/]+)?/?$|group(?:/[^/]+)?/?$|region(?:/[^/]+)?/?$|"
    rb"catalog\.|feeds/|catalogue/(?:export|import)|datastore/|stats|"
    rb"api/(?:\d/)?action/(?:package_search|resource_search|govdata_search|datastore_search|"
    rb"govdata_table_rows|current_package_list|organization_list|govdata_catalogue))"
)
"""Searches, lists, exports: each costs many times an entry's page."""
QUEUE = 8
"""Requests per thread that may wait; expensive ones in ordinary times."""
QUEUE_IN_EMERGENCY = 1
"""Expensive requests per thread that may wait while an emergency runs."""
LONGEST = 5.0
"""Seconds after which somebody who only takes his answer slowly no longer has the turn."""
RETRY = 2
"""Seconds after which somebody who was sent away should come back."""


@dataclass
class Crowd:
    """How many requests CKAN has in this process, and how many were sent away.

    While an emergency runs one expensive request is worked on at a time: a thread that computes
    takes the interpreter in turns with the loop that answers the event's readers, and four such
    threads keep a reader waiting four times as long.
    """

    threads: int
    inside: int = 0
    shed: int = 0
    _expensive: int = 0
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    def admits(self, path: bytes, emergency: bool) -> bool:
        """Whether one more may come in; counts those that may not."""
        waiting, queue = self.inside - self.threads, 4 * QUEUE
        if EXPENSIVE.match(path):
            queue = QUEUE
            if emergency:
                rest = self.inside - self._expensive
                waiting, queue = max(self._expensive - 1, rest - self.threads), QUEUE_IN_EMERGENCY
        if waiting < queue * self.threads:
            return True
        self.shed += 1
        return False

    @asynccontextmanager
    async def place(self, path: bytes, emergency: bool) -> AsyncIterator[None]:
        """Be one of those inside, once it is one's turn."""
        expensive = EXPENSIVE.match(path) is not None
        self.inside += 1
        self._expensive += expensive
        try:
            give_back = await self._take() if expensive and emergency else _nothing
            try:
                yield
            finally:
                give_back()
        finally:
            self.inside -= 1
            self._expensive -= expensive

    async def _take(self) -> Callable[[], None]:
        """Wait for the turn; what gives it back, once, as the clock does for who is slow."""
        await self._turn.acquire()
        once = iter((self._turn.release,))

        def give_back() -> None:
            for release in once:
                release()

        asyncio.get_running_loop().call_later(LONGEST, give_back)
        return give_back


def _nothing() -> None:
    """There is no turn to give back."""
