"""The sweep finds by an index what is due, and remembers the last rung that it told of a case."""
from alembic import op

revision = "007"
down_revision = "006"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE govdata_case ADD COLUMN reminded date;
ALTER TABLE govdata_case SET (fillfactor = 80);
CREATE INDEX ix_govdata_case_open_due ON govdata_case (due) WHERE open;
CREATE INDEX ix_govdata_case_provisional ON govdata_case (id) WHERE open AND provisional;
"""

DOWN = """
DROP INDEX ix_govdata_case_provisional;
DROP INDEX ix_govdata_case_open_due;
ALTER TABLE govdata_case RESET (fillfactor);
ALTER TABLE govdata_case DROP COLUMN reminded;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
