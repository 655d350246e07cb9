"""Which of the files that were uploaded for a resource is the one that its row means."""
from alembic import op

revision = "030"
down_revision = "029"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE govdata_stored_file (
    resource_id text PRIMARY KEY,
    digest text NOT NULL,
    size bigint NOT NULL,
    kept timestamptz NOT NULL
)
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE govdata_stored_file")
