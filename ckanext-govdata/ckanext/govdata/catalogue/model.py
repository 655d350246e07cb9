"""Tables of the catalogue; made by ``migration/govdata``."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

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


imports = sa.Table(
    "govdata_import",
    tk.BaseModel.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("writes", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("answer", sa.JSON(none_as_null=True)),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("job", sa.Text, nullable=False),
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
    sa.Column("undoes", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("written", sa.DateTime(timezone=True)),
    sa.Column("undone", sa.JSON(none_as_null=True)),
    sa.Index("ix_govdata_import_user", "user_id", "changed"),
)
former_rows = sa.Table(
    "govdata_import_former",
    tk.BaseModel.metadata,
    sa.Column(
        "import_id",
        sa.Text,
        sa.ForeignKey("govdata_import.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
kept_headings = sa.Table(
    "govdata_import_headings",
    tk.BaseModel.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("headings", sa.Text, nullable=False),
    sa.Column("choices", sa.JSON, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("saved", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("organization_id", "headings"),
)


class ImportRow(NamedTuple):
    """An import that an officer began on the web.

    ``state`` is ``waiting``, ``reading``, ``writing``, ``looked``, ``indexing`` (its entries are
    written), ``done``, ``failed`` (the sheet or its sender is refused), ``broken_off`` (it can go
    on), ``undoing`` or ``undone``. ``writes``: its job is to write, not only to look; ``undoes``:
    to take back what was written. ``done`` counts the sheet's entries so far; ``answer`` is that of
    ``govdata_catalogue_import``; ``job`` the only job that may say anything here; ``changed`` when
    something was said last, ``written`` when its entries were written, both by the machine's
    clock; ``undone`` is what taking them back came to.
    """

    id: str
    user_id: str
    filename: str
    options: Mapping[str, object]
    language: str
    writes: bool
    state: str
    done: int
    answer: Mapping[str, object] | None
    error: str
    job: str
    changed: datetime
    undoes: bool
    written: datetime | None
    undone: Mapping[str, object] | None


class KeptHeadingsRow(NamedTuple):
    """What a department keeps of a sheet's headings: ``headings`` is the digest of all of them,
    ``choices`` says by heading what each column is."""

    id: str
    organization_id: str
    headings: str
    choices: Mapping[str, str]
    user_id: str
    saved: datetime
