"""Fingerprints of the keys with which what is kept was sealed: a lost one is noticed."""
from alembic import op

revision = "020"
down_revision = "019"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE govdata_identity_key (
    fingerprint text PRIMARY KEY,
    digests boolean NOT NULL,
    since timestamptz NOT NULL
);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE govdata_identity_key")
