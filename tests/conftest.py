"""What every test that runs inside CKAN may use.

CKAN's own fixtures empty the database by rebuilding it (seconds). These have the same names
and promise the same, in milliseconds: the tables are migrated once by `make test`, the plugins
are loaded once a session, and between tests only what holds rows is emptied.
Nothing of CKAN is imported here at the top: `tests/domain` runs without it.
"""
from __future__ import annotations

import functools
import gc
import inspect
import os
import shutil
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.snapshots import restored
from tests.unguarded import unguarded

JOURNEYS = "journeys"
SLOW = 20
"""For so many tests a slow one counts."""
MADE = ("reader", "understand", "vocabulary", "version")
"""What the search makes of its knowledge, and of which version of it."""
_shipped: dict[str, object] = {}


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config) -> None:
    """Of two processes that share the tests (pytest-xdist) the second has an ini of its own."""
    # CKAN asks who calls at each loading of the plugins, for the name of his file only: the source
    # of each of a test's hundred frames would be looked up for that, a second each time.
    inspect.stack = functools.partial(inspect.stack, context=0)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    ini = config.getoption("--ckan-ini", None)
    if worker not in (None, "gw0") and ini:
        number = int(worker.removeprefix("gw")) + 1
        config.option.ckan_ini = str(Path(ini).with_name(f"{Path(ini).stem}-{number}.ini"))


def pytest_collection_modifyitems(items) -> None:
    """Long files begin, so that no process waits for the other at the end: the journeys, which
    nothing outlasts, then the files with many tests or slow ones."""
    weights = Counter()
    for item in items:
        weights[item.path] += SLOW if item.get_closest_marker("slow") else 1
    items.sort(key=lambda item: (item.path.parent.name != JOURNEYS, -weights[item.path]))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A file's tests stay in one process; so do all journeys, which share a portal."""
    from xdist.scheduler import LoadFileScheduling

    class ByPlace(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return JOURNEYS if f"/{JOURNEYS}/" in file else file

    return ByPlace(config, log)


@pytest.fixture(scope="session")
def loaded_plugins(request):
    """The portal's plugins, loaded once; CKAN's plugin unloads them before the first test."""
    if not request.config.getoption("--ckan-ini", None):
        pytest.skip("needs CKAN: run with --ckan-ini")
    import ckan.plugins
    from passlib.hash import pbkdf2_sha512

    pbkdf2_sha512.default_rounds = 1000  # passlib's own work, which every user made here would pay
    ckan.plugins.load_all()
    gc.collect()
    gc.freeze()  # as the portal does: what stays is not looked through again and again


@pytest.fixture
def with_plugins(request, loaded_plugins, ckan_config, monkeypatch):
    """The portal's plugins; more of them by `@pytest.mark.with_plugins("name")`."""
    import ckan.plugins

    more = [name for mark in request.node.iter_markers("with_plugins") for name in mark.args]
    if not more:
        yield
        return
    standard = ckan_config["ckan.plugins"]
    monkeypatch.setitem(ckan_config, "ckan.plugins", [*standard, *more])
    ckan.plugins.load_all()
    yield
    monkeypatch.setitem(ckan_config, "ckan.plugins", standard)
    ckan.plugins.load_all()


@pytest.fixture(scope="session")
def web_application(loaded_plugins):
    """The Flask application of the whole session."""
    from ckan.tests.helpers import _get_test_app

    return _get_test_app().app


@pytest.fixture
def app(request, web_application, with_plugins, make_app):
    """A browser without cookies; a new application only where a test changes the configuration."""
    from ckan.tests.helpers import CKANTestApp

    changed = any(request.node.iter_markers("ckan_config")) or any(
        request.node.iter_markers("with_plugins")
    )
    return make_app() if changed else CKANTestApp(web_application)


@pytest.fixture
def fresh(with_plugins, ckan_config):
    """An empty portal: no row, document, key, table of data or file of an earlier test.

    It has the knowledge of search that it ships: without it each test's first document or search
    would have half a second's work of reading it anew.
    """
    from ckan.tests import factories

    from ckanext.govdata.search import live_reader, store

    factories.fake.unique.clear()
    with live_reader._now.busy:  # the search of an earlier test may still be reading its knowledge
        _empty_database()
        restored("search", store.seed)
    _empty_datastore(ckan_config)
    _empty_index(ckan_config["solr_url"])
    _empty_valkey()
    storage = Path(ckan_config["ckan.storage_path"])
    assert storage.is_absolute(), "without a place of its own a test would empty another's"
    shutil.rmtree(storage, ignore_errors=True)
    storage.mkdir(parents=True)


@pytest.fixture
def shipped_reader(fresh):
    """Queries are read by what the portal ships, whatever another test has changed; built once."""
    from ckanext.govdata.search import live_reader

    used = vars(live_reader._now)
    if not _shipped:
        live_reader.forget()
        live_reader.reader()
        _shipped.update({name: used[name] for name in MADE})
    used.update(_shipped, looked=time.monotonic())
    yield
    used.update(_shipped)


@pytest.fixture
def yaohai_in_force():
    """A day on which Yaohai's own text binds: after 7 February 2027 the level above does."""
    from ckanext.govdata import now

    now.move(date(2026, 11, 23))
    yield
    now.move(None)


@pytest.fixture
def clean_db(fresh):
    """CKAN's name for `fresh`."""


@pytest.fixture
def clean_index(fresh):
    """CKAN's name for `fresh`."""


@pytest.fixture
def clean_redis(fresh):
    """CKAN's name for `fresh`."""


@pytest.fixture
def clean_queues(fresh):
    """CKAN's name for `fresh`."""


@pytest.fixture
def clean_datastore(fresh):
    """CKAN's name for `fresh`."""


def _empty_database() -> None:
    """Delete every row; foreign keys and the ledger's triggers look away, for this role only."""
    import ckan.model as model
    from sqlalchemy import inspect, text

    model.Session.remove()
    with unguarded() as connection:
        names = inspect(connection).get_table_names()
        tables = [name for name in names if not name.endswith("alembic_version")]
        question = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables
        )
        for (name,) in connection.execute(text(question)).all():
            connection.execute(text(f'DELETE FROM "{name}"'))


def _empty_datastore(config) -> None:
    import psycopg2

    connection = psycopg2.connect(config["ckan.datastore.write_url"])
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in cursor.fetchall():
            own = name == "_table_stats"  # the DataStore's own
            cursor.execute(f'TRUNCATE "{name}"' if own else f'DROP TABLE "{name}" CASCADE')
    connection.close()


def _empty_index(url: str) -> None:
    import requests

    requests.post(
        f"{url}/update?softCommit=true", json={"delete": {"query": "*:*"}}, timeout=30
    ).raise_for_status()


def _empty_valkey() -> None:
    from ckan.lib.redis import connect_to_redis

    connect_to_redis().flushdb()
