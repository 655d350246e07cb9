"""What is checked when CKAN starts."""

from __future__ import annotations

from . import triggers


def check() -> None:
    """Read which tables' changes are told; raises ``BrokenFile``."""
    triggers.tables()
