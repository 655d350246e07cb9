"""Where the rules' files stand, and the one loaded copy of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from ..config_reader import CONFIG, BrokenFile, gathered
from ..domain.calendar import Calendar
from ..domain.node import Flaw
from ..domain.rulebook import Rulebook
from .calendar_files import read_calendar
from .jurisdiction_files import read_rulebook


@lru_cache(maxsize=4)
def load_rulebook(extra: str = "") -> Rulebook:
    """The packaged jurisdictions, overlaid by the operator's directory ``extra``."""
    return read_rulebook(overlay("jurisdictions", extra))


@lru_cache(maxsize=4)
def load_calendar(extra: str = "") -> Calendar:
    """The packaged calendars, overlaid by the operator's directory ``extra``."""
    return read_calendar(overlay("calendars", extra))


def check_rules(jurisdictions: str = "", calendars: str = "") -> None:
    """Load everything; raises one ``BrokenFile`` with the flaws of all files."""
    gathered([lambda: load_rulebook(jurisdictions), lambda: load_calendar(calendars)])


def overlay(kind: str, extra: str = "") -> list[Path]:
    """The YAML files of ``config/<kind>``; a file of the same name in ``extra`` replaces ours."""
    chosen = {path.name: path for path in _yaml(Path(str(files(CONFIG) / kind)))}
    if extra:
        directory = Path(extra)
        if not directory.is_dir():
            raise BrokenFile([Flaw(extra, 1, f"this directory of {kind} does not exist")])
        chosen.update({path.name: path for path in _yaml(directory)})
    return [chosen[name] for name in sorted(chosen)]


def _yaml(directory: Path) -> Iterable[Path]:
    return directory.glob("*.yaml")
