"""What is checked when CKAN starts."""

from __future__ import annotations

from . import bodies


def check() -> None:
    """Read the kinds of parameters; raises ``BrokenFile``."""
    bodies.declaration()
