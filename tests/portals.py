"""Portals on the running services, each with stores of its own: for journeys and the bench."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import requests
from ckan import model

from ckanext.govdata.stack import portal, postgres, solr
from ckanext.govdata.stack.home import Home
from ckanext.govdata.stack.parts import environment
from tests.ports import free_port

STOCK = {"ckan.plugins": "datastore activity", "ckan.search.solr_commit": "true"}
"""What ``ckan generate config`` switches on, and the DataStore that ours has too."""
PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True)
class Portal:
    """A CKAN to be measured: its ini, its address, and a system administrator's token."""

    name: str
    home: Home
    ini: Path
    url: str
    token: str
    process: int = 0
    """The server's process; its workers are its children."""

    def pretend(self, day: str) -> None:
        """Move the served portal's clock to a day; an empty text gives the real one back."""
        self.ini.with_suffix(".today").write_text(day, "utf-8")

    def as_user(self, name: str) -> Portal:
        """The portal as another account asks it; he is made first."""
        token = _ckan(self.home, self.ini, "user", "token", "add", name, "bench", "--quiet")
        return replace(self, token=token.strip())

    def act(self, action: str, **data: object) -> dict:
        """Call an action over HTTP as who the token is of, the administrator unless said; raises
        on an answer that is not 200."""
        answer = requests.post(
            f"{self.url}/api/3/action/{action}",
            data=json.dumps(data),
            headers={"Authorization": self.token, "Content-Type": "application/json"},
            timeout=120,
        )
        answer.raise_for_status()
        return answer.json()["result"]


@contextmanager
def running(
    home: Home,
    name: str,
    *,
    stock: bool = False,
    workers: int = 1,
    threads: int = 2,
    options: Mapping[str, str] | None = None,
) -> Iterator[Portal]:
    """A fresh portal of that name, with empty stores, served as ``make up`` serves.

    ``stock`` serves a CKAN without our plugin, schema and Solr configset; ``options`` go into
    its ini file.
    """
    model.Session.remove()  # what this process asked before must not stay open for minutes
    core = f"trial_{name}"
    tables = f"{core}_datastore"
    fresh_database(home, core, "ckan")
    fresh_database(home, tables, "datastore")
    fresh_core(home, core, stock=stock)
    clock = home.path / f"{core}.today"
    clock.unlink(missing_ok=True)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    ini = _write_ini(home, core, url, {**(STOCK if stock else {}), **(options or {})})
    _ckan(home, ini, "db", "upgrade")
    postgres.run_sql(home, _ckan(home, ini, "datastore", "set-permissions"), tables)
    if not stock and (files("ckanext.govdata") / "migration" / "govdata").is_dir():
        _ckan(home, ini, "db", "upgrade", "-p", "govdata")
    _ckan(home, ini, "user", "add", "bench", "email=bench@example.invalid", "password=bench-2026-x")
    _ckan(home, ini, "sysadmin", "add", "bench")
    token = _ckan(home, ini, "user", "token", "add", "bench", "bench", "--quiet").strip()
    interface = "wsgi" if stock else "asgi"
    blocking = ("--blocking-threads", str(threads)) if stock else ()
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", interface, "--port", str(port)),
            *("--workers", str(workers), *blocking, "--log-level", "warning"),
            f"ckanext.govdata.{interface}:application",
        ],
        env={
            **environment(home),
            "CKAN_INI": str(ini),
            "GOVDATA_CLOCK": str(clock),
            "GOVDATA_THREADS": str(threads),
        },
        stderr=(home.log(core)).open("w"),
    )
    try:
        _await(f"{url}/api/3/action/status_show", server)
        yield Portal(name, home, ini, url, token, server.pid)
    finally:
        server.terminate()
        server.wait(30)


def _write_ini(home: Home, core: str, url: str, options: Mapping[str, str]) -> Path:
    address = postgres.url(home, "ckan", core)
    lines = [
        "[app:main]",
        "use = config:ckan.ini",
        f"ckan.site_url = {url}",
        f"ckan.site_id = {core}",
        f"sqlalchemy.url = {address}",
        f"ckan.datastore.write_url = {postgres.url(home, 'datastore', f'{core}_datastore')}",
        f"ckan.datastore.read_url = {postgres.url(home, 'reader', f'{core}_datastore')}",
        f"solr_url = {solr.url(home).rsplit('/', 1)[0]}/{core}",
        f"ckan.storage_path = %(here)s/{core}-storage",
    ]
    lines += [f"{name} = {value}" for name, value in options.items()]
    ini = home.path / f"{core}.ini"
    ini.write_text("\n".join(lines) + "\n", "utf-8")
    ini.chmod(0o600)
    return ini


def fresh_database(home: Home, name: str, owner: str) -> None:
    connection = psycopg2.connect(postgres.url(home, "admin", "postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} OWNER {owner}")
    connection.close()


def fresh_core(home: Home, core: str, *, stock: bool) -> None:
    """A Solr core; stock: CKAN's own schema with the same ``solrconfig.xml`` as its image has."""
    admin = solr.url(home).rsplit("/", 1)[0] + "/admin/cores"
    requests.get(admin, {"action": "UNLOAD", "core": core, "deleteInstanceDir": "true"}, timeout=60)
    folder = home.path / "solr" / core
    shutil.rmtree(folder, ignore_errors=True)
    conf = folder / "conf"
    shutil.copytree(home.path / "solr" / "configsets" / solr.CONFIGSET / "conf", conf)
    if stock:
        shutil.copy(str(files("ckan") / "config" / "solr" / "schema.xml"), conf)
        (conf / "solrconfig.xml").write_text(STOCK_SOLRCONFIG, "utf-8")
    answer = requests.get(
        admin, {"action": "CREATE", "name": core, "instanceDir": core}, timeout=120
    )
    answer.raise_for_status()


STOCK_SOLRCONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<config>
  <luceneMatchVersion>9.12</luceneMatchVersion>
  <schemaFactory class="ClassicIndexSchemaFactory"/>
  <updateHandler class="solr.DirectUpdateHandler2">
    <updateLog/>
    <autoCommit><maxTime>15000</maxTime><openSearcher>false</openSearcher></autoCommit>
  </updateHandler>
  <requestHandler name="/select" class="solr.SearchHandler"/>
  <requestHandler name="/query" class="solr.SearchHandler"/>
</config>
"""


def _ckan(home: Home, ini: Path, *words: str) -> str:
    return portal.ckan(home, ini, *words)


def _await(url: str, server: subprocess.Popen, patience: float = 90) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the server of {url} stopped with {server.returncode}")
        try:
            if requests.get(url, timeout=30).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            pass
        time.sleep(0.2)
    raise RuntimeError(f"{urlsplit(url).netloc} does not answer")


def environ(portal_: Portal) -> dict[str, str]:
    """What a ``ckan`` process of that portal runs with."""
    return {**os.environ, **environment(portal_.home), "CKAN_INI": str(portal_.ini)}
