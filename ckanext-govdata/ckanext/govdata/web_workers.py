"""The workers of the web server as others see them: where each answers, and which were replaced.

They share one port, so a request to it says nothing of the one that hangs. Each has a socket of
its own (``front/liveness.py``); the watchdog asks there and writes down whom it ended, the health
page asks there and reads that.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

FOLDER = "GOVDATA_LIVENESS"
"""The environment's name for the folder of the sockets; without it there is none."""
SERVER = "GOVDATA_SERVER"
"""The environment's name for the number of the server's process, whose children the workers are."""
LOOP, THREADS = b"loop\n", b"threads\n"
"""What is said: at once, and as soon as a thread has had a turn since the last question."""
NOTES = "replaced.jsonl"
MOST_NOTES = 50
WHILE = timedelta(hours=1)
"""So long it is told that a worker was replaced."""


def threads() -> int:
    """Threads of a web process in which CKAN answers (the environment's ``GOVDATA_THREADS``)."""
    return int(os.environ.get("GOVDATA_THREADS", "4"))


def folder() -> Path | None:
    """Where this server's workers answer, if they do."""
    name = os.environ.get(FOLDER)
    return Path(name) if name else None


def socket_path(place: Path, pid: int) -> Path:
    """Where the process of that number answers."""
    return place / f"web-{pid}.sock"


def sockets(place: Path) -> Iterator[tuple[Path, int]]:
    """The sockets in the folder, each with the number of the process that made it."""
    for path in place.glob("web-*.sock"):
        yield path, int(path.stem.removeprefix("web-"))


def note_replaced(place: Path, pid: int, line: bytes, at: datetime) -> None:
    """Write down that the worker did not give that line and was ended; a full disk is no error."""
    note = json.dumps({"pid": pid, "silent": line.decode().strip(), "at": at.isoformat()})
    with suppress(OSError):
        path = place / NOTES
        earlier = path.read_text("utf-8").splitlines() if path.exists() else []
        path.write_text("\n".join([*earlier[-MOST_NOTES + 1 :], note, ""]), "utf-8")


def replaced(place: Path, at: datetime) -> Iterator[tuple[datetime, str]]:
    """When a worker was replaced within the last :data:`WHILE`, and what of it did not answer."""
    with suppress(OSError):
        for text in (place / NOTES).read_text("utf-8").splitlines():
            with suppress(ValueError, KeyError):
                note = json.loads(text)
                when = datetime.fromisoformat(note["at"])
                if at - when < WHILE:
                    yield when, note["silent"]


def silent(place: Path, patience: float) -> list[int]:
    """The workers whose loop does not answer within so many seconds."""
    return [pid for path, pid in sockets(place) if not _answers(path, patience)]


def _answers(path: Path, patience: float) -> bool:
    """Whether it says its first line; nobody at all listens where a worker is no more."""
    with socket.socket(socket.AF_UNIX) as asker:
        asker.settimeout(patience)
        try:
            asker.connect(str(path))
            return bool(asker.recv(1))
        except TimeoutError:
            return False
        except OSError:
            return True
