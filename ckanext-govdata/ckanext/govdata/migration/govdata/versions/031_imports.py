"""How far each import is that an officer began on the web; before, a file beside its sheet said."""
from alembic import op

revision = "031"
down_revision = "030"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE govdata_import (
    id text PRIMARY KEY,
    user_id text NOT NULL,
    filename text NOT NULL,
    options json NOT NULL,
    language text NOT NULL,
    writes boolean NOT NULL,
    state text NOT NULL,
    done integer NOT NULL,
    answer json,
    error text NOT NULL,
    job text NOT NULL,
    changed timestamptz NOT NULL
);
CREATE INDEX ix_govdata_import_user ON govdata_import (user_id, changed)
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE govdata_import")
