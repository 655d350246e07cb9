"""What is checked when CKAN starts."""

from __future__ import annotations

from ..config_reader import gathered
from . import power_rules, reports


def check() -> None:
    """Read who may set what, and the form of use reports; raises ``BrokenFile``."""
    gathered([power_rules.powers, reports.fields])
