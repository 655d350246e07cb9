"""The ledger's tables; made by ``migration/govdata``, which also forbids changing a row."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

ledger = sa.Table(
    "govdata_ledger",
    tk.BaseModel.metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("object_type", sa.Text, nullable=False),
    sa.Column("object_id", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("algorithm", sa.Text, nullable=False),
)


class LedgerRow(NamedTuple):
    """A row of :data:`ledger`; ``content`` is the canonical JSON of the entry."""

    number: int
    at: datetime
    actor_id: str
    action: str
    object_type: str
    object_id: str
    content: str
    before: str
    digest: str
    algorithm: str


day = sa.Table(
    "govdata_ledger_day",
    tk.BaseModel.metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)

change = sa.Table(
    "govdata_change",
    tk.BaseModel.metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("transaction", sa.BigInteger, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("object_type", sa.Text, nullable=False),
    sa.Column("object_id", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("facts", JSONB, nullable=False),
)
"""Changes that the triggers noted and that are not in the ledger yet."""
