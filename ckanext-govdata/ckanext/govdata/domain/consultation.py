"""Third parties are asked in writing (Regulations on Open Government Information 32): their days
count from the receipt of the letter, which the department notes, and nobody ends them before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from .case import Case
from .decision import Examined
from .field_part import FieldPart
from .refusal import Refusal


def check(examined: Examined) -> Iterator[Refusal]:
    """That a letter which is noted as served was written before, and not on a day that is yet to
    come: the check ``served_after_asking``. What was noted wrongly is noted once more."""
    case, procedure = examined.case, examined.case.procedure
    field = procedure.names_by_part(examined.command)[FieldPart.SERVED]
    said = str(procedure.by_part(examined.fields).get(FieldPart.SERVED, ""))
    day = date.fromisoformat(said)
    if day > examined.choices.today:
        yield Refusal("served_in_future", field, said)
    elif day < case.asked_on[0]:
        facts = {"first": case.asked_on[0].isoformat()}
        yield Refusal("served_before_asked", field, said, facts=facts)


def unserved(case: Case) -> int:
    """Of how many third parties nobody noted that the letter reached them, nor an answer. Where
    somebody answered whose receipt was not noted another may be counted here who was reached: so
    nobody is called silent who never had the letter."""
    reached = max(len(case.service_days), len(case.party_answers))
    return max(case.asked_parties - reached, 0)
