"""Where data that is not open to everybody stands; what CKAN's table held of it is moved."""
import sqlalchemy as sa
from alembic import op

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None

OPEN = "p.extras ->> 'open_attribute' IS NOT DISTINCT FROM 'unconditional'"


def upgrade() -> None:
    op.create_table(
        "govdata_location",
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("cache_url", sa.Text, nullable=False),
    )
    op.execute(
        "INSERT INTO govdata_location (resource_id, url, hash, cache_url) "
        "SELECT r.id, r.url, coalesce(r.hash, ''), coalesce(r.cache_url, '') "
        f"FROM resource r JOIN package p ON p.id = r.package_id WHERE NOT ({OPEN})"
    )
    op.execute(
        "UPDATE resource r SET hash = '', cache_url = NULL, "
        "url = CASE WHEN r.url_type = 'upload' THEN 'held' ELSE 'govdata:held' END "
        f"FROM package p WHERE p.id = r.package_id AND NOT ({OPEN})"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE resource r SET url = l.url, hash = l.hash, cache_url = nullif(l.cache_url, '') "
        "FROM govdata_location l WHERE l.resource_id = r.id"
    )
    op.drop_table("govdata_location")
