"""A grant that named no columns of a file gave all of them; it names those that are open today.

Only items that the entry declares open and not sensitive; where a grant named columns, nothing is
changed. A file of an entry that declares no items stays named by itself.
"""
import json

import sqlalchemy as sa
from alembic import op

revision = "021"
down_revision = "020"
branch_labels = None
depends_on = None

GRANTS = """
SELECT g.id, g.resources, g.columns, p.extras ->> 'information_items' AS items
FROM govdata_grant g LEFT JOIN package p ON p.id = g.package_id
"""


def upgrade() -> None:
    connection = op.get_bind()
    change = sa.text("UPDATE govdata_grant SET columns = :columns WHERE id = :id")
    for row in connection.execute(sa.text(GRANTS)).all():
        named, names = json.loads(row.columns), _open(row.items)
        more = {one: names for one in json.loads(row.resources) if not named.get(one) and names}
        if more:
            values = {"id": row.id, "columns": json.dumps({**named, **more})}
            connection.execute(change, values)


def downgrade() -> None:
    """What was written out stays: giving all again would widen."""


def _open(kept: str | None) -> list[str]:
    found = json.loads(kept or "[]")
    found = json.loads(found) if isinstance(found, str) else found
    return [one["name"] for one in found if one.get("name") and _is(one, "opened")
            and not _is(one, "sensitive")]


def _is(item: dict[str, object], flag: str) -> bool:
    value = item.get(flag)
    return value is True or (isinstance(value, str) and value.lower() == "true")
