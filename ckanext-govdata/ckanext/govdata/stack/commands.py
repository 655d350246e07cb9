"""What an operator can ask of the stack: up, down, status and their kin."""
from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ..health import probes
from . import portal, ports, postgres, solr, valkey
from .home import Home
from .parts import PARTS, PROCESSES, SERVICES, Part
from .processes import Supervisor, leftovers, sweep, tail

PATIENCE = {"postgres": 120, "valkey": 60, "solr": 90, "web": 90, "worker": 60, "scheduler": 60}
"""Seconds until a part that does not answer counts as failed."""


def up(home: Home, since: float) -> int:
    """Bring everything up and say where it is."""
    supervisor = services(home)
    _migrate(home, home.ini)
    _restart_if_changed(home, supervisor)
    _load_demo(home)
    supervisor.launch(PROCESSES)
    for part in PROCESSES:
        _step(part.label)
        supervisor.await_part(part, lambda part=part: _complaint(home, supervisor, part), PATIENCE[part.name])
        _done()
    _greet(home, since)
    return 0


def services(home: Home) -> Supervisor:
    """PostgreSQL, Valkey and Solr, and both inis; harmless when they run."""
    supervisor = Supervisor(home)
    if not supervisor.is_running():
        sweep(home)
        home.state.ports = ports.choose(home.state.ports)
        home.save()
    postgres.prepare(home)
    valkey.prepare(home)
    _step("Solr's files")
    changed = solr.prepare(home)
    _done()
    portal.write_inis(home)
    if not supervisor.is_running():
        supervisor.start()
    if changed:
        supervisor.halt([part for part in SERVICES if part.name == "solr"])
    supervisor.launch(SERVICES)
    for part in SERVICES:
        _step(part.label)
        supervisor.await_part(part, lambda part=part: _complaint(home, supervisor, part), PATIENCE[part.name])
        _done()
    postgres.create_databases(home)
    return supervisor


def test_services(home: Home, since: float) -> int:
    """The services and the test databases' tables: what `make test` needs."""
    services(home)
    _migrate(home, home.test_ini)
    return 0


def down(home: Home, since: float) -> int:
    """Stop what this stack started, and nothing else."""
    Supervisor(home).stop()
    _say("The portal is down." if not leftovers(home) else "Something would not stop.")
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
        _say(f"{'✗' if complaint else '✓'} {part.label:<14}{states[part.name]:<10}{complaint}")
        if complaint:
            _say(tail(home, part.name))
    _say(f"  {portal.site_url(home)}/")
    return 1 if failed else 0


def url(home: Home, since: float) -> int:
    """Print the portal's address."""
    _say(portal.site_url(home))
    return 0


def ini(home: Home, since: float) -> int:
    """Print the path of the ini."""
    _say(str(home.ini))
    return 0


def test_ini(home: Home, since: float) -> int:
    """Print the path of the tests' ini."""
    _say(str(home.test_ini))
    return 0


def demo_reset(home: Home, since: float) -> int:
    """Put the demo back as it was on the first day."""
    services(home)
    if not portal.has_command(home, "demo", "reset"):
        _say("There is no demo to reset in this version.")
        return 1
    portal.ckan(home, home.ini, "govdata", "demo", "reset", show=True)
    return 0


ALL: dict[str, Callable[[Home, float], int]] = {
    "up": up,
    "down": down,
    "restart": restart,
    "status": status,
    "url": url,
    "ini": ini,
    "test-ini": test_ini,
    "test-services": test_services,
    "demo-reset": demo_reset,
}


def _complaint(home: Home, supervisor: Supervisor, part: Part) -> str:
    """Why a part does not serve, or nothing."""
    probe: dict[str, Callable[[], str]] = {
        "postgres": lambda: probes.postgres(postgres.url(home, "admin", "postgres")),
        "valkey": lambda: probes.valkey(valkey.url(home)),
        "solr": lambda: probes.solr(solr.url(home)),
        "web": lambda: probes.web(portal.local_url(home)),
    }
    state = supervisor.states()[part.name]
    if state not in ("RUNNING", "STARTING"):
        return f"the process is not running ({state.lower()})"
    if part.name in probe:
        return probe[part.name]()
    return "the process is starting" if state == "STARTING" else ""


def _migrate(home: Home, ini: Path) -> None:
    _step("Tables")
    portal.migrate(home, ini)
    _done()


def _load_demo(home: Home) -> None:
    """The demo's own command knows what is there already; the first time it is all of it."""
    stamp = home.path / "demo-loaded"
    if stamp.exists() or not portal.has_command(home, "demo", "load"):
        return
    _step("Demo data")
    portal.ckan(home, home.ini, "govdata", "demo", "load")
    stamp.touch()
    _done()


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
    _say(f"\n  政务数据开放平台  {portal.site_url(home)}/\n")
    if portal.has_command(home, "demo", "accounts"):
        _say(portal.ckan(home, home.ini, "govdata", "demo", "accounts"))
    _say(f"  Up after {time.time() - since:.0f} s. `make status`, `make down`; logs in {home.path / 'logs'}")


_began = 0.0


def _step(name: str) -> None:
    global _began
    _began = time.monotonic()
    print(f"  {name:<14}", end="", flush=True)  # noqa: T201


def _done() -> None:
    _say(f"ok  {time.monotonic() - _began:5.1f} s")


def _say(text: str) -> None:
    print(text, file=sys.stdout, flush=True)  # noqa: T201
