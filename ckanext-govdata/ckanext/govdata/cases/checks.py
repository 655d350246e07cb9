"""Checks that procedures name of decisions: no fees without a basis, no part withheld unthought."""

from __future__ import annotations

from collections.abc import Iterator

from ..domain import charge
from ..domain import severance as severable
from ..domain.decision import Examined
from ..domain.field_part import FieldPart, needs
from ..domain.refusal import Refusal


@needs(FieldPart.CONDITIONS, FieldPart.BASIS)
def free_of_charge(examined: Examined) -> Iterator[Refusal]:
    """Conditions ask for no money, unless a law or administrative regulation on fees is cited."""
    yield from charge.check(examined)


@needs(FieldPart.FILES, FieldPart.BASIS, FieldPart.NOT_SEVERED)
def severance(examined: Examined) -> Iterator[Refusal]:
    """Whoever refuses all of what consists of parts says why no part can be given."""
    yield from severable.check(examined)
