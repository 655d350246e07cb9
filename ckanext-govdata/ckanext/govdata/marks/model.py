"""The table of marks; made by ``migration/govdata``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

mark = sa.Table(
    "govdata_mark",
    tk.BaseModel.metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("resource_id", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("row_key", sa.Text, nullable=False),
    sa.Column("column_name", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("seen_version", sa.Text, nullable=False),
    sa.Column("seen_value", sa.Text),
    sa.Column("mended_version", sa.Text, nullable=False),
    sa.Column("mended", sa.DateTime(timezone=True)),
)
"""What a case points at. ``address`` is equal for marks of one datum; ``seen_*`` is how it read
when it was marked; ``mended_version`` which file or entry has it right since ``mended``."""
