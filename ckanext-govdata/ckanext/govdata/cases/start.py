"""What is checked when CKAN starts."""

from __future__ import annotations

from ..config_reader import gathered
from . import terms
from .engine import declared_procedures
from .pages import letter_seal


def check() -> None:
    """Read every procedure, the terms of use and the seal; raises ``BrokenFile``, ``NoSeal``."""
    gathered([declared_procedures.procedures, terms.terms_of_use])
    letter_seal.check()
