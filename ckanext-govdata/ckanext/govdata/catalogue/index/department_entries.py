"""Entries tell in the index who provides them, what that is below and where: they follow it."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

from ...database import Session
from ...departments import tree
from ...ledger.settlement import Noted
from . import index_outbox


def draw(session: Session, noted: Noted) -> None:
    """Before the commit: what stands in or below a department that changed is indexed anew.

    There may be thousands, so it is left to the reconciler.
    """
    within = {below.id for one in noted.departments for below in tree.descendants(one)}
    if within:
        package = model.package_table
        provided = sa.select(package.c.id).where(
            package.c.owner_org.in_(within), package.c.state == "active"
        )
        index_outbox.put(provided, session)
