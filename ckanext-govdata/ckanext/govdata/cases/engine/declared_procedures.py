"""The procedures that the files in ``schemas/`` declare, checked when read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from ... import config_reader
from ...domain import declaration
from ...domain.elapse import Unjudgeable
from ...domain.hindrance import OPTION
from ...domain.node import Flaw
from ...domain.procedure import Procedure
from ...rules import in_force
from .effects import EFFECTS

OPTIONS = ("one_step", OPTION)
"""When more is possible: where the jurisdiction chooses it (``ckanext.govdata.cases.one_step``),
and where the data cannot be given any more (``domain/hindrance.py``)."""


class Undeclared(Unjudgeable):
    """The procedure of a case, its present state or its running clock is in no file any more."""


def procedure_of(row: Any) -> Procedure:
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


def goes_on(procedure: Procedure, events: Iterable[Any]) -> bool:
    """Whether a case can be acted on: every command that it was given is still declared.

    Where one is not, the events do not say what it did, such as that it was received; the case
    can be read.
    """
    return all(not one.command or one.command in procedure.commands for one in events)


@lru_cache(maxsize=1)
def procedures() -> dict[str, Procedure]:
    """Every procedure by its kind; raises ``BrokenFile`` with all that is wrong, by line."""
    terms = in_force.rulebook().term_names()
    flaws: list[Flaw] = []
    found: dict[str, Procedure] = {}
    for source in config_reader.folder("procedures", config_reader.SCHEMAS):
        top = config_reader.open_file(source, flaws)
        if top:
            procedure = declaration.parse(top, EFFECTS, terms, OPTIONS)
            found[procedure.kind] = procedure
    if flaws:
        raise config_reader.BrokenFile(flaws)
    return found
