"""Tables of departments; made by ``migration/govdata``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

META = tk.BaseModel.metadata
INSTANT = sa.DateTime(timezone=True)

away = sa.Table(
    "govdata_away",
    META,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("deputy_id", sa.Text, nullable=False),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    sa.Column("created", INSTANT, nullable=False),
)

name = sa.Table(
    "govdata_department_name",
    META,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("bearer_id", sa.Text, nullable=False),
    sa.Column("until", INSTANT, nullable=False),
)
