"""The procedures that the folders in ``schemas/procedures`` declare, checked when read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from ... import config_reader, slices
from ...domain import declaration
from ...domain.elapse import Unjudgeable
from ...domain.hindrance import OPTION
from ...domain.letter import LAW, NAMED
from ...domain.node import Flaw
from ...domain.procedure import Field, Procedure, Role
from ...rules import in_force
from ..model import CaseEventRow, CaseRow
from .case_rules import (
    GRANT_IS_SUSPENDED,
    JUDGES_AS,
    OPENNESS_OFFICE,
    OVERDUE,
    PARTIES_ASKED,
    REPRESENTED,
    SUPERIORS,
    UNPROVIDED,
    StandingRow,
)

if TYPE_CHECKING:
    from importlib.abc import Traversable

OPTIONS = (
    "one_step", OPTION, REPRESENTED, OVERDUE, UNPROVIDED, PARTIES_ASKED, OPENNESS_OFFICE,
    GRANT_IS_SUSPENDED, *JUDGES_AS.values(), *SUPERIORS.values(),
)  # fmt: skip
"""When more is possible: where the jurisdiction chooses it (``ckanext.govdata.cases.one_step``),
where the data cannot be given any more (``domain/hindrance.py``), where somebody without an
account applied at a counter, where the answer or what was granted is late, by who
judges objections, where third parties were asked, where the grant is suspended, where an openness
office reviews, and where nobody here stands above both departments."""


class Undeclared(Unjudgeable):
    """The procedure of a case, its present state or its running clock is in no file any more."""


def procedure_of(row: CaseRow | StandingRow) -> Procedure:
    """The procedure of a case, which knows where the case stands and which clock it waits for.

    Raises ``Undeclared`` where it does not, or where there is none. What the case has behind it
    may have been renamed since: that is shown as it was recorded.
    """
    procedure = procedures().get(row.kind)
    if procedure is None or row.state not in procedure.states:
        raise Undeclared(f"no file declares a procedure {row.kind} with a state {row.state}")
    if row.due_clock and row.due_clock not in procedure.clocks:
        raise Undeclared(f"no file declares a procedure {row.kind} with a clock {row.due_clock}")
    return procedure


def goes_on(procedure: Procedure, events: Iterable[CaseEventRow]) -> bool:
    """Whether a case can be acted on: every command that it was given is still declared.

    Where one is not, the events do not say what it did, such as that it was received; the case
    can be read.
    """
    return all(not one.command or one.command in procedure.commands for one in events)


def known_names() -> declaration.Known:
    """What folders may name: what slices register, and what jurisdictions set."""
    return declaration.Known(
        effects=slices.registered("effects"),
        terms=in_force.rulebook().term_names(),
        options=OPTIONS,
        checks=slices.registered("checks"),
        prefills=slices.registered("prefills"),
        topics=slices.registered("case_subjects"),
        outside={LAW: in_force.remedies().law, NAMED: in_force.own_names()},
    )


@lru_cache(maxsize=1)
def procedures() -> dict[str, Procedure]:
    """Every procedure by its kind; raises ``BrokenFile`` with every flaw, by file and line."""
    root = config_reader.file("procedures", config_reader.SCHEMAS)
    folders = sorted((one for one in root.iterdir() if one.is_dir()), key=lambda one: one.name)
    return read(one for one in folders if not one.name.startswith(("_", ".")))


def starting_from(place: str) -> list[Procedure]:
    """The procedures whose cases begin at that place."""
    return [one for one in procedures().values() if place in one.starts_from]


def acted_in_by(role: Role) -> list[str]:
    """The kinds of the procedures in which somebody in that role ever does something."""
    found = procedures().values()
    return [one.kind for one in found if any(role in each.by for each in one.commands.values())]


def decided_in_public() -> list[Procedure]:
    """The procedures whose decisions everybody sees, each for itself: those for data first."""
    found = (one for one in procedures().values() if one.words.counted)
    return sorted(found, key=lambda one: (not one.gives_data, one.kind))


def read(folders: Iterable[Traversable]) -> dict[str, Procedure]:
    """The procedures that these folders declare, by kind; the same errors."""
    flaws: list[Flaw] = []
    found: dict[str, Procedure] = {}
    known = known_names()
    for folder in folders:
        found_here = (one for one in folder.iterdir() if one.name.endswith(".yaml"))
        files = sorted(found_here, key=lambda one: one.name)
        tops = [top for one in files if (top := config_reader.open_file(one, flaws))]
        procedure = declaration.parse(tops, known, folder.name)
        if procedure:
            found[procedure.kind] = procedure
        elif not tops:
            flaws.append(Flaw(str(folder), 1, "no file here declares a procedure"))
    if flaws:
        raise config_reader.BrokenFile(flaws)
    return found


def fields_of(kind: str) -> Iterable[Field]:
    """The fields of a procedure; none where no file declares it any more."""
    found = procedures().get(kind)
    return found.fields.values() if found else ()
