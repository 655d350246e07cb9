"""Tokens of a grant: for a program, for the files of one grant, shown once, revocable.

Only a digest is kept. A token is no account: nothing but the grant's own data opens to it,
and it ends with the grant, with its maker's membership, and when it is revoked.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from .. import database, now
from ..database import Session
from ..ledger import book
from .model import TokenRow, token

PREFIX = "govdata-"
MOST = 5
"""Tokens of one grant at a time."""


def issue(session: Session, grant_id: str, user_id: str, name: str) -> tuple[str, str]:
    """Make a token; its id, and the secret that is shown this once."""
    secret, token_id = PREFIX + secrets.token_urlsafe(32), str(uuid.uuid4())
    session.execute(
        sa.insert(token).values(
            id=token_id,
            grant_id=grant_id,
            user_id=user_id,
            name=name,
            digest=_digest(secret),
            created=now.now(),
        )
    )
    _note(session, "grant_token_issued", grant_id, user_id, token_id)
    return token_id, secret


def revoke(session: Session, row: TokenRow, user_id: str) -> None:
    """End a token for ever."""
    session.execute(sa.update(token).where(token.c.id == row.id).values(revoked=now.now()))
    _note(session, "grant_token_revoked", row.grant_id, user_id, row.id)


def end_all(connection: Connection, user_id: str) -> None:
    """End every token that a user made: his password is another, or he is gone."""
    query = sa.update(token).where(token.c.user_id == user_id, token.c.revoked.is_(None))
    connection.execute(query.values(revoked=now.now()))


def find(session: Session, secret: str) -> TokenRow | None:
    """The row of a token that is not revoked; none where there is no such token."""
    if not secret.startswith(PREFIX):
        return None
    query = sa.select(token).where(token.c.digest == _digest(secret), token.c.revoked.is_(None))
    return database.first(session, query, TokenRow)


def stands(session: Session, token_id: str) -> bool:
    """Whether a token was not revoked by now."""
    query = sa.select(token.c.id).where(token.c.id == token_id, token.c.revoked.is_(None))
    return session.scalar(query) is not None


def used(session: Session, token_id: str) -> None:
    """Note that a token is used now."""
    session.execute(sa.update(token).where(token.c.id == token_id).values(used=now.now()))


def of_grant(session: Session, grant_id: str) -> list[TokenRow]:
    """The rows of a grant's tokens that are not revoked, newest first."""
    query = sa.select(token).where(token.c.grant_id == grant_id, token.c.revoked.is_(None))
    return database.rows(session, query.order_by(token.c.created.desc()), TokenRow)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _note(session: Session, action: str, grant_id: str, user_id: str, token_id: str) -> None:
    book.write(session, [book.LedgerEntry(action, "grant", grant_id, user_id, {"token": token_id})])
