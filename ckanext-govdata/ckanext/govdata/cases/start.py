"""What is checked when CKAN starts."""

from __future__ import annotations

from ..config_reader import gathered
from . import terms
from .engine import declared_procedures


def check() -> None:
    """Read every procedure and the terms of use; raises ``BrokenFile``."""
    gathered([declared_procedures.procedures, terms.terms_of_use])
