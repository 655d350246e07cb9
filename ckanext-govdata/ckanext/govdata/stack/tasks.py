"""What an operator can ask of the stack: up, down, status and their kin."""
from __future__ import annotations

import hashlib
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..health import probes
from . import mail_server, portal, ports, postgres, solr, translations, valkey
from .home import Home
from .parts import PARTS, PROCESSES, SERVICES, Part
from .processes import Supervisor, leftovers, sweep, tail
from .trouble import Trouble

DEMO_LOADED = "demo-loaded"
REINDEX_DUE = "reindex-due"
PATIENCE = {
    "postgres": 120, "valkey": 60, "solr": 180, "web": 180, "worker": 60, "scheduler": 60,
    "mail": 30,
}
"""Seconds until a part that does not answer counts as failed."""


def up(home: Home, since: float) -> int:
    """Bring everything up and say where it is."""
    supervisor = services(home, _begin_with_the_tables)
    _reindex_if_due(home)
    _restart_if_changed(home, supervisor)
    _load_demo(home)
    supervisor.launch(PROCESSES)
    for part in PROCESSES:
        _await(home, supervisor, part)
    _greet(home, since)
    return 0


def _begin_with_the_tables(home: Home, supervisor: Supervisor) -> None:
    """Bring the tables up to date. Where nothing else is to be done before, the web process loads
    while Solr does, since each takes a third of the way back after a kill of everything; what works
    in the background comes after them."""
    _migrate(home, home.ini)
    demo_due = portal.has_demo() and not (home.path / DEMO_LOADED).exists()
    if not demo_due and not (home.path / REINDEX_DUE).exists():
        _restart_if_changed(home, supervisor)
        supervisor.launch([part for part in PROCESSES if part.name == "web"])


def services(
    home: Home, with_a_database: Callable[[Home, Supervisor], None] | None = None
) -> Supervisor:
    """PostgreSQL, Valkey and Solr, and both inis; harmless when they run. ``with_a_database`` is
    done as soon as there is one."""
    supervisor = Supervisor(home)
    translations.compile_catalogues()
    with _step("Solr's files"):
        changed = solr.prepare(home)
    if supervisor.is_running() and not set(ports.FIRST) <= set(home.state.ports):
        supervisor.stop()  # it was started by a version that had fewer parts
    if not supervisor.is_running():
        sweep(home)
        home.state.ports = ports.choose(home.state.ports, home.state.id)
        home.save()
    postgres.prepare(home)
    valkey.prepare(home)
    portal.write_inis(home)
    if not supervisor.is_running():
        supervisor.start()
    if changed:
        (home.path / REINDEX_DUE).touch()
        supervisor.halt([part for part in SERVICES if part.name == "solr"])
        solr.forget(home)
    supervisor.launch(SERVICES)
    *stores, index = SERVICES
    for part in stores:
        _await(home, supervisor, part)
    postgres.create_databases(home)
    if with_a_database:
        with_a_database(home, supervisor)
    _await(home, supervisor, index)
    return supervisor


def test_services(home: Home, since: float) -> int:
    """The services and the test databases' tables: what `make test` needs."""
    services(home)
    with _step("Tables"):
        for ini in (home.test_ini, home.second_test_ini):
            portal.migrate(home, ini)
    return 0


def down(home: Home, since: float) -> int:
    """Stop what this stack started, and nothing else."""
    Supervisor(home).stop()
    _say("The portal is down." if not leftovers(home) else "Something would not stop.")
    return 0


def purge(home: Home, since: float) -> int:
    """Stop it and throw away everything it kept: databases, index, files, passwords."""
    Supervisor(home).stop()
    postgres.remove(home)
    shutil.rmtree(home.path)
    _say("The portal and all its data are gone.")
    return 0


def restart(home: Home, since: float) -> int:
    """Restart CKAN's processes only, after a change of code."""
    supervisor = Supervisor(home)
    if supervisor.is_running():
        supervisor.halt(PROCESSES)
    return up(home, since)


def status(home: Home, since: float) -> int:
    """One line a part; for one that is down why, and the end of its log."""
    supervisor = Supervisor(home)
    if not home.state.ports or not supervisor.is_running():
        _say("The portal is down; `make up` starts it.")
        return 1
    failed = 0
    states = supervisor.states()
    for part in PARTS:
        complaint = _complaint(home, supervisor, part)
        failed += bool(complaint)
        state = states.get(part.name, "ABSENT")
        _say(f"{'✗' if complaint else '✓'} {part.label:<14}{state:<10}{complaint}")
        if complaint:
            _say(tail(home, part.name))
    for warning in probes.warnings(portal.local_url(home)):
        _say(f"! {warning}")
    _say(f"  {portal.site_url(home)}/")
    return 1 if failed else 0


def url(home: Home, since: float) -> int:
    """Print the portal's address."""
    _say(portal.site_url(home))
    return 0


def ini(home: Home, since: float) -> int:
    """Print the path of the ini."""
    return _say_path(home.ini)


def test_ini(home: Home, since: float) -> int:
    """Print the path of the tests' ini."""
    return _say_path(home.test_ini)


