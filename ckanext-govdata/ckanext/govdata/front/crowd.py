"""When CKAN is busy, what is expensive is sent away first, with a time to come back."""

from __future__ import annotations

import re
from dataclasses import dataclass

EXPENSIVE = re.compile(
    rb"^(?:/[A-Za-z_]{2,12})?/(?:"
    rb"dataset/?$|organization(?:/[^/]+)?/?$|group(?:/[^/]+)?/?$|region(?:/[^/]+)?/?$|"
    rb"catalog\.|feeds/|catalogue/(?:export|import)|datastore/|stats|"
    rb"api/(?:\d/)?action/(?:package_search|resource_search|govdata_search|datastore_search|"
    rb"current_package_list|organization_list|govdata_catalogue))"
)
"""Searches, lists, exports: each costs many times an entry's page."""
QUEUE = 8
"""Requests per thread that may wait; expensive ones in ordinary times."""
QUEUE_IN_EMERGENCY = 1
"""Expensive requests per thread that may wait while an emergency runs."""
RETRY = 2
"""Seconds after which somebody who was sent away should come back."""


@dataclass
class Crowd:
    """How many requests CKAN has in this process, and how many were sent away."""

    threads: int
    inside: int = 0
    shed: int = 0

    def admits(self, path: bytes, emergency: bool) -> bool:
        """Whether one more may come in; counts those that may not."""
        waiting = self.inside - self.threads
        if waiting < 0:
            return True
        queue = 4 * QUEUE
        if EXPENSIVE.match(path):
            queue = QUEUE_IN_EMERGENCY if emergency else QUEUE
        if waiting < queue * self.threads:
            return True
        self.shed += 1
        return False
