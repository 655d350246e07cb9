"""What is pinned can be installed on the oldest Python that we promise."""

from __future__ import annotations

import re
from collections import Counter
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]


def oldest() -> str:
    """The version that ``setup.py`` names."""
    found = re.search(r'python_requires=">=([\d.]+)"', (ROOT / "setup.py").read_text("utf-8"))
    assert found
    return found.group(1)


def pins(name: str) -> list[Requirement]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith((" ", "#", "-"))]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_what_has_one_version_for_every_python_takes_the_oldest(name: str) -> None:
    """Where newer Pythons have a newer version, the file has a line for each."""
    found = pins(name)
    lines = Counter(one.name for one in found)
    assert len(found) > 10
    refused = {}
    for one in found:
        if lines[one.name] > 1 or "python" in str(one.marker or ""):
            continue
        try:
            wanted = metadata(one.name).get("Requires-Python") or ""
        except PackageNotFoundError:  # of another platform
            assert one.marker, f"{one} is not installed"
            continue
        if not SpecifierSet(wanted).contains(f"{oldest()}.13"):
            refused[str(one)] = wanted
    assert refused == {}
