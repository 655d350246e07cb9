"""Imports that an officer started on the web: a private folder each, a job, its state.

The folder holds the sheet and one JSON file that says how far the import is; it is only ever
served to the officer who made it, and goes when the import is done, given up, or a day old.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan import model
from ckan.types import Context
from flask import current_app, has_app_context
from redis.exceptions import RedisError

from ... import leftover_files, now, settings
from ..action import LOCAL_FILE, PROGRESS
from .refused_files import MAX_FILE_BYTES

AT_ONCE = 2**20
"""A sheet up to this many bytes is looked through at once when the queue is down."""
FOLDER = "govdata-imports"
_ID = re.compile(r"[0-9a-f]{32}")
RUNNING = ("waiting", "reading", "writing")
SILENT = 900
"""Seconds without a word after which a job that was at work is taken for dead."""


@dataclass
class Import:
    """One import. ``state`` is ``waiting``, ``reading``, ``writing``, ``looked``, ``done`` or
    ``failed``; ``done`` counts entries."""

    id: str
    user: str
    filename: str
    options: dict[str, Any]
    language: str
    state: str = "waiting"
    done: int = 0
    answer: dict[str, Any] = field(default_factory=dict[str, Any])
    error: str = ""

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return root() / self.id

    @property
    def sheet(self) -> Path:
        """The uploaded file."""
        return self.folder / "sheet"

    @property
    def is_running(self) -> bool:
        """Whether a job works on it or will."""
        return self.state in RUNNING

    def save(self) -> None:
        """Write the state so that a reader sees the old or the new one, never half of it."""
        new = self.folder / f"state.{uuid.uuid4().hex}"
        new.write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")
        said = now.now().timestamp()  # by the portal's clock, which a trial moves
        os.utime(new, (said, said))
        new.replace(self.folder / "state.json")

    def delete(self) -> None:
        """Remove the sheet and the state."""
        shutil.rmtree(self.folder, ignore_errors=True)


def root() -> Path:
    """The private folder of all imports."""
    folder = Path(settings.storage_path()) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def start(user: str, upload: Any, options: dict[str, Any]) -> Import:
    """Keep the uploaded sheet and have it looked through; raises ``ValidationError``."""
    leftover_files.delete(root().iterdir())  # they count among those that are open
    had, most = _open_imports(user), settings.imports_per_person()
    if had >= most:
        message = tk._(
            "You have {had} imports open; at most {most} may be. Finish one or give it up."
        )
        raise tk.ValidationError({"upload": [message.format(had=had, most=most)]})
    name = Path(str(upload.filename or "")).name[:100]
    made = Import(uuid.uuid4().hex, user, name, options, str(tk.h.lang()))
    made.folder.mkdir(mode=0o700)
    with made.sheet.open("wb") as file:
        while piece := upload.stream.read(2**20):
            if file.tell() + len(piece) > MAX_FILE_BYTES:
                made.delete()
                limit = MAX_FILE_BYTES // 2**20
                message = tk._("The file is too large: at most {limit} MiB").format(limit=limit)
                raise tk.ValidationError({"upload": [message]})
            file.write(piece)
    made.save()
    _enqueue(made, dry_run=True)
    return made


def _open_imports(user: str) -> int:
    """How many imports of this user are neither done nor given up."""
    states = [_state(folder) for folder in root().iterdir()]
    return sum(one.get("user") == user and one.get("state") != "done" for one in states)


def _state(folder: Path) -> dict[str, Any]:
    try:
        return json.loads((folder / "state.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def confirm(found: Import, partial: bool, confirmed: str) -> None:
    """Import what was looked through; ``confirmed`` are the numbers that were ticked."""
    found.options |= {"partial": partial, "confirmed": confirmed}
    found.state, found.done = "waiting", 0
    found.save()
    _enqueue(found, dry_run=False)


def get(import_id: str, user: str) -> Import | None:
    """The user's import of that id; nobody else's."""
    if not _ID.fullmatch(import_id):
        return None
    try:
        data = json.loads((root() / import_id / "state.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    found = Import(**data)
    if found.user != user:
        return None
    if found.state in ("reading", "writing") and _silence(found) > SILENT:
        found.state = "failed"
        found.error = tk._(
            "The import broke off. Send the sheet again: what was written already is not changed."
        )
    return found


def _silence(found: Import) -> float:
    """Seconds since the job last said how far it is."""
    return now.now().timestamp() - (found.folder / "state.json").stat().st_mtime


def _enqueue(made: Import, dry_run: bool) -> None:
    try:
        tk.enqueue_job(run, [made.id, dry_run], title=f"catalogue import {made.id}")
    except (RedisError, OSError) as error:
        if made.sheet.stat().st_size > AT_ONCE:
            made.delete()
            message = tk._("The queue does not answer; try again later or send a smaller sheet")
            raise tk.ValidationError({"upload": [message]}) from error
        run(made.id, dry_run)


def run(import_id: str, dry_run: bool) -> None:
    """The job: look through the sheet, or import it; in the officer's language."""
    data = json.loads((root() / import_id / "state.json").read_text("utf-8"))
    found = Import(**data)
    overrides = {"CKAN_LANG": found.language, "CKAN_CURRENT_URL": "/"}
    with _application().test_request_context(environ_overrides=overrides):
        _run(found, dry_run)


def _application() -> Any:
    """The Flask application: of the request, or of the ``ckan jobs worker`` that runs the job."""
    if has_app_context():
        return current_app
    return click.get_current_context().meta["flask_app"]


def _run(found: Import, dry_run: bool) -> None:
    user = model.User.get(found.user)
    if user is None or user.state != "active":
        found.delete()
        return
    last = 0.0

    def tell(what: str, done: int) -> None:
        nonlocal last
        if time.monotonic() - last > 0.5:
            last = time.monotonic()
            found.state, found.done = what, done
            found.save()

    context = Context(
        user=user.name, auth_user_obj=user, **{LOCAL_FILE: found.sheet, PROGRESS: tell}
    )
    try:
        answer = tk.get_action("govdata_catalogue_import")(
            context, {**found.options, "dry_run": dry_run}
        )
        found.answer = answer
        found.state = "done" if answer["written"] else "looked"
    except tk.ValidationError as error:
        found.state, found.error = "failed", "; ".join(str(e) for e in error.error_summary.values())
    except tk.NotAuthorized as error:
        found.state, found.error = "failed", str(error)
    except Exception:
        found.state = "failed"
        found.error = tk._("The import failed; the operator finds the reason in the log")
        found.save()
        raise
    found.save()
    if found.state != "looked":
        found.sheet.unlink(missing_ok=True)
