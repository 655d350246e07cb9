"""An entry that the index refuses is kept with the reason and tried again later."""
from alembic import op

revision = "016"
down_revision = "015"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE govdata_search_outbox
    ADD COLUMN tries integer NOT NULL DEFAULT 0,
    ADD COLUMN due timestamptz,
    ADD COLUMN reason text NOT NULL DEFAULT '';
"""
DOWN = """
ALTER TABLE govdata_search_outbox DROP COLUMN tries, DROP COLUMN due, DROP COLUMN reason;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
