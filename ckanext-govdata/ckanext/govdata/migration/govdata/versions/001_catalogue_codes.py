"""Catalogue codes: each once, and a counter for each prefix."""
import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "govdata_catalogue_code",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
    )
    op.create_index(
        "ix_govdata_catalogue_code_prefix", "govdata_catalogue_code", ["prefix", "sequence"]
    )
    op.create_table(
        "govdata_code_counter",
        sa.Column("prefix", sa.Text, primary_key=True),
        sa.Column("last", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("govdata_code_counter")
    op.drop_table("govdata_catalogue_code")
