"""A pytest plugin for both sides: what became of each test, and on our side our plugins.

CKAN's pytest plugin unloads every plugin before the first test and loads the configured ones
where a test asks for the fixture ``with_plugins`` or for an application. Ours must be there in
every test, except where it names plugins of its own by ``ckan_config("ckan.plugins", …)``: such
tests are about those (they compare the list of plugins, or bring a form for the same type).
"""
from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unguarded import LOOK_AWAY

yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # each application reads schemas

RECORD = "GOVDATA_PARITY_RECORD"
"""Environment variable: the file that gets one JSON line a test."""
ALWAYS = "GOVDATA_PARITY_ALWAYS"
"""Environment variable: plugins that are loaded in every test, with blanks between."""
WORDS = 4000


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Recorder(Path(os.environ[RECORD])), "parity-recorder")


@pytest.fixture(autouse=True)
def always_ours(request: pytest.FixtureRequest) -> Iterator[None]:
    """Our plugins, before any other fixture of the test."""
    ours = os.environ.get(ALWAYS, "").split()
    if not ours:
        yield
        return
    import ckan.plugins

    # Where a test names plugins of its own they are meant to be alone: it says what is loaded.
    named = any(
        mark.args[:1] == ("ckan.plugins",) for mark in request.node.iter_markers("ckan_config")
    )
    if not named and not all(ckan.plugins.plugin_loaded(name) for name in ours):
        ckan.plugins.load_all()
    yield


@pytest.fixture(autouse=True, scope="session")
def tables_of_ours() -> None:
    """CKAN's first emptying of a session drops all tables and makes its own anew: ours too."""
    if not os.environ.get(ALWAYS):
        return
    import ckan.plugins
    from ckan import model
    from ckan.cli.db import _run_migrations

    ckan.plugins.load_all()
    model.repo.rebuild_db()
    _run_migrations("govdata")
    model.repo.delete_all = empty_tables


def empty_tables() -> None:
    """In the place of CKAN's ``delete_all``, which the append-only tables refuse by triggers.

    Triggers look away for this transaction: the role of tests may ask that, a portal's may not.
    """
    from ckan import model
    from sqlalchemy import inspect, text

    model.Session.remove()
    connection = model.Session.connection()
    connection.execute(text(LOOK_AWAY))
    for name in inspect(connection).get_table_names():
        if not name.endswith("alembic_version"):
            connection.execute(text(f'DELETE FROM "{name}"'))
    model.Session.commit()


class Recorder:
    """Writes a line as soon as a test is over: a run that breaks off says how far it got."""

    def __init__(self, path: Path):
        self.path = path
        self.outcomes: dict[str, tuple[str, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The worst of set-up, call and tear-down counts; an error is outside the call."""
        known, said = self.outcomes.get(report.nodeid, ("", ""))
        if report.failed:
            known = known if known == "failed" else ("failed" if report.when == "call" else "error")
            said = said or str(report.longrepr)[-WORDS:]
        elif report.skipped:
            known = known or ("xfailed" if hasattr(report, "wasxfail") else "skipped")
        elif report.when == "call":
            known = known or ("xpassed" if hasattr(report, "wasxfail") else "passed")
        self.outcomes[report.nodeid] = (known, said)
        if report.when == "teardown":
            self._write({"test": report.nodeid, "outcome": known, "said": said})

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            said = str(report.longrepr)[-WORDS:]
            self._write({"test": report.nodeid, "outcome": "error", "said": said})

    def _write(self, row: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
