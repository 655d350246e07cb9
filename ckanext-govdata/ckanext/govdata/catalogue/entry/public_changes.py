"""Which entries were written, as the database tells at each commit, whoever wrote them.

Triggers (migration 032) tell the name and id of what was changed, and of a withdrawal that
anything may differ. Whoever listens needs no lock and no table, so that his question also tells
whether the database answers at all.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

CHANNEL = "govdata_public"
PATIENCE = 3
"""Seconds within which a connection stands."""


class PublicChanges:
    """Listens on a connection of its own. For one thread at a time."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(
            url, poolclass=NullPool, isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": PATIENCE},
        )  # fmt: skip
        self._connection: sa.engine.Connection | None = None

    def taken(self) -> frozenset[str] | None:
        """The entries that were changed since the last time, by name and id; None: it may be any.

        Raises ``SQLAlchemyError`` while the database is away.
        """
        if self._connection is not None:
            try:
                return self._heard(self._connection)
            except SQLAlchemyError:
                with suppress(SQLAlchemyError):
                    self._connection.close()
                self._connection = None
        self._connection = self._listening()
        return None

    def _listening(self) -> sa.engine.Connection:
        connection = self._engine.connect()
        connection.exec_driver_sql(f"LISTEN {CHANNEL}")
        return connection

    def _heard(self, connection: sa.engine.Connection) -> frozenset[str] | None:
        connection.exec_driver_sql("SELECT 1")
        driver: Any = connection.connection.driver_connection
        told = {notice.payload for notice in driver.notifies}
        driver.notifies.clear()
        return None if "" in told else frozenset(told)
