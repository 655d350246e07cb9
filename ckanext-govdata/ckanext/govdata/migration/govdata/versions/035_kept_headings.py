"""What departments keep of their sheets' headings, for the next sheet that has the same ones."""
from alembic import op

revision = "035"
down_revision = "034"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE govdata_import_headings (
    id text PRIMARY KEY,
    organization_id text NOT NULL,
    headings text NOT NULL,
    choices json NOT NULL,
    user_id text NOT NULL,
    saved timestamptz NOT NULL,
    UNIQUE (organization_id, headings)
)
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE govdata_import_headings")
