"""Tables of the search; made by ``migration/govdata``."""
from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from ckan.plugins import toolkit as tk


class SearchRule(tk.BaseModel):
    """One line of knowledge, as the operator writes it."""

    __table__ = sa.Table(
        "govdata_search_rule",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.UniqueConstraint("kind", "line"),
    )


class SearchChange(tk.BaseModel):
    """A change of the knowledge: ``before`` empty for a new line, ``after`` for one taken away."""

    __table__ = sa.Table(
        "govdata_search_change",
        tk.BaseModel.metadata,
        sa.Column("version", sa.BigInteger, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
    )


class SearchState(tk.BaseModel):
    """One row: the knowledge's version, what was learnt from the catalogue's titles, and the lines
    that the portal shipped when they were last taken over.
    """

    __table__ = sa.Table(
        "govdata_search_state",
        tk.BaseModel.metadata,
        sa.Column("id", sa.SmallInteger, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("titles", sa.BigInteger, nullable=False),
        sa.Column("vocabulary", sa.LargeBinary, nullable=True),
        sa.Column("shipped", sa.LargeBinary, nullable=True),
    )


class SearchVector(tk.BaseModel):
    """A title's vector by the digest of the text that was embedded: 384 numbers of 4 bytes."""

    __table__ = sa.Table(
        "govdata_search_vector",
        tk.BaseModel.metadata,
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )


class SearchCount(tk.BaseModel):
    """How often a query was asked on a day, with how many results last, and how many clicks.

    Nobody's name, address or session is kept.
    """

    __table__ = sa.Table(
        "govdata_search_count",
        tk.BaseModel.metadata,
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("query", sa.Text, primary_key=True),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("clicks", sa.Integer, nullable=False),
    )


class SearchDemand(tk.BaseModel):
    """Data that a reader looked for in vain: what, what for, and the operator's answer.

    Nobody's name, address or session is kept.
    """

    __table__ = sa.Table(
        "govdata_search_demand",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
    )


class DemandRow(NamedTuple):
    """A row of :class:`SearchDemand`."""

    id: int
    at: datetime
    subject: str
    purpose: str
    answer: str
    answered_at: datetime | None


class EntryUse(tk.BaseModel):
    """How often an entry was opened from a list or a file of it taken, and what the index says."""

    __table__ = sa.Table(
        "govdata_entry_use",
        tk.BaseModel.metadata,
        sa.Column("package_id", sa.Text, primary_key=True),
        sa.Column("uses", sa.BigInteger, nullable=False),
        sa.Column("indexed", sa.BigInteger, nullable=False),
    )
