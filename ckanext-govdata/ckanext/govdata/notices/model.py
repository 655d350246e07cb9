"""Tables of notices and of the outbox; made by ``migration/govdata``."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

META = tk.BaseModel.metadata
INSTANT = sa.DateTime(timezone=True)

notice = sa.Table(
    "govdata_notice",
    META,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("case_id", sa.Text),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("read", INSTANT),
)


class NoticeRow(NamedTuple):
    """A row of :data:`notice`; ``facts`` are JSON."""

    key: str
    user_id: str
    kind: str
    case_id: str | None
    facts: str
    at: datetime
    read: datetime | None


preference = sa.Table(
    "govdata_notice_preference",
    META,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("mail", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
)

outbox = sa.Table(
    "govdata_outbox",
    META,
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("next_try", INSTANT, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("sent", INSTANT),
    sa.Column("recipient", sa.Text, nullable=False, server_default=""),
    sa.Column("urgency", sa.SmallInteger, nullable=False, server_default="1"),
)


class OutboxRow(NamedTuple):
    """A row of :data:`outbox`; ``payload`` is JSON, ``urgency`` a ``LetterClass``."""

    id: int
    key: str
    kind: str
    payload: str
    at: datetime
    next_try: datetime
    tries: int
    problem: str
    sent: datetime | None
    recipient: str
    urgency: int
