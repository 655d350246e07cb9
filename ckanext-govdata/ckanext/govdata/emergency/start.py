"""What is checked when CKAN starts."""

from __future__ import annotations

from .bans import bans
from .kinds import types


def check() -> None:
    """Read the types and the bans; raises ``BrokenFile`` with file and line."""
    types()
    bans()
