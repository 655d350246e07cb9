"""Which grounds carry which decision. What only makes an answer one of another kind (Regulations on
Open Government Information 35, 36: public already, not there, another body's, asked before, under a
law of its own, not processed) withholds nothing: no condition rests on it, and no decision is
upheld on it that was not made on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from .case import Case
from .decision import Examined
from .field_part import FieldPart
from .ground import Ground, Grounds, ReplyKind
from .procedure import Command, Duty, Outcome
from .refusal import Refusal

CHECK = "grounds_that_withhold"


def check(examined: Examined) -> Iterator[Refusal]:
    """That what is cited carries what is decided: the check ``grounds_that_withhold``. Of what is
    given in part the rest may be withheld on any ground; conditions need one that withholds."""
    case, command, grounds = examined.case, examined.command, examined.choices.grounds
    said = case.procedure.by_part(examined.fields)
    cited: list[str] = list(said.get(FieldPart.BASIS, ()))
    others = [one for one in cited if grounds and not _carries(case, command, grounds.named(one))]
    if _gives_a_part(case, command):
        others = others if said.get(FieldPart.CONDITIONS) and len(others) == len(cited) else []
    if others:
        field = case.procedure.names_by_part(command)[FieldPart.BASIS]
        yield Refusal("ground_withholds_nothing", field, others[0])


def offered(case: Case, command: Command, grounds: Grounds) -> Collection[str]:
    """The ids of the grounds that may be chosen for a command."""
    free = CHECK not in command.checks or _gives_a_part(case, command)
    found = grounds.offered.items()
    return [name for name, one in found if free or _carries(case, command, one)]


def _gives_a_part(case: Case, command: Command) -> bool:
    reached = case.procedure.states.get(command.to)
    return reached is not None and reached.outcome is Outcome.PARTLY_GRANTED


def _carries(case: Case, command: Command, ground: Ground | None) -> bool:
    """Whether it withholds, as another text that is cited with its rank does, or is what the
    decision itself rests on that is judged."""
    if ground is None or ground.reply is ReplyKind.WITHHELD:
        return True
    judged = command.duty is Duty.JUDGE and case.decisions
    decided = case.procedure.by_part(case.decisions[-1].fields) if judged else {}
    return ground.citation in decided.get(FieldPart.BASIS, ())
