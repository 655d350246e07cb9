"""The parts of a stack: what each one executes, and how it is asked to stop."""
from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ..stack_mark import MARK
from ..web_workers import FOLDER
from . import mail_server, postgres, solr, valkey
from .home import Home


@dataclass(frozen=True)
class Part:
    """One supervised process; ``patience`` in seconds before it is killed."""

    name: str
    label: str
    signal: str = "TERM"
    patience: int = 20
    group: bool = False


SERVICES = (
    Part("postgres", "PostgreSQL", signal="INT", patience=60),
    Part("valkey", "Valkey"),
    Part("solr", "Solr", patience=30),
)
PROCESSES = (
    Part("mail", "Letters"),
    Part("web", "CKAN web"),
    Part("worker", "CKAN worker"),
    Part("scheduler", "Scheduler"),
)
PARTS = SERVICES + PROCESSES


def environment(home: Home) -> dict[str, str]:
    """What every part runs with: UTF-8 whatever the machine's locale, our ini, our mark."""
    programs = str(Path(sys.executable).parent)
    return {
        **os.environ,
        MARK: home.state.id,
        "GOVDATA_HOME": str(home.path),
        "CKAN_INI": str(home.ini),
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "",
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def execute(home: Home, name: str) -> NoReturn:
    """Become that part; called by the supervisor through ``run/part``."""
    programs = Path(sys.executable).parent
    ckan = [str(programs / "ckan"), "-c", str(home.ini)]
    environ = environment(home)
    if name == "postgres":
        postgres.end_orphans(home)
        command, folder, account = postgres.command(home)
        os.chdir(folder)
        if account:
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
        environ["LC_ALL"] = "C"
    else:
        command, folder = {
            "valkey": lambda: (valkey.command(), home.path / "valkey"),
            "solr": lambda: (solr.command(home), home.path / "solr"),
            "mail": lambda: (mail_server.command(home), home.path),
            "web": lambda: (_web(home), home.path),
            "worker": lambda: ([*ckan, "jobs", "worker"], home.path),
            "scheduler": lambda: ([*ckan, "govdata", "schedule", "run"], home.path),
        }[name]()
        os.chdir(folder)
    if name == "web":
        environ[FOLDER] = "run"  # relative: the path of a socket has room for a hundred letters
    os.execve(command[0], command, environ)


def _web(home: Home) -> list[str]:
    return [
        *(sys.executable, "-m", "ckanext.govdata.front.watchdog"),
        *(sys.executable, "-m", "ckanext.govdata.front.server"),
        *("--host", os.environ.get("GOVDATA_HOST", "127.0.0.1")),
        *("--port", str(home.port("web"))),
        *("--workers", os.environ.get("GOVDATA_WORKERS", "2")),
    ]
