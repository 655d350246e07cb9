"""Search: knowledge and its changes, state, vectors, counts of queries."""
import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "govdata_search_rule",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.UniqueConstraint("kind", "line"),
    )
    op.create_table(
        "govdata_search_change",
        sa.Column("version", sa.BigInteger, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
    )
    op.create_table(
        "govdata_search_state",
        sa.Column("id", sa.SmallInteger, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("titles", sa.BigInteger, nullable=False),
        sa.Column("vocabulary", sa.LargeBinary, nullable=True),
    )
    op.create_table(
        "govdata_search_vector",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "govdata_search_count",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("query", sa.Text, primary_key=True),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("clicks", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for name in ("count", "vector", "state", "change", "rule"):
        op.drop_table(f"govdata_search_{name}")
