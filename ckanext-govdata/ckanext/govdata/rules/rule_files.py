"""Where the rules' files stand, and the one loaded copy of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from ..config_reader import CONFIG, BrokenFile, gathered
from ..domain.calendar import Calendar
from ..domain.node import Flaw
from ..domain.remedy import Remedies
from ..domain.rulebook import Rulebook
from .calendar_files import read_calendar
from .ground_files import GroundList, read_grounds
from .jurisdiction_files import read_rulebook
from .remedy_files import read_remedies


@lru_cache(maxsize=4)
def load_rulebook(extra: str = "") -> Rulebook:
    """The packaged jurisdictions, overlaid by the operator's directory ``extra``."""
    return read_rulebook(overlay("jurisdictions", extra))


@lru_cache(maxsize=4)
def load_calendar(extra: str = "") -> Calendar:
    """The packaged calendars, overlaid by the operator's directory ``extra``."""
    return read_calendar(overlay("calendars", extra))


def calendar_with(path: Path, extra: str = "") -> Calendar:
    """The calendar as it would be with one more file; raises ``BrokenFile``."""
    others = [one for one in overlay("calendars", extra) if one.name != path.name]
    return read_calendar([*others, path])


class KeptCalendar:
    """The calendar of the operator's directory, read again when a file is put there, so that a
    notice counts at once; a file that cannot be read changes nothing, and is told."""

    def __init__(self, extra: str) -> None:
        self.extra, self.flaws = extra, ""
        self._stamp = self._now()
        self._kept = load_calendar(extra)

    def calendar(self) -> Calendar:
        """As the directory has it now, or as it was last right."""
        stamp = self._now()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._kept, self.flaws = read_calendar(overlay("calendars", self.extra)), ""
            except (BrokenFile, OSError) as broken:
                self.flaws = str(broken)
        return self._kept

    def _now(self) -> tuple[tuple[str, int, int], ...]:
        """Name, time and size of each file: one that is still being written is read again."""
        try:
            files = sorted(Path(self.extra).glob("*.yaml")) if self.extra else []
            states = [(file.name, file.stat()) for file in files]
        except OSError:  # taken away in this moment
            return ()
        return tuple((name, state.st_mtime_ns, state.st_size) for name, state in states)


@lru_cache(maxsize=4)
def kept_calendar(extra: str) -> KeptCalendar:
    """The one of that directory."""
    return KeptCalendar(extra)


@lru_cache(maxsize=4)
def load_remedies(extra: str = "") -> Remedies:
    """What the law gives whoever does not agree, overlaid by the operator's directory ``extra``."""
    return read_remedies(overlay("remedies", extra))


@lru_cache(maxsize=4)
def load_grounds(jurisdictions: str = "") -> GroundList:
    """On what a request may be refused; the places are those of the rulebook."""
    return read_grounds(frozenset(load_rulebook(jurisdictions).versions))


def check_rules(jurisdictions: str = "", calendars: str = "", remedies: str = "") -> None:
    """Load everything; raises one ``BrokenFile`` with the flaws of all files."""
    gathered([
        lambda: load_rulebook(jurisdictions),
        lambda: load_calendar(calendars),
        lambda: load_remedies(remedies),
        lambda: load_grounds(jurisdictions),
    ])


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
