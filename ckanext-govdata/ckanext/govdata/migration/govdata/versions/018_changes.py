"""What is changed in CKAN's tables is noted by triggers, whoever changes it, for the ledger."""
from alembic import op

from ckanext.govdata.ledger import triggers

revision = "018"
down_revision = "017"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE govdata_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction bigint NOT NULL DEFAULT txid_current(),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by text NOT NULL DEFAULT session_user,
    object_type text NOT NULL,
    object_id text NOT NULL,
    action text NOT NULL,
    facts jsonb NOT NULL
);
"""


def upgrade() -> None:
    op.execute(TABLE)
    for statement in triggers.installing():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    for statement in triggers.removing():
        op.get_bind().exec_driver_sql(statement)
    op.drop_table("govdata_change")
