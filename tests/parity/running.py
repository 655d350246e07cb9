"""Both sides: stores of their own on the running services, an ini, and pytest runs."""
from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ckanext.govdata.stack import portal, postgres, solr, valkey
from ckanext.govdata.stack.home import Home, write_private
from ckanext.govdata.stack.parts import environment
from tests import portals

from .recording import ALWAYS, RECORD

FOLDERS = ("logic", "lib", "controllers")
SIDES = ("stock", "ours")
FIRST = 4
"""The first of Valkey's databases that we take; CKAN's tests flush theirs."""


@dataclass(frozen=True)
class Run:
    """A folder (or file, or test) of CKAN's tests on one side, with stores of its own."""

    side: str
    tests: str
    home: Home
    valkey: int

    @property
    def core(self) -> str:
        """Name of its databases and of its Solr core."""
        return f"parity_{self.side}_" + re.sub(r"\W+", "_", self.tests).lower()[:30]

    @property
    def plugins(self) -> str:
        """None, or ours with its schemas; the DataStore is CKAN's and changes CKAN's results."""
        ours = [name for name in portal.plugins() if name != "datastore"]
        return "" if self.side == "stock" else " ".join(ours)

    @property
    def ini(self) -> Path:
        return self.home.path / f"{self.core}.ini"

    @property
    def record(self) -> Path:
        return self.home.path / "parity" / f"{self.core}.jsonl"

    @property
    def log(self) -> Path:
        return self.home.log(self.core)


def runs(home: Home, side: str, wanted: list[str]) -> list[Run]:
    """One for each folder that is wanted."""
    start = FIRST + SIDES.index(side) * 6
    return [Run(side, tests, home, start + n % 6) for n, tests in enumerate(wanted)]


def carry_out(wanted: list[Run], jobs: int) -> None:
    """Prepare them in turn (Solr and PostgreSQL want it so), then run ``jobs`` at once."""
    for one in wanted:
        prepare(one)
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(run, wanted))


def prepare(one: Run) -> None:
    """Empty stores with all tables, and the ini."""
    home, tables = one.home, f"{one.core}_datastore"
    portals.fresh_database(home, one.core, "tester")  # who may empty the ledger
    portals.fresh_database(home, tables, "datastore")
    portals.fresh_core(home, one.core, stock=one.side == "stock")
    values = {
        "plugins": one.plugins,
        "database": postgres.url(home, "tester", one.core),
        "datastore_write": postgres.url(home, "datastore", tables),
        "datastore_read": postgres.url(home, "reader", tables),
        "solr": f"{solr.url(home).rsplit('/', 1)[0]}/{one.core}",
        "valkey": f"{valkey.url(home).rsplit('/', 1)[0]}/{one.valkey}",
    }
    template = (Path(__file__).parent / "core.ini").read_text("utf-8")
    write_private(one.ini, portal.fill(template, values))
    portal.ckan(home, one.ini, "db", "upgrade")
    postgres.run_sql(home, portal.ckan(home, one.ini, "datastore", "set-permissions"), tables)
    one.record.parent.mkdir(exist_ok=True)


def run(one: Run) -> None:
    """One pytest process without workers, as CKAN runs its tests; outcomes go to its record."""
    one.record.unlink(missing_ok=True)
    root, here = Path(str(files("ckan"))).parent, Path(__file__).parent
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", str(here / "pytest.ini"), "--rootdir", str(root)),
            *("-p", "recording", "--ckan-ini", str(one.ini)),
            str(root / "ckan" / "tests" / one.tests),
        ],
        env={
            **environment(one.home),
            "CKAN_INI": str(one.ini),
            "PYTHONPATH": str(here),
            RECORD: str(one.record),
            ALWAYS: one.plugins,
        },
        stdout=one.log.open("w"),
        stderr=subprocess.STDOUT,
        cwd=root / "ckan",  # CKAN names plugins of its tests by `tests.plugins`
        check=False,
    )
