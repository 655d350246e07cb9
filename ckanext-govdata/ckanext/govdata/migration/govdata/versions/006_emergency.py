"""Emergencies: events with their acts and bulletins, datasets with their kept versions."""
from alembic import op

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE govdata_emergency_event (
    id text PRIMARY KEY,
    name text NOT NULL UNIQUE,
    organization_id text NOT NULL,
    jurisdiction text NOT NULL,
    state text NOT NULL,
    started timestamptz NOT NULL,
    declared timestamptz NOT NULL,
    ended timestamptz,
    drill boolean NOT NULL,
    version integer NOT NULL,
    modified timestamptz NOT NULL
);
CREATE INDEX ix_govdata_emergency_event_running ON govdata_emergency_event (ended, started);
CREATE TABLE govdata_emergency_act (
    event_id text NOT NULL REFERENCES govdata_emergency_event (id),
    number integer NOT NULL,
    act text NOT NULL,
    actor_id text NOT NULL,
    standing text NOT NULL,
    at timestamptz NOT NULL,
    text text NOT NULL,
    facts text NOT NULL,
    state text NOT NULL,
    PRIMARY KEY (event_id, number)
);
CREATE TABLE govdata_emergency_bulletin (
    event_id text NOT NULL REFERENCES govdata_emergency_event (id),
    number integer NOT NULL,
    at timestamptz NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    actor_id text NOT NULL,
    PRIMARY KEY (event_id, number)
);
CREATE TABLE govdata_emergency_dataset (
    event_id text NOT NULL REFERENCES govdata_emergency_event (id),
    name text NOT NULL,
    position integer NOT NULL,
    package_id text NOT NULL,
    created boolean NOT NULL,
    title text NOT NULL,
    rhythm integer NOT NULL,
    source text NOT NULL,
    time_column text NOT NULL,
    place_column text NOT NULL,
    figures text NOT NULL,
    officer_id text NOT NULL,
    latest integer NOT NULL,
    updated timestamptz NOT NULL,
    override boolean NOT NULL,
    alarm integer NOT NULL,
    PRIMARY KEY (event_id, name)
);
CREATE INDEX ix_govdata_emergency_dataset_package ON govdata_emergency_dataset (package_id);
CREATE TABLE govdata_emergency_version (
    event_id text NOT NULL,
    dataset text NOT NULL,
    number integer NOT NULL,
    at timestamptz NOT NULL,
    due timestamptz,
    source text NOT NULL,
    note text NOT NULL,
    actor_id text NOT NULL,
    kind text NOT NULL,
    media text NOT NULL,
    file_name text NOT NULL,
    url text NOT NULL,
    columns text NOT NULL,
    rows integer NOT NULL,
    totals text NOT NULL,
    size integer NOT NULL,
    digest text NOT NULL,
    override text NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (event_id, dataset, number),
    FOREIGN KEY (event_id, dataset) REFERENCES govdata_emergency_dataset (event_id, name)
);
"""
KEPT = ("govdata_emergency_act", "govdata_emergency_bulletin", "govdata_emergency_version")


def upgrade() -> None:
    op.execute(TABLES)
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION govdata_append_only();"
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION govdata_append_only();"
        )


def downgrade() -> None:
    op.execute(
        "DROP TABLE govdata_emergency_version, govdata_emergency_dataset, "
        "govdata_emergency_bulletin, govdata_emergency_act, govdata_emergency_event"
    )
