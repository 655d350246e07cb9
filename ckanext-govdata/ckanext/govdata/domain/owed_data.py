"""What is owed after a decision: that what it gives can be fetched (Yaohai 17: the data is opened
within the term of the answer; Regulations on the Sharing of Government Data 22).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from . import clock_moves
from .case import NO_LONGER_OWED, PROVIDED, Case, CaseEvent
from .field_part import FieldPart
from .procedure import Command, Until


def files_given(case: Case, decided: Mapping[str, Any]) -> frozenset[str]:
    """The files that a decision gives: those that it names, or else those that were asked for."""
    said = case.procedure.by_part({**case.answers, **decided})
    return frozenset(said.get(FieldPart.FILES, ()))


def is_owed(case: Case, decided: Mapping[str, Any], fetchable: Collection[str]) -> bool:
    """Whether nothing of what a decision gives can be fetched yet."""
    return files_given(case, decided).isdisjoint(fetchable)


def owing(
    case: Case, command: Command, decided: Mapping[str, Any], fetchable: Collection[str]
) -> frozenset[str]:
    """The clocks that a command begins, of those that it may owe; ``case`` has its letters to third
    parties as they are after it."""
    asks = {
        Until.FETCHABLE: lambda: is_owed(case, decided, fetchable),
        Until.TOLD: lambda: _untold(case, command, decided),
    }
    clocks = case.procedure.clocks
    kinds = {name: until for name in command.owes if (until := clocks[name].until)}
    return frozenset(name for name, until in kinds.items() if asks[until]())


def _untold(case: Case, command: Command, said: Mapping[str, Any]) -> bool:
    """Whether a third party has to be told by this act, or again (Regulations on Open Government
    Information 32)."""
    if command.gives:
        return bool(case.overridden_parties)
    if FieldPart.FINDING in case.procedure.by_part(said):
        return case.data_given
    return any(one.to_serve for one in case.party_letters)


def provided(case: Case, fetchable: Collection[str], today: date) -> CaseEvent | None:
    """That the first file of what was granted is there, if something was owed until then."""
    decided: Mapping[str, Any] = case.decisions[-1].fields if case.decisions else {}
    if not case.owed() or is_owed(case, decided, fetchable):
        return None
    return _over(case, PROVIDED, today)


def ended(case: Case, today: date) -> CaseEvent | None:
    """That nothing is owed any more, because the grant has ended."""
    return _over(case, NO_LONGER_OWED, today) if case.owed() else None


def _over(case: Case, name: str, today: date) -> CaseEvent:
    day = max(today, case.last)
    return CaseEvent(name, day, case.state, clocks=clock_moves.fulfilled(case, day))
