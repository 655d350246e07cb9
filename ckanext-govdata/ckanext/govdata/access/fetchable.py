"""Which files and tables of an entry somebody who may have them can fetch now.

What the department has put up as a file or a table, or whose address at its own server it has
given: an entry of a file alone gives nobody anything. Public to other slices.
"""

from __future__ import annotations

import sqlalchemy as sa

from ..database import Session
from .grantable import WHOLE_ENTRY


def of_entry(session: Session, package_id: str | None) -> frozenset[str]:
    """Their ids; among them what stands for the whole entry, where there are any."""
    found = session.scalars(FETCHABLE, {"id": package_id}).all()
    return frozenset([*found, WHOLE_ENTRY]) if found else frozenset()


FETCHABLE = sa.text(r"""
SELECT r.id FROM resource r JOIN package p ON p.id = r.package_id
LEFT JOIN govdata_location l ON l.resource_id = r.id
WHERE p.id = :id AND p.state = 'active' AND r.state = 'active' AND (
    (r.url_type = 'upload' AND coalesce(r.url, '') <> '') OR coalesce(l.url, '') <> ''
    OR r.url_type = 'datastore'
    OR CAST(r.extras AS jsonb) @> CAST('{"datastore_active"\:true}' AS jsonb))
""")
