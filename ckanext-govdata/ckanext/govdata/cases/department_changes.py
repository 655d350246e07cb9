"""A department is called otherwise from now on: so is it in what it has still to decide.

What is decided keeps the name that the department had then, as its letters do.
"""

from __future__ import annotations

import sqlalchemy as sa

from ..database import Session
from ..ledger.settlement import Noted

RENAMED = sa.text("""
UPDATE govdata_case c SET organization_title = coalesce(nullif(g.title, ''), g.name)
FROM "group" g WHERE g.id = c.organization_id AND g.id = ANY(:ids) AND c.open
AND c.organization_title <> coalesce(nullif(g.title, ''), g.name)
""")


def draw(session: Session, noted: Noted) -> None:
    """Before the commit (:mod:`ledger.settlement`)."""
    if noted.departments:
        session.execute(RENAMED, {"ids": list(noted.departments)})
