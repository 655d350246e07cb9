"""Cases, their events and letters; grants; identities; notices and the outbox; the ledger."""
from alembic import op

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE govdata_counter (
    key text PRIMARY KEY,
    last bigint NOT NULL
);
CREATE TABLE govdata_case (
    id text PRIMARY KEY,
    kind text NOT NULL,
    reference text UNIQUE,
    state text NOT NULL,
    open boolean NOT NULL,
    outcome text,
    package_id text,
    package_title text NOT NULL DEFAULT '',
    organization_id text NOT NULL,
    organization_title text NOT NULL DEFAULT '',
    jurisdiction text NOT NULL,
    rules_day date NOT NULL,
    applicant_id text NOT NULL,
    assigned_id text,
    opened date NOT NULL,
    received date,
    decided date,
    due date,
    due_clock text,
    provisional boolean NOT NULL DEFAULT false,
    lapses date,
    overdue_said boolean NOT NULL DEFAULT false,
    late boolean NOT NULL DEFAULT false,
    draft text NOT NULL DEFAULT '{}',
    version integer NOT NULL DEFAULT 0,
    created timestamptz NOT NULL,
    modified timestamptz NOT NULL
);
CREATE INDEX ix_govdata_case_organization ON govdata_case (organization_id, open, due);
CREATE INDEX ix_govdata_case_applicant ON govdata_case (applicant_id, modified);
CREATE INDEX ix_govdata_case_package ON govdata_case (package_id);
CREATE INDEX ix_govdata_case_due ON govdata_case (due) WHERE open AND NOT overdue_said;
CREATE INDEX ix_govdata_case_lapses ON govdata_case (lapses) WHERE lapses IS NOT NULL;
CREATE TABLE govdata_case_event (
    case_id text NOT NULL REFERENCES govdata_case (id),
    number integer NOT NULL,
    name text NOT NULL,
    command text NOT NULL,
    actor_id text NOT NULL,
    role text NOT NULL,
    day date NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL,
    fields text NOT NULL,
    clocks text NOT NULL,
    decision integer,
    PRIMARY KEY (case_id, number),
    UNIQUE (case_id, decision)
);
CREATE TABLE govdata_case_letter (
    case_id text NOT NULL REFERENCES govdata_case (id),
    number integer NOT NULL,
    digest text NOT NULL UNIQUE,
    content text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (case_id, number)
);
CREATE TABLE govdata_case_attachment (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES govdata_case (id),
    user_id text NOT NULL,
    name text NOT NULL,
    mimetype text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX ix_govdata_case_attachment_case ON govdata_case_attachment (case_id);
CREATE TABLE govdata_grant (
    id text PRIMARY KEY,
    case_id text NOT NULL REFERENCES govdata_case (id),
    reference text NOT NULL,
    holder_id text NOT NULL,
    package_id text NOT NULL,
    organization_id text NOT NULL,
    resources text NOT NULL,
    columns text NOT NULL,
    row_limit bigint,
    purpose text NOT NULL DEFAULT '',
    conditions text NOT NULL DEFAULT '',
    delivery text NOT NULL DEFAULT 'download',
    terms_version text NOT NULL,
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    suspended date,
    revoked date,
    ended_reason text NOT NULL DEFAULT '',
    reported date,
    created timestamptz NOT NULL,
    CHECK (valid_from <= valid_until)
);
CREATE UNIQUE INDEX ux_govdata_grant_case ON govdata_grant (case_id) WHERE revoked IS NULL;
CREATE INDEX ix_govdata_grant_holder ON govdata_grant (holder_id);
CREATE INDEX ix_govdata_grant_package ON govdata_grant (package_id);
CREATE INDEX ix_govdata_grant_until ON govdata_grant (valid_until) WHERE revoked IS NULL;
CREATE TABLE govdata_grant_member (
    grant_id text NOT NULL REFERENCES govdata_grant (id),
    user_id text NOT NULL,
    PRIMARY KEY (user_id, grant_id)
);
CREATE TABLE govdata_identity (
    user_id text PRIMARY KEY,
    kind text NOT NULL,
    secret bytea NOT NULL,
    masked_name text NOT NULL,
    masked_number text NOT NULL,
    number_digest text NOT NULL,
    created timestamptz NOT NULL,
    modified timestamptz NOT NULL
);
CREATE INDEX ix_govdata_identity_number ON govdata_identity (number_digest);
CREATE TABLE govdata_notice (
    key text PRIMARY KEY,
    user_id text NOT NULL,
    kind text NOT NULL,
    case_id text,
    facts text NOT NULL,
    at timestamptz NOT NULL,
    read timestamptz
);
CREATE INDEX ix_govdata_notice_user ON govdata_notice (user_id, at);
CREATE TABLE govdata_notice_preference (
    user_id text PRIMARY KEY,
    mail text NOT NULL DEFAULT 'each',
    language text NOT NULL DEFAULT ''
);
CREATE TABLE govdata_outbox (
    id bigserial PRIMARY KEY,
    key text NOT NULL UNIQUE,
    kind text NOT NULL,
    payload text NOT NULL,
    at timestamptz NOT NULL,
    next_try timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    problem text NOT NULL DEFAULT '',
    sent timestamptz
);
CREATE INDEX ix_govdata_outbox_waiting ON govdata_outbox (next_try) WHERE sent IS NULL;
CREATE TABLE govdata_ledger (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id text NOT NULL,
    action text NOT NULL,
    object_type text NOT NULL,
    object_id text NOT NULL,
    content text NOT NULL,
    before text NOT NULL,
    digest text NOT NULL UNIQUE,
    algorithm text NOT NULL
);
CREATE INDEX ix_govdata_ledger_object ON govdata_ledger (object_type, object_id);
CREATE INDEX ix_govdata_ledger_at ON govdata_ledger (at);
"""

APPEND_ONLY = """
CREATE OR REPLACE FUNCTION govdata_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END $$;
CREATE TRIGGER govdata_ledger_append_only BEFORE UPDATE OR DELETE ON govdata_ledger
    FOR EACH ROW EXECUTE FUNCTION govdata_append_only();
CREATE TRIGGER govdata_ledger_no_truncate BEFORE TRUNCATE ON govdata_ledger
    FOR EACH STATEMENT EXECUTE FUNCTION govdata_append_only();
CREATE TRIGGER govdata_case_event_append_only BEFORE UPDATE OR DELETE ON govdata_case_event
    FOR EACH ROW EXECUTE FUNCTION govdata_append_only();
CREATE TRIGGER govdata_case_event_no_truncate BEFORE TRUNCATE ON govdata_case_event
    FOR EACH STATEMENT EXECUTE FUNCTION govdata_append_only();
"""

DOWN = """
DROP TABLE govdata_ledger, govdata_outbox, govdata_notice_preference, govdata_notice,
    govdata_identity, govdata_grant_member, govdata_grant, govdata_case_attachment,
    govdata_case_letter, govdata_case_event, govdata_case, govdata_counter;
DROP FUNCTION govdata_append_only();
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.execute(DOWN)
