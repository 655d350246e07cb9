"""Which lines of the search's knowledge were shipped when they were last taken over."""
import sqlalchemy as sa
from alembic import op

revision = "012"
down_revision = "011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("govdata_search_state", sa.Column("shipped", sa.LargeBinary, nullable=True))


def downgrade() -> None:
    op.drop_column("govdata_search_state", "shipped")
