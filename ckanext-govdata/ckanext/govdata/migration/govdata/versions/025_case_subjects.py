"""A case says what it is about, also where that is no entry, and which department asks."""
from alembic import op

revision = "025"
down_revision = "024"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE govdata_case
    ADD COLUMN subject_kind text NOT NULL DEFAULT 'entry',
    ADD COLUMN subject text NOT NULL DEFAULT '{}',
    ADD COLUMN applicant_organization_id text;
"""
DOWN = """
ALTER TABLE govdata_case
    DROP COLUMN subject_kind, DROP COLUMN subject, DROP COLUMN applicant_organization_id;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
