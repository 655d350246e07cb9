"""One identity number, one account; who somebody was stands with his case."""
from alembic import op

revision = "015"
down_revision = "014"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE govdata_identity
    ADD COLUMN document text NOT NULL DEFAULT '',
    ADD COLUMN held boolean NOT NULL DEFAULT false;
UPDATE govdata_identity
    SET document = CASE kind WHEN 'person' THEN 'identity_card' ELSE 'credit_code' END;
UPDATE govdata_identity i SET held = true WHERE EXISTS (
    SELECT 1 FROM govdata_identity o WHERE o.number_digest = i.number_digest
        AND (o.created, o.user_id) < (i.created, i.user_id));
CREATE UNIQUE INDEX ux_govdata_identity_number ON govdata_identity (number_digest) WHERE NOT held;
CREATE TABLE govdata_case_identity (
    case_id text PRIMARY KEY,
    user_id text NOT NULL,
    kind text NOT NULL,
    document text NOT NULL,
    secret bytea NOT NULL,
    masked_name text NOT NULL,
    masked_number text NOT NULL,
    number_digest text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX ix_govdata_case_identity_user ON govdata_case_identity (user_id);
INSERT INTO govdata_case_identity
    SELECT c.id, i.user_id, i.kind, i.document, i.secret, i.masked_name, i.masked_number,
        i.number_digest, i.modified
    FROM govdata_case c JOIN govdata_identity i ON i.user_id = c.applicant_id
    WHERE c.received IS NOT NULL;
"""
DOWN = """
DROP TABLE govdata_case_identity;
DROP INDEX ux_govdata_identity_number;
ALTER TABLE govdata_identity DROP COLUMN document, DROP COLUMN held;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
