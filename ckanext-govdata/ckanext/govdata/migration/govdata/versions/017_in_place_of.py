"""An event says in whose place somebody acted who stood in for an absent colleague."""
from alembic import op

revision = "017"
down_revision = "016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE govdata_case_event ADD COLUMN in_place_of text NOT NULL DEFAULT ''")


def downgrade() -> None:
    op.execute("ALTER TABLE govdata_case_event DROP COLUMN in_place_of")