def letters(home: Home, since: float) -> int:
    """Print the letters that the portal sent last, the newest at the end."""
    found = mail_server.letters(home)
    for letter in found[-mail_server.SHOWN :]:
        _say(f"{'─' * 72}\n{mail_server.shown(letter)}")
    _say(f"{len(found)} letters in {mail_server.folder(home)}")
    return 0


def demo_reset(home: Home, since: float) -> int:
    """Throw away all that the portal holds and load the demo as on the first day."""
    supervisor = services(home)
    supervisor.halt(PROCESSES)
    with _step("Emptying"):
        postgres.drop_databases(home)
        postgres.create_databases(home)
        solr.clear(home)
        valkey.clear(home)
        shutil.rmtree(home.path / "storage", ignore_errors=True)
        (home.path / "storage").mkdir()
        shutil.rmtree(mail_server.folder(home), ignore_errors=True)
        (home.path / DEMO_LOADED).unlink(missing_ok=True)
    return up(home, since)


ALL: dict[str, Callable[[Home, float], int]] = {
    "up": up,
    "down": down,
    "purge": purge,
    "restart": restart,
    "status": status,
    "url": url,
    "ini": ini,
    "test-ini": test_ini,
    "test-services": test_services,
    "mail": letters,
    "demo-reset": demo_reset,
}
TELLING = {"status", "url", "ini", "test-ini", "mail"}
"""Those that only tell: done as soon as somebody has read enough."""
NEEDING = {
    **dict.fromkeys(TELLING, "The portal was never started here: make up starts it."),
    "down": "The portal was never started here; there is nothing to stop.",
    "purge": "The portal was never started here; there is nothing to throw away.",
}
"""Those that make no sense before the first start, and what they answer then."""


def _say_path(path: Path) -> int:
    if not path.exists():
        raise Trouble(f"There is no {path} yet: the first start did not come so far. make up")
    _say(str(path))
    return 0


def _await(home: Home, supervisor: Supervisor, part: Part) -> None:
    with _step(part.label):
        supervisor.await_part(
            part, lambda: _complaint(home, supervisor, part), PATIENCE[part.name]
        )


def _complaint(home: Home, supervisor: Supervisor, part: Part) -> str:
    """Why a part does not serve, or nothing."""
    probe: dict[str, Callable[[], str]] = {
        "postgres": lambda: probes.postgres(postgres.url(home, "admin", "postgres")),
        "valkey": lambda: probes.valkey(valkey.url(home)),
        "solr": lambda: probes.solr(solr.url(home)),
        "mail": lambda: mail_server.complaint(home),
        "web": lambda: probes.web(portal.local_url(home), home.state.id),
        "worker": lambda: probes.part(portal.local_url(home), "worker"),
        "scheduler": lambda: probes.part(portal.local_url(home), "scheduler"),
    }
    state = supervisor.states().get(part.name, "ABSENT")
    if state not in ("RUNNING", "STARTING"):
        return f"the process is not running ({state.lower()})"
    return probe[part.name]()


def _migrate(home: Home, ini: Path) -> None:
    with _step("Tables"):
        portal.migrate(home, ini)


def _reindex_if_due(home: Home) -> None:
    """A changed configset means that the documents of the old one may not be found any more."""
    due = home.path / REINDEX_DUE
    if due.exists():
        with _step("Search index") as tell:
            portal.reindex(home, tell)
            due.unlink()


def _load_demo(home: Home) -> None:
    """The first time only: what people delete or change in the demo stays so."""
    stamp = home.path / DEMO_LOADED
    if portal.has_demo() and not stamp.exists():
        with _step("Demo data"):
            portal.load_demo(home)
            stamp.touch()


def _restart_if_changed(home: Home, supervisor: Supervisor) -> None:
    """Running CKAN processes take new code or configuration only by starting again."""
    total = hashlib.sha256(home.ini.read_bytes())
    package = Path(__file__).parents[1]
    root = package.parents[2]
    for folder in (package, root / "schemas", root / "config"):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.suffix in (".py", ".yaml", ".html", ".mo", ".po"):
                total.update(f"{path}{path.stat().st_mtime_ns}".encode())
    stamp = home.path / "run" / "code"
    if not stamp.exists() or stamp.read_text() != total.hexdigest():
        supervisor.halt(PROCESSES)
        stamp.write_text(total.hexdigest())


def _greet(home: Home, since: float) -> None:
    _say(f"\n  政务数据开放平台   {portal.site_url(home)}/\n")
    if portal.has_demo():
        for name, role in portal.demo_accounts():
            _say(f"    {name:<22}{role}")
        _say(f"    password of all   {portal.demo_password(home)}\n")
    seconds = time.time() - since
    _say(f"  Up after {seconds:.0f} s. Letters: make mail. Next: make status, make down. "
         f"Logs: {home.path / 'logs'}")


@contextmanager
def _step(name: str) -> Iterator[Callable[[str], None]]:
    """Tell what is being done, how far it is (to a person only), and how long it took."""
    begun = f"  {name:<14}"
    watched = sys.stdout.isatty()
    print(begun, end="", flush=True)
    began = time.monotonic()

    def tell(text: str) -> None:
        if watched:
            print(f"\r{begun}{text[:60]:<60}\r{begun}", end="", flush=True)

    yield tell
    tell("")
    _say(f"ok {time.monotonic() - began:6.1f} s")


def _say(text: str) -> None:
    print(text, flush=True)
