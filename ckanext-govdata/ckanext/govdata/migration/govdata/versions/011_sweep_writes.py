"""The sweep writes a case's row without touching its indexes; an index of decisions holds those."""
from alembic import op

revision = "011"
down_revision = "010"
branch_labels = None
depends_on = None

UP = """
DROP INDEX ix_govdata_case_due;
DROP INDEX ix_govdata_case_applicant;
CREATE INDEX ix_govdata_case_applicant ON govdata_case (applicant_id);
ALTER TABLE govdata_case SET (fillfactor = 60);
ALTER TABLE govdata_case_event DROP CONSTRAINT govdata_case_event_case_id_decision_key;
CREATE UNIQUE INDEX ux_govdata_case_event_decision ON govdata_case_event (case_id, decision)
    WHERE decision IS NOT NULL;
"""

DOWN = """
DROP INDEX ux_govdata_case_event_decision;
ALTER TABLE govdata_case_event ADD CONSTRAINT govdata_case_event_case_id_decision_key
    UNIQUE (case_id, decision);
ALTER TABLE govdata_case SET (fillfactor = 80);
DROP INDEX ix_govdata_case_applicant;
CREATE INDEX ix_govdata_case_applicant ON govdata_case (applicant_id, modified);
CREATE INDEX ix_govdata_case_due ON govdata_case (due) WHERE open AND NOT overdue_said;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
