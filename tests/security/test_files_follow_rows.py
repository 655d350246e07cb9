"""A file is switched with its row's commit, not before it, and not at all without it."""
from __future__ import annotations

import hashlib
import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import uploader
from leak_world import site
from sqlalchemy import Connection, text
from werkzeug.datastructures import FileStorage

from ckanext.govdata import kept_files, settings
from tests.access.granted_world import make

pytestmark = pytest.mark.usefixtures("fresh")
LOCK = 70_500
OLD, NEW = b"name\n" + b"old\n" * 400_000, b"name\n" + b"newer\n" * 400_000


@pytest.fixture
def entry() -> dict[str, Any]:
    """An open entry with a file that stands."""
    made = make("unconditional", information_items=[])
    replace(made, OLD)
    return made


def replace(entry: dict[str, Any], content: bytes = NEW) -> None:
    tk.get_action("resource_patch")(site(), {
        "id": entry["resources"][0]["id"], "url": "a.csv",
        "upload": FileStorage(io.BytesIO(content), "a.csv", content_type="text/csv")})


def address(entry: dict[str, Any]) -> str:
    return f"/dataset/{entry['name']}/resource/{entry['resources'][0]['id']}/download"


def read(app, entry: dict[str, Any]) -> bytes:
    """What a stranger gets."""
    return app.get(address(entry)).get_data()


@pytest.fixture
def commits() -> Iterator[Any]:
    """What the database does at the very end of a commit that changes a file's row."""
    with model.ensure_engine().connect() as connection:
        def do(statement: str) -> None:
            connection.execute(text(f"""
                CREATE FUNCTION trial_commit() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN {statement}; RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER trial_commit AFTER UPDATE OR DELETE ON resource
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trial_commit()"""))
            connection.commit()

        yield do
        connection.rollback()
        connection.execute(text("DROP FUNCTION trial_commit() CASCADE"))
        connection.commit()


def until_one_waits(connection: Connection, writer: threading.Thread) -> None:
    query = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    while writer.is_alive() and not connection.scalar(query):
        writer.join(0.02)
    assert writer.is_alive(), "its commit is held"


def test_a_commit_that_is_held_shows_the_old_file_all_the_while(app, entry, commits) -> None:
    commits(f"PERFORM pg_advisory_xact_lock({LOCK})")

    def write() -> None:
        with app.flask_app.app_context():
            replace(entry)
            model.Session.remove()

    writer = threading.Thread(target=write)
    with model.ensure_engine().connect() as held:
        held.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
        try:
            writer.start()
            until_one_waits(held, writer)
            for _ in range(5):
                assert read(app, entry) == OLD
        finally:
            held.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
    writer.join(60)
    assert read(app, entry) == NEW


def test_a_commit_that_fails_leaves_the_old_file(app, entry, commits) -> None:
    commits("RAISE EXCEPTION 'the disk is full'")
    with pytest.raises(Exception, match="the disk is full"):
        replace(entry)
    model.Session.rollback()
    assert read(app, entry) == OLD
    with pytest.raises(Exception, match="the disk is full"):
        tk.get_action("resource_patch")(site(), {
            "id": entry["resources"][0]["id"], "url": "https://a.example/", "clear_upload": True})
    model.Session.rollback()
    assert read(app, entry) == OLD
    with pytest.raises(Exception, match="the disk is full"):
        tk.get_action("dataset_purge")(site(), {"id": entry["id"]})
    model.Session.rollback()
    assert read(app, entry) == OLD


def test_who_downloads_while_it_is_switched_gets_one_whole_file(app, entry) -> None:
    client = app.flask_app.test_client()
    answer = client.get(address(entry), buffered=False)
    pieces = iter(answer.response)
    found = next(pieces)
    replace(entry)
    assert read(app, entry) == NEW
    assert found + b"".join(pieces) == OLD
    assert int(answer.headers["Content-Length"]) == len(OLD)
    answer.close()
    again = client.get(address(entry), headers={
        "Range": "bytes=100-", "If-Range": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (200, NEW), "no part of another file"
    again.close()


def test_half_a_file_is_never_served(app, entry, monkeypatch) -> None:
    """The disk is full in the middle: what stands is what stood, and no half stays."""
    folder = Path(settings.storage_path()) / "resources"
    before = {path for path in folder.rglob("*") if path.is_file()}

    def half(_given: object, target: Any, _most: int) -> None:
        target.write(NEW[:1000])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploader, "_copy_file", half)
    with pytest.raises(OSError, match="No space"):
        replace(entry)
    model.Session.rollback()
    assert read(app, entry) == OLD
    assert {path for path in folder.rglob("*") if path.is_file()} == before


def test_a_file_from_before_stands_where_ckan_put_it(app, entry) -> None:
    """Uploaded before the upgrade: at CKAN's own place, named by no row of ours."""
    resource_id = entry["resources"][0]["id"]
    plain = Path(settings.storage_path()) / "resources" / resource_id[:3] / resource_id[3:6]
    plain = plain / resource_id[6:]
    model.Session.execute(text("DELETE FROM govdata_stored_file"))
    model.Session.commit()
    plain.write_bytes(b"before")
    assert read(app, entry) == b"before"
    replace(entry)
    assert read(app, entry) == NEW
    tk.get_action("resource_patch")(site(), {
        "id": resource_id, "clear_upload": True, "url": "https://a.example/a.csv"})
    tk.get_action("resource_patch")(site(), {"id": resource_id, "url_type": "upload"})
    assert app.get(address(entry), status=None).status_code == 404, "it does not come back"


def test_the_row_says_what_stands(entry) -> None:
    row = model.Session.execute(text("SELECT * FROM govdata_stored_file")).one()
    assert (row.resource_id, row.digest, row.size) == (
        entry["resources"][0]["id"], hashlib.sha256(OLD).hexdigest(), len(OLD))


class TestSavepoints:
    """What is asked for within a savepoint that is taken back is not done at the commit."""

    def put(self, folder, name):
        place = folder / name
        waiting = kept_files.waiting(place)
        waiting.write_bytes(b"new")
        kept_files.keep(model.Session, waiting, place)
        return place

    def taken_back(self, work):
        model.Session.execute(text("SELECT 1"))
        savepoint = model.Session.begin_nested()
        work()
        savepoint.rollback()

    def test_a_new_file_is_not_there(self, with_plugins, tmp_path) -> None:
        self.taken_back(lambda: self.put(tmp_path, "a"))
        kept = self.put(tmp_path, "b")
        model.Session.commit()
        assert list(tmp_path.iterdir()) == [kept]

    @pytest.mark.parametrize("ask", [kept_files.drop, kept_files.leave])
    def test_a_file_whose_row_is_kept_is_kept(self, with_plugins, tmp_path, ask) -> None:
        place = tmp_path / "a"
        place.write_bytes(b"old")
        os.utime(place, (1, 1))
        self.taken_back(lambda: ask(model.Session, place))
        model.Session.commit()
        assert place.exists()
        assert place.stat().st_mtime == 1

    def test_what_holds_within_goes_with_what_is_around_it(self, with_plugins, tmp_path) -> None:
        def within():
            with model.Session.begin_nested():
                self.put(tmp_path, "a")

        self.taken_back(within)
        with model.Session.begin_nested():
            kept = self.put(tmp_path, "b")
        model.Session.commit()
        assert list(tmp_path.iterdir()) == [kept]
