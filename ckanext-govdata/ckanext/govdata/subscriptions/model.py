"""Tables of subscriptions; made by ``migration/govdata``. Addresses and secrets are encrypted."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

META = tk.BaseModel.metadata
INSTANT = sa.DateTime(timezone=True)

subscriber = sa.Table(
    "govdata_emergency_subscriber",
    META,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("address", sa.LargeBinary, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("data", sa.Boolean, nullable=False),
    sa.Column("asked", INSTANT, nullable=False),
    sa.Column("confirmed", INSTANT),
)

hook = sa.Table(
    "govdata_emergency_hook",
    META,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("created", INSTANT, nullable=False),
    sa.Column("confirmed", INSTANT),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("stopped", INSTANT),
    sa.Column("busy_until", INSTANT, nullable=False),
)

call = sa.Table(
    "govdata_emergency_hook_call",
    META,
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("hook_id", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("milliseconds", sa.Integer, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
)


class SubscriberRow(NamedTuple):
    """A row of :data:`subscriber`."""

    id: str
    event_id: str
    region: str
    digest: str
    address: bytes
    language: str
    data: bool
    asked: datetime
    confirmed: datetime | None


class HookRow(NamedTuple):
    """A row of :data:`hook`."""

    id: str
    user_id: str
    event_id: str
    region: str
    secret: bytes
    created: datetime
    confirmed: datetime | None
    failures: int
    stopped: datetime | None
    busy_until: datetime


class CallRow(NamedTuple):
    """A row of :data:`call`."""

    id: int
    hook_id: str
    key: str
    at: datetime
    status: int
    milliseconds: int
    problem: str
