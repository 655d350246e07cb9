"""Entries that are written and not in the search index yet."""
import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "govdata_search_outbox",
        sa.Column("package_id", sa.Text, primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("govdata_search_outbox")
