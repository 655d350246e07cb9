"""What was answered under a key, so that who sends a request again has its act once."""
from alembic import op

revision = "029"
down_revision = "028"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE govdata_answered (
    user_id text NOT NULL,
    key text NOT NULL,
    action text NOT NULL,
    request text NOT NULL,
    answer bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX ix_govdata_answered_at ON govdata_answered (at);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE govdata_answered")
