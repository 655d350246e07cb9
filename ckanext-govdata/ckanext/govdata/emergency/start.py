"""What is checked when CKAN starts."""

from __future__ import annotations

from ..config_reader import gathered
from .event import opening_bases
from .event.kinds import types
from .publication.bans import bans


def check() -> None:
    """Read the types, the bases and the bans; raises ``BrokenFile``."""
    gathered([types, opening_bases.every, bans])
