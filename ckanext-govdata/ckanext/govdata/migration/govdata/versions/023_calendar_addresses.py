"""The address of an officer's calendar is a secret of its own, which can be changed."""
from alembic import op

revision = "023"
down_revision = "022"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE govdata_calendar_address (
    user_id text PRIMARY KEY,
    digest bytea NOT NULL UNIQUE,
    made timestamptz NOT NULL
);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE govdata_calendar_address")
