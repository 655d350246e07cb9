"""What is checked when CKAN starts."""

from __future__ import annotations

from . import declared, terms


def check() -> None:
    """Read every procedure and the terms of use; raises ``BrokenFile`` with file and line."""
    declared.procedures()
    terms.terms_of_use()
