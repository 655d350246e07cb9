"""Solr's jars, by a locked list with digests."""
from __future__ import annotations

import shutil
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import truststore

from . import maven
from .home import template
from .trouble import Trouble

AT_ONCE = 8
"""So many jars are fetched at a time."""


@dataclass(frozen=True)
class Jar:
    """One Maven artifact and the SHA-256 of its jar."""

    group: str
    artifact: str
    version: str
    digest: str

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.artifact}-{self.version}.jar"

    @property
    def path(self) -> str:
        """Where Maven repositories keep it."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.name}"


def locked(text: str | None = None) -> list[Jar]:
    """The list in ``files/solr-jars.txt``: ``group:artifact:version digest``, one a line."""
    lines = (text if text is not None else template("solr-jars.txt")).splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    split = [(coordinates.split(":"), digest) for coordinates, digest in rows]
    return [Jar(group, artifact, version, digest) for (group, artifact, version), digest in split]


def matches(path: Path, jar: Jar) -> bool:
    """Whether the file is there and is exactly that jar."""
    return maven.digest_of(path) == jar.digest


def bring(folder: Path) -> int:
    """Make ``folder`` hold exactly the locked jars; how many were missing.

    Raises Trouble when some cannot be fetched: which, why, and what to do. What was fetched stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    jars = locked()
    names = {jar.name for jar in jars}
    for stray in folder.iterdir():
        if stray.name not in names:
            shutil.rmtree(stray) if stray.is_dir() else stray.unlink()
    believe_system_certificates()
    missing = [jar for jar in jars if not matches(folder / jar.name, jar)]
    _fetch(missing, folder)
    return len(missing)


def believe_system_certificates() -> None:
    """Check servers by the machine's own list, where it has one: it may name a local authority."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile or paths.capath:
        truststore.inject_into_ssl()


def _fetch(missing: list[Jar], folder: Path) -> None:
    """Fetch several at once; the first that is given up ends the others."""
    give_up = threading.Event()
    failed: dict[Jar, Exception] = {}

    def fetch(jar: Jar) -> None:
        if give_up.is_set():
            return
        try:
            maven.bring(jar.path, jar.digest, folder / jar.name, give_up)
        except (maven.Unavailable, OSError) as error:
            failed.setdefault(jar, error)
            give_up.set()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(fetch, missing))
    if failed:
        raise Trouble(_told(failed, folder))


def _told(failed: dict[Jar, Exception], folder: Path) -> str:
    """What failed, why, and what to do."""
    (jar, error), *others = failed.items()
    if isinstance(error, OSError):
        return (
            f"Solr's {jar.name} could not be written to {folder}: {error.strerror or error}. "
            "Make room there, or make the folder writable, and start again."
        )
    more = f"\nWith it, not tried to the end: {', '.join(j.name for j, _e in others)}." * bool(
        others)
    return (
        f"Solr's {jar.name} ({jar.group}:{jar.artifact}:{jar.version}) could not be fetched in "
        f"{maven.ATTEMPTS} attempts. The last one: {error}.{more}\n"
        "Nothing was started; what was fetched is kept, and the next start goes on from there. "
        "Look whether this machine reaches the address above (HTTPS_PROXY names a proxy, "
        "SSL_CERT_FILE the certificates to believe) and start again. On a machine without a "
        f"network, copy the folder {maven.kept('')} from one where the start succeeded."
    )
