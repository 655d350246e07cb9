"""Small disks of their own for the parts that keep something, so that they can be full.

They are memory file systems, which only root may mount; where that is not allowed there are none,
and the table says so. The power is never cut, so nothing hangs on what stands behind them.
"""
from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

SIZES = {"storage": "600m", "solr": "500m", "valkey": "48m"}
"""PostgreSQL's stands where its home says; it has 900 MiB."""
POSTGRES = "900m"
FILLER = "filler"


@dataclass
class Disks:
    """Those that could be mounted, by the name of their part."""

    mounted: dict[str, Path] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Whose disk can be full."""
        return sorted(self.mounted)

    def mount(self, folders: Mapping[str, tuple[Path, str]]) -> None:
        """Give each of these folders a disk of that size."""
        for name, (folder, size) in folders.items():
            folder.mkdir(parents=True, exist_ok=True)
            options = ["-t", "tmpfs", "-o", f"size={size},mode=0755", "chaos", str(folder)]
            if os.path.ismount(folder) or _run("mount", *options):
                self.mounted[name] = folder

    def unmount(self, folders: Mapping[str, tuple[Path, str]]) -> None:
        """Give them back, also those of a trial before."""
        for name, (folder, _) in folders.items():
            if os.path.ismount(folder) and _run("umount", "--lazy", str(folder)):
                self.mounted.pop(name, None)

    @contextmanager
    def filled(self, name: str) -> Iterator[int]:
        """There is no room on that disk; how many bytes took it."""
        filler = self.mounted[name] / FILLER
        taken = 0
        try:
            with filler.open("wb") as file, suppress(OSError):
                while True:
                    taken += file.write(b"\0" * 2**20)
            with filler.open("ab") as file, suppress(OSError):
                while True:
                    taken += os.write(file.fileno(), b"\0" * 512)
            yield taken
        finally:
            filler.unlink(missing_ok=True)


def of_home(folder: Path, state: str) -> dict[str, tuple[Path, str]]:
    """Where the parts of a home keep what they keep, and how much room each has."""
    found = {name: (folder / name, size) for name, size in SIZES.items()}
    if os.geteuid() == 0:
        found["postgres"] = (Path("/var/lib/govdata") / state, POSTGRES)
    return found


def _run(*words: str) -> bool:
    try:
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
