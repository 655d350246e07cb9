"""Table of the entries that are written and not yet in the search index."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from sqlalchemy.dialects.postgresql import insert

from ... import now
from ...database import Session

LONGEST = timedelta(hours=6)
"""So long at most the index is not asked again for an entry that it refused."""


class SearchOutbox(tk.BaseModel):
    """One row for each entry whose search document is still to be made.

    ``tries`` counts how often the index refused it, ``reason`` says why, ``due`` from when it is
    tried again (empty: at once). No foreign key: CKAN purges datasets without asking, and a row of
    one that is gone is harmless.
    """

    __table__ = sa.Table(
        "govdata_search_outbox",
        tk.BaseModel.metadata,
        sa.Column("package_id", sa.Text, primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
    )


OUTBOX = SearchOutbox.__table__
_AT_ONCE = {"tries": 0, "due": None, "reason": ""}


def put(package_ids: Iterable[str] | sa.Select[tuple[str]], session: Session | None = None) -> None:
    """Have these entries indexed, at once also where the index refused one: it is another now.

    In the caller's transaction, which holds these rows until it ends: nobody indexes the entries
    meanwhile, and who is at it is waited for.
    """
    new = insert(OUTBOX)
    if isinstance(package_ids, sa.Select):
        new = new.from_select(["package_id"], package_ids)
    else:
        rows = [{"package_id": each} for each in package_ids]
        if not rows:
            return
        new = new.values(rows)
    refused = OUTBOX.c.tries > 0
    (session or model.Session).execute(
        new.on_conflict_do_update(index_elements=["package_id"], set_=_AT_ONCE, where=refused)
    )


def put_back(package_id: str, tries: int, reason: str) -> None:
    """Keep an entry that the index refused for the ``tries``-th time, for a later try."""
    due = now.real() + min(timedelta(minutes=2 ** min(tries, 10)), LONGEST)
    row = {"tries": tries, "due": due, "reason": reason}
    new = insert(OUTBOX).values(package_id=package_id, **row)
    model.Session.execute(new.on_conflict_do_update(index_elements=["package_id"], set_=row))
