"""The table of what was answered under a key; made by ``migration/govdata``."""
from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

answered = sa.Table(
    "govdata_answered",
    tk.BaseModel.metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("answer", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)


class AnsweredRow(NamedTuple):
    """A row: ``key`` and ``request`` are digests, ``answer`` is JSON, encrypted, for there are
    answers that are shown once."""

    user_id: str
    key: str
    action: str
    request: str
    answer: bytes
    at: datetime
