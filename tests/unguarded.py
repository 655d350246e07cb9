"""Past the database's own triggers: what only somebody with its keys can do, for a test to ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

LOOK_AWAY = "SET LOCAL session_replication_role = replica"
"""For this transaction only: a connection goes back to the pool, and serves the next test."""


@contextmanager
def unguarded() -> Iterator[sa.engine.Connection]:
    """A transaction of its own, committed at the end, in which triggers and keys look away."""
    from ckan import model

    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text(LOOK_AWAY))
        yield connection
