"""Entries that rest on a text which lapses soon, or has lapsed: whoever oversees the rules sees
which of them need another basis, for an entry goes on citing what is over."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from ckan import model

from ... import now
from ...domain.locales import SIMPLIFIED
from ...rules import in_force

MOST = 200


class CitingEntry(NamedTuple):
    """An entry that cites such a text, and its department."""

    name: str
    title: str
    department: str


class Citing(NamedTuple):
    """How many entries cite it, and the first of them."""

    count: int
    entries: list[CitingEntry]


_CITING = sa.text("""
SELECT p.name, coalesce(nullif(p.title, ''), p.name), coalesce(g.title, ''), count(*) OVER ()
FROM package p LEFT JOIN "group" g ON g.id = p.owner_org
WHERE p.state = 'active' AND (
    p.extras ->> 'open_attribute' IN ('conditional', 'non_open')
        AND p.extras ->> 'open_basis' LIKE ANY(:patterns)
    OR p.extras ->> 'share_type' IN ('conditional', 'non_shared')
        AND p.extras ->> 'share_basis' LIKE ANY(:patterns))
ORDER BY g.title, p.title, p.name LIMIT :most
""")


def citing(text: str) -> Citing | None:
    """Entries that cite a text, by the id of its file; ``None`` for one that goes on."""
    ending = [one.jurisdiction for one in in_force.lapsing(now.today())]
    found = next((one for one in ending if one.id == text), None)
    if found is None:
        return None
    names = [found.document.get(SIMPLIFIED, ""), found.number]
    patterns = [f"%{_plain(name)}%" for name in names if name]
    rows = model.Session.execute(_CITING, {"patterns": patterns, "most": MOST}).all()
    return Citing(rows[0][3] if rows else 0, [CitingEntry(*row[:3]) for row in rows])


def _plain(name: str) -> str:
    """A name in which no sign of a pattern means something."""
    return name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
