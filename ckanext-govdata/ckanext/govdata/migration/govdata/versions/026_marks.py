"""What of an entry a case points at, so that its answer can be compared with the data."""
from alembic import op

revision = "026"
down_revision = "025"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE govdata_mark (
    case_id text PRIMARY KEY,
    package_id text NOT NULL,
    resource_id text NOT NULL,
    version text NOT NULL,
    row_key text NOT NULL,
    column_name text NOT NULL,
    address text NOT NULL,
    seen_version text NOT NULL,
    seen_value text,
    mended_version text NOT NULL,
    mended timestamptz
);
CREATE INDEX ix_govdata_mark_package ON govdata_mark (package_id);
CREATE INDEX ix_govdata_mark_address ON govdata_mark (address);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE govdata_mark")
