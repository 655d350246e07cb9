"""The database tells at each commit which entries were written, so that no copy outlives a change.

Of what is withdrawn, of many at once, and of what stands on every page: that anything may differ.
"""
from alembic import op

revision = "032"
down_revision = "031"
branch_labels = None
depends_on = None

ALL = "PERFORM pg_notify('govdata_public', '')"
WITHDRAWN = """
SELECT FROM before b LEFT JOIN after a ON a.id = b.id
WHERE b.state = 'active' AND b.private IS NOT TRUE
AND (a.id IS NULL OR a.state <> 'active' OR a.private IS TRUE)
"""
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION govdata_tell_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {ALL}; RETURN NULL; END $$;

CREATE OR REPLACE FUNCTION govdata_tell_entries() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF (SELECT count(*) > 50 FROM before) OR EXISTS ({WITHDRAWN}) THEN {ALL};
ELSE PERFORM pg_notify('govdata_public', told) FROM (
    SELECT id AS told FROM before UNION SELECT name FROM before) named;
END IF; RETURN NULL; END $$;

CREATE OR REPLACE FUNCTION govdata_tell_files() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF (SELECT count(*) > 50 FROM before) THEN {ALL};
ELSE PERFORM pg_notify('govdata_public', p.name)
    FROM before b JOIN package p ON p.id = b.package_id;
END IF; RETURN NULL; END $$;
"""
WHOLE = {"package": ["delete"], "group": ["update", "delete"],
         "system_info": ["insert", "update", "delete"]}


def upgrade() -> None:
    run = op.get_bind().exec_driver_sql
    run(FUNCTIONS)
    run("CREATE TRIGGER govdata_tell_update AFTER UPDATE ON package"
        " REFERENCING OLD TABLE AS before NEW TABLE AS after"
        " FOR EACH STATEMENT EXECUTE FUNCTION govdata_tell_entries()")
    for kind in ("update", "delete"):
        run(f"CREATE TRIGGER govdata_tell_{kind} AFTER {kind.upper()} ON resource"
            " REFERENCING OLD TABLE AS before"
            " FOR EACH STATEMENT EXECUTE FUNCTION govdata_tell_files()")
    for table, kinds in WHOLE.items():
        for kind in kinds:
            run(f'CREATE TRIGGER govdata_tell_{kind} AFTER {kind.upper()} ON "{table}"'
                " FOR EACH STATEMENT EXECUTE FUNCTION govdata_tell_all()")


def downgrade() -> None:
    for name in ("all", "entries", "files"):
        op.execute(f"DROP FUNCTION govdata_tell_{name}() CASCADE")
