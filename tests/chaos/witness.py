"""What stands in the portal's database for the trial: a witness of every commit, and a hand that
holds commits back or lets them fail."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a type

from ckanext.govdata.stack import postgres
from ckanext.govdata.stack.home import Home

HELD = {
    "package": "INSERT OR UPDATE",
    "govdata_stored_file": "INSERT OR UPDATE",
    "govdata_ledger": "INSERT",
    "govdata_search_outbox": "DELETE",
    "govdata_outbox": "UPDATE",
    "govdata_answered": "INSERT",
}
"""Tables whose commits can be held, and by which statements."""

SETUP = """
CREATE SCHEMA chaos;
GRANT USAGE ON SCHEMA chaos TO PUBLIC;
CREATE TABLE chaos.entry_said (
    id bigserial, transaction bigint, name text, title text, private boolean, state text);
CREATE TABLE chaos.file_named (id bigserial, transaction bigint, resource_id text, digest text);
CREATE TABLE chaos.hold (tab text, seconds float, fails boolean, until timestamptz);

CREATE FUNCTION chaos.note_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO chaos.entry_said (transaction, name, title, private, state)
    VALUES (txid_current(), NEW.name, NEW.title, NEW.private, NEW.state);
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_note AFTER INSERT OR UPDATE ON package
FOR EACH ROW EXECUTE FUNCTION chaos.note_entry();

CREATE FUNCTION chaos.note_file() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO chaos.file_named (transaction, resource_id, digest)
    VALUES (txid_current(), NEW.resource_id, NEW.digest);
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_note AFTER INSERT OR UPDATE ON govdata_stored_file
FOR EACH ROW EXECUTE FUNCTION chaos.note_file();

CREATE FUNCTION chaos.hold_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE wanted chaos.hold;
BEGIN
    SELECT * INTO wanted FROM chaos.hold WHERE tab = TG_TABLE_NAME AND until > clock_timestamp();
    IF NOT FOUND OR current_setting('chaos.held', true) = txid_current()::text THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('chaos.held', txid_current()::text, true);
    PERFORM pg_sleep(wanted.seconds);
    IF wanted.fails THEN
        RAISE EXCEPTION 'no room is left for this commit' USING ERRCODE = 'disk_full';
    END IF;
    RETURN NULL;
END $$;
"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER chaos_hold AFTER {when} ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chaos.hold_back()
"""


@dataclass(frozen=True)
class Witness:
    """Sits in the database of that home's portal, as its administrator."""

    home: Home

    @contextmanager
    def asked(self, database: str = "ckan") -> Iterator[Cursor]:
        """A cursor of a transaction of its own."""
        connection = psycopg2.connect(
            postgres.url(self.home, "admin", database), connect_timeout=5,
            options="-c statement_timeout=30000",
        )
        try:
            with connection, connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def sit_down(self) -> None:
        """Once, when the tables are there."""
        with self.asked() as cursor:
            cursor.execute(SETUP)
            for table, when in HELD.items():
                cursor.execute(TRIGGER.format(when=when, table=table))

    def hold(self, table: str, seconds: float, lasting: float, fails: bool = False) -> None:
        """For so long each commit that touches the table waits, and fails then where it is to."""
        with self.asked() as cursor:
            cursor.execute("DELETE FROM chaos.hold")
            cursor.execute(
                "INSERT INTO chaos.hold VALUES"
                " (%s, %s, %s, clock_timestamp() + %s * interval '1 second')",
                [table, seconds, fails, lasting],
            )

    def held(self) -> list[int]:
        """The database's processes whose commit is held now."""
        with self.asked() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            return [pid for (pid,) in cursor.fetchall()]
