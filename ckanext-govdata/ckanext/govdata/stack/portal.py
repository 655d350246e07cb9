"""CKAN itself: its ini, its tables, its first data."""
from __future__ import annotations

import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from . import postgres, solr, valkey
from .home import Home, template, write_private
from .parts import environment
from .trouble import Trouble

SCHEMAS = {"scheming_datasets": "dataset.yaml", "scheming_organizations": "organization.yaml"}


def site_url(home: Home) -> str:
    """The portal's address."""
    return os.environ.get("GOVDATA_SITE_URL", "").rstrip("/") or local_url(home)


def local_url(home: Home) -> str:
    """Where this machine reaches the web process."""
    return f"http://127.0.0.1:{home.port('web')}"


def write_inis(home: Home) -> None:
    """Write ``ckan.ini`` and ``test.ini``; raises nothing, both are remade at every start."""
    write_private(home.ini, fill(template("ckan.ini"), values(home)))
    write_private(home.test_ini, fill(template("test.ini"), values(home, test=True)))


def fill(text: str, substitutes: dict[str, str]) -> str:
    """Replace ``{{name}}``; percent signs are doubled, since CKAN's ini interpolates them."""
    for name, value in substitutes.items():
        text = text.replace("{{" + name + "}}", value.replace("%", "%%"))
    return text


def values(home: Home, *, test: bool = False) -> dict[str, str]:
    """What the ini templates leave open."""
    names = postgres.TEST_DATABASES if test else postgres.DATABASES
    which = "test" if test else "portal"
    return {
        "site_url": site_url(home),
        "plugins": " ".join(plugins()),
        "database": postgres.url(home, "ckan", names["ckan"]),
        "datastore_write": postgres.url(home, "datastore", names["datastore"]),
        "datastore_read": postgres.url(home, "reader", names["datastore"]),
        "solr": solr.url(home, which),
        "valkey": valkey.url(home, which),
        "session": home.secret("session"),
        "token": home.secret("token"),
        "secure": str(site_url(home).startswith("https:")).lower(),
    }


def plugins() -> list[str]:
    """Plugins to load; the scheming ones only when their schemas are there."""
    schemas = files("ckanext.govdata.schemas")
    scheming = [name for name, file in SCHEMAS.items() if (schemas / file).is_file()]
    return ["govdata", *scheming, "datastore"]


def migrate(home: Home, ini: Path) -> None:
    """CKAN's tables, ours, and the DataStore's rights, in the databases of that ini."""
    ckan(home, ini, "db", "upgrade")
    if (files("ckanext.govdata") / "migration" / "govdata" / "alembic.ini").is_file():
        ckan(home, ini, "db", "upgrade", "-p", "govdata")
    names = postgres.TEST_DATABASES if ini == home.test_ini else postgres.DATABASES
    if not postgres.has_datastore_permissions(home, names["datastore"]):
        sql = ckan(home, ini, "datastore", "set-permissions")
        postgres.run_sql(home, sql, names["datastore"])


def has_command(home: Home, *words: str) -> bool:
    """Whether ``ckan govdata`` has that command."""
    answer = _run(home, home.ini, ["govdata", *words, "--help"])
    return answer.returncode == 0


def ckan(home: Home, ini: Path, *words: str, show: bool = False) -> str:
    """Run a ``ckan`` command; what it printed. Raises Trouble with its words when it fails."""
    answer = _run(home, ini, list(words), show=show)
    if answer.returncode:
        said = ((answer.stdout or "") + (answer.stderr or "")).strip().splitlines()[-15:]
        raise Trouble(f"ckan {' '.join(words)} failed:\n" + "\n".join(f"    | {s}" for s in said))
    return answer.stdout


def _run(
    home: Home, ini: Path, words: list[str], *, show: bool = False
) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "ckan"
    return subprocess.run(
        [str(program), "-c", str(ini), *words],
        stdout=None if show else subprocess.PIPE,
        stderr=None if show else subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        env={**environment(home), "CKAN_INI": str(ini)},
    )
