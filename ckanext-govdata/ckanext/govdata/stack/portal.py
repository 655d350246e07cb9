"""CKAN itself: its ini, its tables, its first data."""
from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from .. import config_reader, progress
from ..domain.locales import SIMPLIFIED
from ..health import migrations
from ..slices import SLICES
from . import postgres, solr, valkey
from .home import Home, template, write_private
from .parts import environment
from .trouble import Trouble

SHOWN = 15
"""Lines of a command that failed."""
SCHEMAS = {"scheming_datasets": "dataset.yaml", "scheming_organizations": "organization.yaml"}


def site_url(home: Home) -> str:
    """The portal's address."""
    return os.environ.get("GOVDATA_SITE_URL", "").rstrip("/") or local_url(home)


def local_url(home: Home) -> str:
    """Where this machine reaches the web process."""
    return f"http://127.0.0.1:{home.port('web')}"


def write_inis(home: Home) -> None:
    """Write ``ckan.ini`` and those of the tests; raises nothing, all are remade at every start."""
    write_private(home.ini, fill(template("ckan.ini"), values(home)))
    for ini in (home.test_ini, home.second_test_ini):
        write_private(ini, fill(template("test.ini"), values(home, ini.stem)))


def fill(text: str, substitutes: dict[str, str]) -> str:
    """Replace ``{{name}}``; percent signs are doubled, since CKAN's ini interpolates them."""
    for name, value in substitutes.items():
        text = text.replace("{{" + name + "}}", value.replace("%", "%%"))
    return text


def values(home: Home, which: str = "portal") -> dict[str, str]:
    """What the ini templates leave open, for the portal or for one of the tests' processes."""
    names = postgres.TEST_DATABASES.get(which, postgres.DATABASES)
    return {
        "site_url": site_url(home),
        "plugins": " ".join(plugins()),
        "database": postgres.url(home, postgres.OWNERS[names["ckan"]], names["ckan"]),
        "datastore_write": postgres.url(home, "datastore", names["datastore"]),
        "datastore_read": postgres.url(home, "reader", names["datastore"]),
        "solr": solr.url(home, which),
        "valkey": valkey.url(home, which),
        "mail": f"127.0.0.1:{home.port('mail')}",
        "hook_hosts": os.environ.get("GOVDATA_HOOK_HOSTS", ""),
        "session": home.secret("session"),
        "token": home.secret("token"),
        "tests": which,
        "secure": str(site_url(home).startswith("https:")).lower(),
    }


def plugins() -> list[str]:
    """Plugins to load; the scheming ones only when their schemas are there."""
    schemas = files("ckanext.govdata.schemas")
    scheming = [name for name, file in SCHEMAS.items() if (schemas / file).is_file()]
    return ["govdata", *scheming, "datastore"]


def migrate(home: Home, ini: Path) -> None:
    """CKAN's tables, ours, and the DataStore's rights, in the databases of that ini; idempotent."""
    names = postgres.TEST_DATABASES.get(ini.stem, postgres.DATABASES)
    if migrations.complaint(postgres.url(home, "admin", names["ckan"])):
        ckan(home, ini, "db", "upgrade")
    if not postgres.has_datastore_permissions(home, names["datastore"]):
        sql = ckan(home, ini, "datastore", "set-permissions")
        postgres.run_sql(home, sql, names["datastore"])


def has_demo() -> bool:
    """Whether this version has a demo to load."""
    return "demo" in SLICES


def load_demo(home: Home) -> None:
    """Load what the demo lacks."""
    ckan(home, home.ini, "govdata", "demo", "load", GOVDATA_DEMO_PASSWORD=demo_password(home))


def demo_password(home: Home) -> str:
    """One password for all demo accounts of this stack."""
    return os.environ.get("GOVDATA_DEMO_PASSWORD") or home.secret("demo")


def demo_accounts() -> list[tuple[str, str]]:
    """Name and role (in Chinese) of each demo account."""
    source = files("ckanext.govdata") / "demo" / "data" / "accounts.yaml"
    return [(row["name"], row["role"][SIMPLIFIED]) for row in config_reader.read(source).data]


def reindex(home: Home, tell: Callable[[str], None]) -> None:
    """Build the search index anew from the database, saying how far it is."""
    ckan(home, home.ini, "govdata", "reconcile", "--all", tell=tell)


def ckan(
    home: Home, ini: Path, *words: str, tell: Callable[[str], None] | None = None, **variables: str
) -> str:
    """Run a ``ckan`` command; what it printed. How far it is, is told as it comes.

    Raises Trouble with its words when it fails.
    """
    command = [str(Path(sys.executable).parent / "ckan"), "-c", str(ini), *words]
    errors: deque[str] = deque(maxlen=SHOWN)
    with tempfile.TemporaryFile("w+") as answer:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.PIPE,
            text=True,
            env={**environment(home), "CKAN_INI": str(ini), **variables},
        )
        for line in process.stderr or ():
            errors.append(line)
            if tell and progress.LINE.fullmatch(line.strip()):
                tell(line.strip())
        failed = process.wait()
        answer.seek(0)
        printed = answer.read()
    if failed:
        said = "".join([printed, *errors]).strip().splitlines()[-SHOWN:]
        told = "\n".join(f"    | {line}" for line in said)
        raise Trouble(f"ckan {' '.join(words)} failed:\n{told}")
    return printed
