"""Entries that a statement wrote, here or in another program, go the way of all others.

CKAN's session sees what it writes itself (``access/locations.py``, :mod:`.following`). Of the rest
the triggers note that it was written; with the next commit, at the latest within a minute, its
files stand where its attribute wants them, grants and cases follow, and so does the index.
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

from ...access import locations, touched_entries
from ...database import Session
from ...ledger.settlement import Noted
from ..index import index_outbox


def draw(session: Session, noted: Noted) -> None:
    """Before the commit, for entries whose writing nobody has seen (:mod:`ledger.settling`)."""
    if not noted.entries and not noted.files:
        return
    seen = touched_entries.noted(session)
    behind = {*noted.entries, *_entries_of(session, noted.files)} - seen
    if behind:
        locations.follow(behind, session)
        index_outbox.put(behind, session)


def _entries_of(session: Session, files: set[str]) -> set[str]:
    if not files:
        return set()
    resource = model.Resource
    query = sa.select(resource.package_id).where(resource.id.in_(files))
    return {one for one in session.scalars(query) if one}
