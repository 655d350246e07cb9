"""Notices of cases name the procedure whose words they have, also those told before it had any."""
from alembic import op

revision = "027"
down_revision = "026"
branch_labels = None
depends_on = None

UP = """
UPDATE govdata_notice AS told
SET facts = (
    told.facts::jsonb || jsonb_build_object(
        'procedure', about.kind,
        'role', CASE WHEN told.user_id = about.applicant_id THEN 'applicant' ELSE 'officer' END
    )
)::text
FROM govdata_case AS about
WHERE about.id = told.case_id AND NOT told.facts::jsonb ? 'procedure'
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    """What a notice says more than before harms nobody."""
