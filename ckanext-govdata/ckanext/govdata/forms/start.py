"""What is checked when CKAN starts."""

from __future__ import annotations

from . import form_reader


def check() -> None:
    """Read every form of ``schemas/forms``; raises ``BrokenFile``."""
    form_reader.every()
