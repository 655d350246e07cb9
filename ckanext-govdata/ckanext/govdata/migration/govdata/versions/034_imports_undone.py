"""What each row of an import was before, so that an import can be undone while its day lasts.

Answers of before say nothing of sheets: such imports are sent again.
"""
from alembic import op

revision = "034"
down_revision = "033"
branch_labels = None
depends_on = None

UP = """
DELETE FROM govdata_import WHERE answer IS NOT NULL;
ALTER TABLE govdata_import
    ADD COLUMN undoes boolean NOT NULL DEFAULT false,
    ADD COLUMN written timestamptz,
    ADD COLUMN undone json;
CREATE TABLE govdata_import_former (
    import_id text NOT NULL REFERENCES govdata_import (id) ON DELETE CASCADE,
    number integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (import_id, number)
)
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE govdata_import_former")
    op.execute(
        "ALTER TABLE govdata_import DROP COLUMN undoes, DROP COLUMN written, DROP COLUMN undone"
    )
