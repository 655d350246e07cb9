"""Checks that procedures name where an entry's attributes are settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..domain.catalogue import RESTRICTS
from ..domain.decision import Examined
from ..domain.field_part import FieldPart, needs
from ..domain.ground import GroundUse
from ..domain.refusal import Refusal
from ..rules import in_force


@needs(FieldPart.ATTRIBUTE, FieldPart.BASIS)
def attribute_grounded(examined: Examined) -> Iterator[Refusal]:
    """Data that is not wholly open rests on a ground of the law, whoever settles that."""
    procedure, row = examined.case.procedure, examined.row
    said = procedure.by_part(examined.fields)
    if said.get(FieldPart.ATTRIBUTE) not in RESTRICTS:
        return
    grounds = in_force.grounds(row.jurisdiction, row.rules_day, GroundUse.OPENING)
    field = procedure.names_by_part(examined.command)[FieldPart.BASIS]
    cited = said.get(FieldPart.BASIS) or ()
    for words in cited:
        judged = grounds.judge(words)
        if isinstance(judged, Refusal):
            yield replace(judged, field=field)
    together = grounds.together(cited)
    if together:
        yield replace(together, field=field)
