"""What a piece of code asks of the database: each statement of its own thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that this thread sends meanwhile; the search reads its knowledge in another
    one, whenever it finds that the database was changed. Left out is what a process asks once a
    second, of whoever comes first then: whether CKAN's options were changed (`config_updates`)."""
    found: list[str] = []
    mine = threading.get_ident()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if threading.get_ident() == mine and "FROM system_info" not in statement:
            found.append(" ".join(statement.split()))

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)
