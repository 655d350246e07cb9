"""The table of files that people attach to forms; made by ``migration/govdata``."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

attachment = sa.Table(
    "govdata_case_attachment",
    tk.BaseModel.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("mimetype", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
