"""Use reports and tokens of grants, officers who are away, the ledger's daily heads."""
from alembic import op

revision = "008"
down_revision = "007"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE govdata_grant_report (
    id text PRIMARY KEY,
    grant_id text NOT NULL REFERENCES govdata_grant (id),
    user_id text NOT NULL,
    day date NOT NULL,
    content text NOT NULL,
    settles boolean NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX ix_govdata_grant_report_grant ON govdata_grant_report (grant_id, at);
CREATE TABLE govdata_grant_token (
    id text PRIMARY KEY,
    grant_id text NOT NULL REFERENCES govdata_grant (id),
    user_id text NOT NULL,
    name text NOT NULL,
    digest text NOT NULL UNIQUE,
    created timestamptz NOT NULL,
    used timestamptz,
    revoked timestamptz
);
CREATE INDEX ix_govdata_grant_token_grant ON govdata_grant_token (grant_id, created);
CREATE TABLE govdata_away (
    id text PRIMARY KEY,
    user_id text NOT NULL,
    deputy_id text NOT NULL,
    first date NOT NULL,
    last date NOT NULL,
    created timestamptz NOT NULL,
    CHECK (first <= last AND user_id <> deputy_id)
);
CREATE INDEX ix_govdata_away_user ON govdata_away (user_id, last);
CREATE INDEX ix_govdata_away_deputy ON govdata_away (deputy_id, last);
CREATE TABLE govdata_ledger_day (
    day date PRIMARY KEY,
    number bigint NOT NULL,
    digest text NOT NULL,
    at timestamptz NOT NULL
);
CREATE TRIGGER govdata_ledger_day_append_only BEFORE UPDATE OR DELETE ON govdata_ledger_day
    FOR EACH ROW EXECUTE FUNCTION govdata_append_only();
CREATE TRIGGER govdata_ledger_day_no_truncate BEFORE TRUNCATE ON govdata_ledger_day
    FOR EACH STATEMENT EXECUTE FUNCTION govdata_append_only();
"""

DOWN = """
DROP TABLE govdata_ledger_day, govdata_away, govdata_grant_token, govdata_grant_report;
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute(DOWN)
