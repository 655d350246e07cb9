"""The table of identities; made by ``migration/govdata``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

identity = sa.Table(
    "govdata_identity",
    tk.BaseModel.metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("masked_name", sa.Text, nullable=False),
    sa.Column("masked_number", sa.Text, nullable=False),
    sa.Column("number_digest", sa.Text, nullable=False, index=True),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
)
