"""The rules of this portal. Public to other slices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from .. import settings
from ..domain.calendar import Calendar
from ..domain.ground import Grounds, GroundUse
from ..domain.instrument import NATIONAL, PORTAL
from ..domain.locales import Label
from ..domain.refusal import Refusal
from ..domain.remedy import Remedies
from ..domain.rulebook import LapseWarning, Rulebook
from . import rule_files
from .ground_files import known_titles
from .rule_files import kept_calendar, load_grounds, load_remedies, load_rulebook


def rulebook() -> Rulebook:
    """Every jurisdiction, the operator's files included."""
    return load_rulebook(settings.jurisdictions_directory())


def calendar() -> Calendar:
    """The working-day calendar, the operator's files included."""
    return kept_calendar(settings.calendars_directory()).calendar()


def calendar_with(path: Path) -> Calendar:
    """The calendar as it would be with one more file; raises ``BrokenFile``."""
    return rule_files.calendar_with(path, settings.calendars_directory())


def calendar_flaws() -> str:
    """Why a file that was put into the operator's directory is not read; empty where all are."""
    return kept_calendar(settings.calendars_directory()).flaws


def own_names() -> Mapping[str, Label]:
    """What attributes are called where no text names them."""
    return rulebook().versions[PORTAL][-1].names


def remedies() -> Remedies:
    """What the law gives whoever does not agree, the operator's files included."""
    return load_remedies(settings.remedies_directory())


def grounds(jurisdiction: str, day: date, use: GroundUse = GroundUse.REQUEST) -> Grounds:
    """On what a request for data there may be refused, or an entry be not wholly open or shared:
    what binds on that day."""
    grounds = load_grounds(settings.jurisdictions_directory())
    return grounds.of(rulebook(), jurisdiction, day, use)


def titles() -> tuple[str, ...]:
    """Titles and numbers of every text that the portal knows, whether it binds or not."""
    return known_titles(rulebook())


def lapsing(day: date) -> tuple[LapseWarning, ...]:
    """Texts that the operator has to see to: they lapse soon, or have lapsed."""
    rules = rulebook()
    ruling = rules.clause(NATIONAL, "lapse_warning", day)
    within = 0 if isinstance(ruling, Refusal) else int(str(ruling.clause.values["days_before"]))
    return rules.lapsing(day, within)
