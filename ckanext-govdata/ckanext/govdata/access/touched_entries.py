"""Entries that were written in a transaction, for what must follow from that before it ends.

Noted by whoever writes entries (:mod:`.locations` sees every write through CKAN's session and is
told of those by statements); cases and grants follow in ``cases/entry_changes.py``.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..database import Session

NOTED = "govdata_touched"


def note(session: Session, package_ids: Iterable[str | None]) -> None:
    """These entries are written in the session's transaction."""
    session.info.setdefault(NOTED, set()).update(name for name in package_ids if name)


def noted(session: Session) -> frozenset[str]:
    """What was noted so far."""
    return frozenset(session.info.get(NOTED, ()))


def taken(session: Session) -> set[str]:
    """What was noted, once."""
    return session.info.pop(NOTED, set())
