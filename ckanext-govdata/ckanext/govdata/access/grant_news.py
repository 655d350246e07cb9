"""What is told of a grant: to everybody who may use it, by one way that leads to its page."""

from __future__ import annotations

from ..database import Session
from ..notices.notice import Telling
from . import grants
from .model import GrantRow


def facts(row: GrantRow) -> dict[str, str]:
    """What a notice about a grant says: its number, its last day, and by its id where it leads."""
    return {"reference": row.reference, "until": row.valid_until.isoformat(), "grant": row.id}


def to_users(
    session: Session, row: GrantRow, kind: str, key: str, more: dict[str, str] | None = None
) -> list[Telling]:
    """One telling for its holder and each named user; ``key`` is said once to each, ``more`` are
    further facts."""
    named = grants.members(session, [row.id]).get(row.id, frozenset())
    said = {**facts(row), **(more or {})}
    users = sorted(named | {row.holder_id})
    return [Telling(f"{key}:{user}", user, kind, None, said) for user in users]
