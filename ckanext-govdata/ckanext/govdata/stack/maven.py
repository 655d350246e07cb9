"""Fetch a file of a Maven repository: whole or not at all, however many fetch it at once.

Which repositories there are and where this account keeps what it fetched is `jgo`'s business; the
fetching is ours. `jgo` writes straight to the place where others look for the file, and asserts
that nobody else made it meanwhile: two first starts of one account ended each other so, without a
word. Here a file comes under a name of its own and gets its real name in one step, when its digest
is right.
"""
from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import requests
from jgo.maven import MavenContext

ATTEMPTS = 5
"""How often a file is asked for before its start is given up."""
FIRST_WAIT = 1.0
"""Seconds before the second attempt; each later one waits twice as long, give or take half."""
TIMEOUT = (20, 120)
"""Seconds to reach a repository, and between two pieces of a file."""
_PIECE = 1 << 16


class Unavailable(Exception):
    """A file that no repository gave; its words say why, each repository by its name."""


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal; empty where there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return ""


def kept(name: str) -> Path:
    """Where this account keeps that file (``M2_REPO``, or ``~/.m2/repository``)."""
    return MavenContext().repo_cache / name


def place(source: Path, target: Path) -> None:
    """Give a file another name as well, or copy it; whoever looks finds the old one or all of it.

    Raises OSError where that cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=target.parent) as folder:
        new = Path(folder) / target.name
        try:
            os.link(source, new)
        except OSError:  # another file system
            shutil.copyfile(source, new)
        new.replace(target)


def bring(name: str, digest: str, target: Path, give_up: threading.Event) -> None:
    """Put the file ``name`` of the repositories (``org/example/tiny/1.0/tiny-1.0.jar``) there.

    Taken from where this account keeps such files, if it is whole there; else fetched, in several
    attempts, and kept there too. ``give_up`` ends the waiting between them. Raises ``Unavailable``
    with the last attempt's reason, and OSError where ``target`` cannot be written.
    """
    own = kept(name)
    if digest_of(own) == digest:
        place(own, target)
        return
    with tempfile.TemporaryDirectory(prefix=".new-", dir=target.parent) as folder:
        new = Path(folder) / target.name
        _fetch(name, digest, new, give_up)
        new.replace(target)
    with contextlib.suppress(OSError):  # kept for other checkouts only: this one has it
        place(target, own)


def _fetch(name: str, digest: str, new: Path, give_up: threading.Event) -> None:
    reason = "not asked"
    for wait in _waits():
        if give_up.wait(wait):
            break
        reasons: list[str] = []
        for repository, address in MavenContext().remote_repos.items():
            reason = _complaint(f"{address}/{name}", digest, new)
            if not reason:
                return
            reasons.append(f"{repository}: {reason}")
        reason = "; ".join(reasons) or "no repository is known"
    raise Unavailable(reason)


def _waits() -> Iterator[float]:
    """Seconds before each attempt; not the same for all who were refused at the same moment."""
    yield 0
    for number in range(ATTEMPTS - 1):
        yield FIRST_WAIT * 2**number * random.uniform(0.5, 1.5)  # noqa: S311


def _complaint(address: str, digest: str, new: Path) -> str:
    """Fetch one file; why that failed, or nothing."""
    total = hashlib.sha256()
    try:
        with requests.get(address, stream=True, timeout=TIMEOUT) as answer, new.open("wb") as file:
            if not answer.ok:
                return f"{address} answered {answer.status_code} {answer.reason or ''}".rstrip()
            for piece in answer.iter_content(_PIECE):
                file.write(piece)
                total.update(piece)
    except requests.RequestException as error:
        told = str(error).strip().splitlines() or ["no further word"]
        return f"{address}: {type(error).__name__}: {told[-1][:300]}"
    if total.hexdigest() != digest:
        return (
            f"{address} gave something that is not the file that was locked "
            f"({new.stat().st_size} bytes; its SHA-256 differs from solr-jars.txt)"
        )
    return ""
