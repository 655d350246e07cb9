"""Whether the keys are there with which what is kept was sealed: asked at the start and by the
health page, so that a restore without its key is noticed before anybody needs what it hides.

A key is known again by a fingerprint, of which nobody can compute the key. What was sealed before
fingerprints were kept is tried itself.
"""
from __future__ import annotations

import hashlib
import hmac
import logging
from contextlib import closing

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from .. import now, settings
from . import vault

log = logging.getLogger(__name__)
SEALED = {
    "govdata_identity": "secret",
    "govdata_case_identity": "secret",
    "govdata_emergency_subscriber": "address",
    "govdata_emergency_hook": "secret",
}
"""Tables that hold what is sealed, and the column."""

known = sa.Table(
    "govdata_identity_key",
    tk.BaseModel.metadata,
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("digests", sa.Boolean, nullable=False),
    sa.Column("since", sa.DateTime(timezone=True), nullable=False),
)
"""Keys with which this database was worked on; ``digests``: numbers are found again by it."""


def fingerprint(key: bytes) -> str:
    """The same key gives the same; nothing of the key can be computed from it."""
    return hmac.new(key, b"govdata identity key", hashlib.sha256).hexdigest()[:32]


def complaint(connection: Connection) -> str:
    """Why what is kept cannot be read with the keys that are configured, or nothing."""
    ours = [fingerprint(key) for key in settings.identity_keys()]
    rows = connection.execute(sa.select(known).order_by(known.c.since)).all()
    lost = [row for row in rows if row.fingerprint not in ours]
    if lost:
        since = f"{now.in_beijing(lost[0].since):%Y-%m-%d}"
        return _words(f"the key {lost[0].fingerprint[:8]}, in use since {since}, is not there")
    if any(row.digests and row.fingerprint != ours[-1] for row in rows):
        return _words("the oldest key does not stand last, so numbers are not found again")
    if not rows and (table := _unreadable(connection)):
        return _words(f"no key fits what {table} holds")
    return ""


def remember(connection: Connection) -> None:
    """From now on these keys are asked for; only where there is no complaint."""
    ours = [fingerprint(key) for key in settings.identity_keys()]
    instant = now.real()
    rows = {
        one: {"fingerprint": one, "digests": one == ours[-1], "since": instant}
        for one in (ours[0], ours[-1])
    }
    connection.execute(insert(known).values(list(rows.values())).on_conflict_do_nothing())
    connection.commit()


def at_start() -> None:
    """Remember the keys, or say loudly that one is lost; a portal without tables yet says nothing.

    The portal goes on: what needs no key is served, and the health page is not well.
    """
    try:
        with closing(model.ensure_engine().connect()) as connection:
            if said := complaint(connection):
                log.critical("IDENTITY KEY LOST: %s", said)
                return
            connection.rollback()
            remember(connection)
    except SQLAlchemyError as error:
        log.warning("The identity keys could not be checked: %s", type(error).__name__)


def for_health() -> str:
    """As `complaint`, with a connection of its own."""
    with closing(model.ensure_engine().connect()) as connection:
        return complaint(connection)


def _unreadable(connection: Connection) -> str:
    """The table whose oldest or newest row no key opens."""
    for table, column in SEALED.items():
        query = f"SELECT {column} FROM {table} ORDER BY ctid {{}} LIMIT 1"  # noqa: S608 (ours)
        for order in ("ASC", "DESC"):
            secret = connection.scalar(sa.text(query.format(order)))
            try:
                if secret is not None:
                    vault.unseal(secret)
            except ValueError:
                return table
    return ""


def _words(why: str) -> str:
    return (
        f"{why}: names and numbers of applicants, subscribers' addresses and webhooks' secrets "
        "cannot be read. Nothing was changed. Put the key back that the backup holds "
        "(ckanext.govdata.security.keys, or the SECRET_KEY of which it was made) and restart"
    )
