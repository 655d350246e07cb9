"""The state of every part, as the running CKAN sees it."""
from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import TypedDict

import ckan.lib.jobs as queues
import ckan.model as model
from ckan.lib.redis import connect_to_redis
from rq import Worker
from sqlalchemy.exc import SQLAlchemyError

from .. import now, settings, web_workers
from ..cases.time import days_notice
from ..notices import mail_delivery
from ..scheduler import timetable
from ..scheduler.timetable import JobRun
from ..security import keys
from ..stack_mark import MARK
from . import migrations, probes

WORKER_SILENCE = 480
"""Seconds after which a worker that gave no sign counts as dead; RQ's own beat is 420 s at most."""
OF_POSTGRES = {"keys", "migrations"}
"""Parts that would wait for a database that hangs."""
SOCKET_PATIENCE = 2.0
"""Seconds that a web worker has to answer on its own socket."""


class PartHealth(TypedDict):
    """How one part is, and why where it is not well."""

    ok: bool
    why: str


class HealthReport(TypedDict):
    """Whether the portal is fit to serve, part by part, and what somebody must look at."""

    ok: bool
    at: str
    stack: str
    parts: dict[str, PartHealth]
    jobs: dict[str, JobRun | None]
    warnings: list[str]


def examine() -> HealthReport:
    """``{"ok": bool, "parts": {name: {"ok": bool, "why": str}}, "jobs": …, "warnings": […]}``.

    Never raises. What is warned of does not make the portal unfit to serve.
    """
    checks: dict[str, Callable[[], str]] = {
        "postgres": lambda: probes.postgres(settings.database_url()),
        "datastore": lambda: probes.postgres(settings.datastore_url()),
        "solr": lambda: probes.solr(settings.solr_url()),
        "valkey": lambda: probes.valkey(settings.redis_url()),
        "worker": _worker,
        "scheduler": _scheduler,
        "disk": lambda: probes.disk(Path(settings.storage_path()), settings.least_free_space()),
        "keys": keys.for_health,
        "migrations": lambda: migrations.complaint(settings.database_url()),
    }
    parts: dict[str, PartHealth] = {}
    for name, check in checks.items():
        asked = name not in OF_POSTGRES or parts["postgres"]["ok"]
        parts[name] = _answer(check) if asked else _unknown(parts["postgres"]["why"])
    ok = all(part["ok"] for part in parts.values())
    return {
        "ok": ok,
        "at": now.now().isoformat(),
        "stack": os.environ.get(MARK, ""),
        "parts": parts,
        "jobs": _jobs(parts),
        "warnings": _warnings(parts),
    }


def _unknown(why: str) -> PartHealth:
    return {"ok": False, "why": f"cannot be asked: {why}"}


def _answer(check: Callable[[], str]) -> PartHealth:
    try:
        why = check()
    except Exception as error:  # a check that cannot be made is a part that is not well
        why = f"could not be checked: {type(error).__name__}"
    return {"ok": not why, "why": why}


def _worker() -> str:
    if why := probes.valkey(settings.redis_url()):
        return f"cannot be asked: {why}"
    prefix = queues.add_queue_name_prefix("")
    for worker in Worker.all(connection=connect_to_redis()):
        beat = worker.last_heartbeat
        ours = any(name.startswith(prefix) for name in worker.queue_names())
        if ours and beat and (now.real() - _aware(beat)).total_seconds() < WORKER_SILENCE:
            return ""
    return "no worker listens to the queue; is `ckan jobs worker` started?"


def _scheduler() -> str:
    if why := probes.valkey(settings.redis_url()):
        return f"cannot be asked: {why}"
    if not timetable.last_beat():
        return "gave no sign of life for a minute; is `ckan govdata schedule run` started?"
    return ""


def _jobs(parts: Mapping[str, PartHealth]) -> dict[str, JobRun | None]:
    return timetable.last_runs() if parts["valkey"]["ok"] else {}


def _warnings(parts: Mapping[str, PartHealth]) -> list[str]:
    """What somebody must look at, though the portal serves; of what can be asked now."""
    found = [*_web_workers(), *(timetable.warnings() if parts["valkey"]["ok"] else [])]
    if parts["postgres"]["ok"] and parts["migrations"]["ok"]:
        with suppress(SQLAlchemyError):  # it went away since it was asked
            found += [*timetable.late(), *mail_delivery.warnings()]
            found += days_notice.warnings(model.Session)
    return found


def _web_workers() -> Iterator[str]:
    """Those that do not answer now, and how often one was replaced within the last hour."""
    place = web_workers.folder()
    if place is None:
        return
    for pid in web_workers.silent(place, SOCKET_PATIENCE):
        yield f"web: worker {pid} does not answer; it is replaced after 20 seconds"
    ended = list(web_workers.replaced(place, now.real()))
    if ended:
        when, silent = ended[-1]
        at = now.in_beijing(when).isoformat(timespec="seconds")
        yield (
            f"web: a worker that did not answer ({silent}) was replaced at {at}; "
            f"{len(ended)} within the last hour"
        )


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=timezone.utc)
