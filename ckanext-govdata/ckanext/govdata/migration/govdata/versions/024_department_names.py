"""A department keeps the names that it had, on whatever way it is renamed; its successor has them.

A trigger keeps them, so a form, an import and a statement in the database do the same.
``bearer_id`` is the department that bore the name: the same one, or one that it has succeeded.
"""
from alembic import op

revision = "024"
down_revision = "023"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE govdata_department_name (
    organization_id text NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    bearer_id text NOT NULL,
    until timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, kind, value)
);
CREATE INDEX ix_govdata_department_name_value ON govdata_department_name (value);
CREATE OR REPLACE FUNCTION govdata_keep_department_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO govdata_department_name (organization_id, kind, value, bearer_id)
    SELECT NEW.id, was.kind, btrim(was.value), NEW.id FROM (VALUES
        ('name', OLD.name, NEW.name),
        ('title', OLD.title, NEW.title),
        ('short_name', OLD.extras ->> 'short_name', NEW.extras ->> 'short_name'),
        ('uscc', OLD.extras ->> 'uscc', NEW.extras ->> 'uscc')
    ) AS was (kind, value, becomes)
    WHERE btrim(coalesce(was.value, '')) <> ''
        AND btrim(was.value) <> btrim(coalesce(was.becomes, ''))
    ON CONFLICT (organization_id, kind, value) DO UPDATE SET until = EXCLUDED.until;
    RETURN NULL;
END $$;
CREATE TRIGGER govdata_department_names AFTER UPDATE ON "group" FOR EACH ROW
    WHEN (NEW.is_organization AND (OLD.name, OLD.title, OLD.extras)
        IS DISTINCT FROM (NEW.name, NEW.title, NEW.extras))
    EXECUTE FUNCTION govdata_keep_department_names();
"""

DOWN = """
DROP TRIGGER govdata_department_names ON "group";
DROP FUNCTION govdata_keep_department_names();
DROP TABLE govdata_department_name;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
