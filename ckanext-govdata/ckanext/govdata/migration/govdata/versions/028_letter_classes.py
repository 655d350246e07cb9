"""Letters wait by class: emergencies, decisions, reminders, digests, each with its own turn."""
from alembic import op

revision = "028"
down_revision = "027"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE govdata_outbox ADD COLUMN urgency smallint NOT NULL DEFAULT 1;
UPDATE govdata_outbox SET urgency = CASE kind WHEN 'digest' THEN 3 ELSE 0 END
WHERE kind IN ('digest', 'emergency_act', 'emergency_mail', 'emergency_hook');
DROP INDEX ix_govdata_outbox_waiting;
CREATE INDEX ix_govdata_outbox_waiting ON govdata_outbox (urgency, next_try, id)
    WHERE sent IS NULL;
"""
DOWN = """
DROP INDEX ix_govdata_outbox_waiting;
CREATE INDEX ix_govdata_outbox_waiting ON govdata_outbox (next_try) WHERE sent IS NULL;
ALTER TABLE govdata_outbox DROP COLUMN urgency;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
