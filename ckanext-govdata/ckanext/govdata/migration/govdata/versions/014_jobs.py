"""When each job of the timetable was carried out last."""
from alembic import op

revision = "014"
down_revision = "013"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE govdata_job (
    name text PRIMARY KEY,
    done timestamptz NOT NULL,
    tried timestamptz,
    tries integer NOT NULL DEFAULT 0
);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE govdata_job")
