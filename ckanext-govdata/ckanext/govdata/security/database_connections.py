"""Connections of a web process to its databases: no request waits for ever for one that hangs.

A database that is stopped, or a machine that went without a word, answers nothing and refuses
nothing, so whoever waits for it waits until it is there again. Here the connections can be broken
off from outside: whoever waits gets the error that a database which died would give him.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import weakref
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

log = logging.getLogger(__name__)

CONNECTING = 5
"""Seconds within which a new connection stands."""


class BrokenOff:
    """The connections of all pools of this process, from the moment that they are watched; one that
    stands alone, such as that on which changes are heard, is its owner's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: weakref.WeakSet[Any] = weakref.WeakSet()

    def watch(self) -> None:
        """Know each connection that is made from now on, and let none be waited for too long."""
        event.listen(sa.Engine, "do_connect", _within_time)
        event.listen(QueuePool, "connect", self._made)

    def let_go(self) -> None:
        """Break off all that are open."""
        with self._lock:
            connections = [one for one in self._open if not one.closed]
        for connection in connections:
            with suppress(Exception):  # of whatever driver: it was closed meanwhile
                _shut(connection.fileno())
        log.error("%s connections to a database were broken off", len(connections))

    def _made(self, connection: Any, _record: object) -> None:
        with self._lock:
            self._open.add(connection)


def _within_time(
    _dialect: object, _record: object, _words: object, options: MutableMapping[str, object]
) -> None:
    options.setdefault("connect_timeout", CONNECTING)


def _shut(number: int) -> None:
    """The other end hears nothing of it while it hangs; who waits here does at once."""
    with socket.socket(fileno=os.dup(number)) as line:
        line.shutdown(socket.SHUT_RDWR)
