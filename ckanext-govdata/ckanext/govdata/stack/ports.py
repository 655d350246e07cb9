"""Which loopback ports the parts listen on."""
from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from zlib import crc32

from .trouble import Trouble

FIRST = {
    "web": 5000, "postgres": 15432, "valkey": 16379, "solr": 18983, "supervisor": 19001,
    "mail": 11025,
}
"""Each part's thousand ports; below the range that outgoing connections take."""
SPAN = 1000
VARIABLES = {name: f"GOVDATA_{name.upper()}_PORT" for name in FIRST} | {"web": "GOVDATA_PORT"}


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose(
    kept: Mapping[str, int],
    stack: str = "",
    environ: Mapping[str, str] = os.environ,
    free: Callable[[int], bool] = is_free,
) -> dict[str, int]:
    """A port for each part: the one that the environment sets, else the one kept, else a free one.

    To be asked while nothing of the stack runs. Where the search begins depends on the stack's
    id, so that stacks that start at the same moment do not run for the same ports. Raises
    Trouble when a port that the environment sets is no port, or is taken.
    """
    chosen: dict[str, int] = {}
    offset = crc32(stack.encode()) % SPAN if stack else 0
    for name, first in FIRST.items():
        variable = VARIABLES[name]
        if environ.get(variable):
            chosen[name] = _demanded(variable, environ[variable], free)
            continue
        candidates = [kept[name]] if name in kept else []
        candidates += [first + (offset + step) % SPAN for step in range(SPAN)]
        usable = (port for port in candidates if port not in chosen.values() and free(port))
        chosen[name] = next(usable, 0)
        if not chosen[name]:
            raise Trouble(f"No port from {first} on is free for {name}. Set {variable}.")
    return chosen


def _demanded(variable: str, text: str, free: Callable[[int], bool]) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Trouble(f"{variable} is {text!r}; it must be a number from 1 to 65535.")
    if not free(int(text)):
        raise Trouble(
            f"Port {text} ({variable}) is taken by another program. Stop that one, choose "
            f"another port, or unset {variable} to have a free one chosen."
        )
    return int(text)
