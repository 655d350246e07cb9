"""The gate finds the grants of a file by an index, however many grants a reader has."""
from alembic import op

revision = "013"
down_revision = "012"
branch_labels = None
depends_on = None

UP = """
CREATE INDEX ix_govdata_grant_resources ON govdata_grant
    USING gin ((CAST(resources AS jsonb)) jsonb_path_ops) WITH (fastupdate = off);
ANALYZE govdata_grant;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP INDEX ix_govdata_grant_resources")
