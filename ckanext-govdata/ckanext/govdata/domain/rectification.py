"""By what a department is made to put something right: the data authority notifies it, only the
government orders it (Yaohai 24, Anhui 43, Huaining 31)."""

from __future__ import annotations

from collections.abc import Iterator

from .decision import Examined
from .field_part import FieldPart
from .refusal import Refusal


def check(examined: Examined) -> Iterator[Refusal]:
    """That whoever does it names the article that lets him, where a text has one: the check
    ``power_named``. Where none has, what he does is the portal's own rule."""
    powers, procedure = examined.choices.powers, examined.case.procedure
    there = powers is None or powers.offered
    if there and not procedure.by_part(examined.fields).get(FieldPart.BASIS):
        yield Refusal("missing", procedure.names_by_part(examined.command)[FieldPart.BASIS])
