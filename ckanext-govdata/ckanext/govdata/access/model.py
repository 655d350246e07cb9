"""Grants, their members, reports and tokens, and places of data; made by ``migration/govdata``."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

grant = sa.Table(
    "govdata_grant",
    tk.BaseModel.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("holder_id", sa.Text, nullable=False),
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("resources", sa.Text, nullable=False),
    sa.Column("columns", sa.Text, nullable=False),
    sa.Column("row_limit", sa.BigInteger),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("conditions", sa.Text, nullable=False),
    sa.Column("delivery", sa.Text, nullable=False),
    sa.Column("terms_version", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_until", sa.Date, nullable=False),
    sa.Column("suspended", sa.Date),
    sa.Column("revoked", sa.Date),
    sa.Column("ended_reason", sa.Text, nullable=False),
    sa.Column("reported", sa.Date),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
)

member = sa.Table(
    "govdata_grant_member",
    tk.BaseModel.metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("grant_id", sa.Text, primary_key=True),
)

report = sa.Table(
    "govdata_grant_report",
    tk.BaseModel.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("grant_id", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("settles", sa.Boolean, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)

token = sa.Table(
    "govdata_grant_token",
    tk.BaseModel.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("grant_id", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    sa.Column("used", sa.DateTime(timezone=True)),
    sa.Column("revoked", sa.DateTime(timezone=True)),
)

location = sa.Table(
    "govdata_location",
    tk.BaseModel.metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("cache_url", sa.Text, nullable=False),
)


class GrantRow(NamedTuple):
    """A row of :data:`grant`; ``resources`` and ``columns`` are JSON."""

    id: str
    case_id: str
    reference: str
    holder_id: str
    package_id: str
    organization_id: str
    resources: str
    columns: str
    row_limit: int | None
    purpose: str
    conditions: str
    delivery: str
    terms_version: str
    valid_from: date
    valid_until: date
    suspended: date | None
    revoked: date | None
    ended_reason: str
    reported: date | None
    created: datetime


class TokenRow(NamedTuple):
    """A row of :data:`token`."""

    id: str
    grant_id: str
    user_id: str
    name: str
    digest: str
    created: datetime
    used: datetime | None
    revoked: datetime | None
