"""Tables of emergencies; made by ``migration/govdata``, which forbids changing acts and versions.

An event's row says where it stands now; its acts, each with the state after it, are the truth
about then. ``version`` counts every change that a reader can see: caches go by it.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

META = tk.BaseModel.metadata
INSTANT = sa.DateTime(timezone=True)

event = sa.Table(
    "govdata_emergency_event",
    META,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("jurisdiction", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("started", INSTANT, nullable=False),
    sa.Column("declared", INSTANT, nullable=False),
    sa.Column("ended", INSTANT),
    sa.Column("drill", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("modified", INSTANT, nullable=False),
)

act = sa.Table(
    "govdata_emergency_act",
    META,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
)

bulletin = sa.Table(
    "govdata_emergency_bulletin",
    META,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Text, nullable=False),
)

dataset = sa.Table(
    "govdata_emergency_dataset",
    META,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("created", sa.Boolean, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("rhythm", sa.Integer, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("time_column", sa.Text, nullable=False),
    sa.Column("place_column", sa.Text, nullable=False),
    sa.Column("figures", sa.Text, nullable=False),
    sa.Column("officer_id", sa.Text, nullable=False),
    sa.Column("latest", sa.Integer, nullable=False),
    sa.Column("updated", INSTANT, nullable=False),
    sa.Column("override", sa.Boolean, nullable=False),
    sa.Column("alarm", sa.Integer, nullable=False),
)

version = sa.Table(
    "govdata_emergency_version",
    META,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("dataset", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("due", INSTANT),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("media", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("columns", sa.Text, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("totals", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("override", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

download = sa.Table(
    "govdata_emergency_download",
    META,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("dataset", sa.Text, primary_key=True),
    sa.Column("downloads", sa.BigInteger, nullable=False),
)
