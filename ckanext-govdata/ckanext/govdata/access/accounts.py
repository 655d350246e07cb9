"""What hangs on an account, for those who change accounts: its tokens of grants, its grants."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from sqlalchemy.engine import Connection

from ..database import Session
from . import grant_tokens, grants


def end_credentials(connection: Connection, user_id: str) -> None:
    """The account has another password, or is gone: what was opened with it ends."""
    grant_tokens.end_all(connection, user_id)


def bound(session: Session, user_id: str) -> list[str]:
    """Grants for whose length its holder's identity stays as it is, in words."""
    said = tk._("grant {reference}, until {day}")
    return [
        said.format(reference=reference, day=day.isoformat())
        for reference, day in grants.running(session, user_id)
    ]
