"""Tables of the catalogue; made by ``migration/govdata``."""
from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk


class CatalogueCode(tk.BaseModel):
    """The code of each entry. The primary key is what makes a code unique, whoever writes."""

    __table__ = sa.Table(
        "govdata_catalogue_code",
        tk.BaseModel.metadata,
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
        sa.Index("ix_govdata_catalogue_code_prefix", "prefix", "sequence"),
    )


class CodeCounter(tk.BaseModel):
    """The last sequence number given out under each prefix."""

    __table__ = sa.Table(
        "govdata_code_counter",
        tk.BaseModel.metadata,
        sa.Column("prefix", sa.Text, primary_key=True),
        sa.Column("last", sa.BigInteger, nullable=False),
    )
