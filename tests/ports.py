"""Ports for servers that a test starts as programs of their own."""

from __future__ import annotations

import itertools
import os

from ckanext.govdata.stack.ports import is_free

FIRST, SPAN = 20_000, 10_000
"""Below the range that outgoing connections take: none of those has it when the server comes."""
_candidates = itertools.count(os.getpid() * 97)


def free_port() -> int:
    """A port on which nobody listens; each time another one."""
    usable = (FIRST + number % SPAN for number in itertools.islice(_candidates, SPAN))
    return next(port for port in usable if is_free(port))
