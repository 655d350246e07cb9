"""What is checked when CKAN starts."""

from __future__ import annotations

from .. import settings
from .rule_files import check_rules


def check() -> None:
    """Read every jurisdiction, calendar and remedy; raises ``BrokenFile``."""
    check_rules(
        settings.jurisdictions_directory(),
        settings.calendars_directory(),
        settings.remedies_directory(),
    )
