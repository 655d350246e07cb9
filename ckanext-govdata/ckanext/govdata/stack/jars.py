"""Solr's jars, by a locked list with digests."""
from __future__ import annotations

import hashlib
import os
import shutil
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import truststore

from .home import template
from .trouble import Trouble


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


def locked(text: str | None = None) -> list[Jar]:
    """The list in ``files/solr-jars.txt``: ``group:artifact:version digest``, one a line."""
    lines = (text if text is not None else template("solr-jars.txt")).splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    split = [(coordinates.split(":"), digest) for coordinates, digest in rows]
    return [Jar(group, artifact, version, digest) for (group, artifact, version), digest in split]


def matches(path: Path, jar: Jar) -> bool:
    """Whether the file is there and is exactly that jar."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == jar.digest


def bring(folder: Path) -> int:
    """Make ``folder`` hold exactly the locked jars; how many were missing.

    Raises Trouble when one cannot be fetched or is not the file that was locked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    jars = locked()
    names = {jar.name for jar in jars}
    for stray in folder.iterdir():
        if stray.name not in names:
            stray.unlink()
    believe_system_certificates()
    missing = [jar for jar in jars if not matches(folder / jar.name, jar)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda jar: _fetch(jar, folder / jar.name), missing))
    return len(missing)


def believe_system_certificates() -> None:
    """Check servers by the machine's own list, where it has one: it may name a local authority."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile or paths.capath:
        truststore.inject_into_ssl()


def _fetch(jar: Jar, target: Path) -> None:
    from jgo.maven import MavenContext

    project = MavenContext(timeout=120).project(jar.group, jar.artifact)
    artifact = project.at_version(jar.version).artifact()
    for _attempt in range(2):
        try:
            source = Path(artifact.resolve())
        except Exception as error:  # jgo passes on whatever its HTTP client raises
            raise Trouble(
                f"Solr's {jar.name} could not be fetched from the Maven repository: {error}"
            ) from error
        if matches(source, jar):
            _place(source, target)
            return
        source.unlink()  # a broken copy in the local repository: once more, from afar
    raise Trouble(
        f"{jar.name} is not the file that was locked (SHA-256 differs from solr-jars.txt). "
        "Nothing was started; check the Maven repository that this machine uses."
    )


def _place(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    new = target.with_suffix(".new")
    new.unlink(missing_ok=True)
    try:
        os.link(source, new)
    except OSError:  # another file system
        shutil.copyfile(source, new)
    new.replace(target)
