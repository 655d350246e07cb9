"""How far the table of each file is; made by ``migration/govdata``."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

table_load = sa.Table(
    "govdata_table",
    tk.BaseModel.metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("job", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("done", sa.BigInteger, nullable=False),
    sa.Column("error", sa.JSON(none_as_null=True)),
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
    sa.Column("loaded_digest", sa.Text, nullable=False),
    sa.Column("loaded_filename", sa.Text, nullable=False),
    sa.Column("loaded", sa.DateTime(timezone=True)),
    sa.Column("sheet", sa.Text, nullable=False),
    sa.Column("row_count", sa.BigInteger, nullable=False),
    sa.Column("column_count", sa.Integer, nullable=False),
    sa.Column("findings", sa.JSON, nullable=False),
)


class TableLoad(NamedTuple):
    """The last asked of a file's table, and the table that is there.

    ``state`` is ``waiting``, ``loading`` (``done`` rows so far), ``loaded`` or ``failed``
    (``error`` has ``code`` and ``detail``); ``attempts`` counts jobs that were cut off before they
    could say how it ended; ``asked_by`` is a user's id, or empty. What begins
    with ``loaded`` is of the table that readers have, with its sheet, rows and columns; it may be
    an older one than the file. ``findings`` are what :class:`.file_table.TableFinding` says.
    """

    resource_id: str
    digest: str
    filename: str
    asked_by: str
    state: str
    job: str
    attempts: int
    done: int
    error: dict[str, Any] | None
    changed: datetime
    loaded_digest: str
    loaded_filename: str
    loaded: datetime | None
    sheet: str
    row_count: int
    column_count: int
    findings: list[dict[str, Any]]
