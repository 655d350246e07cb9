"""The tables of identities; made by ``migration/govdata``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

identity = sa.Table(
    "govdata_identity",
    tk.BaseModel.metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("masked_name", sa.Text, nullable=False),
    sa.Column("masked_number", sa.Text, nullable=False),
    sa.Column("number_digest", sa.Text, nullable=False, index=True),
    sa.Column("held", sa.Boolean, nullable=False),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
)
"""Who an account says it is now. ``held``: another account had the number before; one row that is
not held for each number (``ux_govdata_identity_number``)."""

of_case = sa.Table(
    "govdata_case_identity",
    tk.BaseModel.metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("masked_name", sa.Text, nullable=False),
    sa.Column("masked_number", sa.Text, nullable=False),
    sa.Column("number_digest", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
"""Who the applicant was when he handed the case in; the grant that comes of it is this person's."""
