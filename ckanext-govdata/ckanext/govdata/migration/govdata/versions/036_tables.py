"""How far the table of each uploaded file is, and of which file it is."""
from alembic import op

revision = "036"
down_revision = "035"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE govdata_table (
    resource_id text PRIMARY KEY,
    digest text NOT NULL,
    filename text NOT NULL,
    asked_by text NOT NULL,
    state text NOT NULL,
    job text NOT NULL,
    attempts integer NOT NULL,
    done bigint NOT NULL,
    error json,
    changed timestamptz NOT NULL,
    loaded_digest text NOT NULL,
    loaded_filename text NOT NULL,
    loaded timestamptz,
    sheet text NOT NULL,
    row_count bigint NOT NULL,
    column_count integer NOT NULL,
    findings json NOT NULL
);
CREATE INDEX ix_govdata_table_state ON govdata_table (state)
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE govdata_table")
