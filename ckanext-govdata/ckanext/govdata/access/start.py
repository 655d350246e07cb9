"""What is checked when CKAN starts."""

from __future__ import annotations

from . import power_rules


def check() -> None:
    """Read who may set what; raises ``BrokenFile``."""
    power_rules.powers()
