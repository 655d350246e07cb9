"""Checks that procedures name where data is given: what may be asked for, and what granted."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.model as model

from ..domain import grant_scope as scope_of_grants
from ..domain.access import CONDITIONAL
from ..domain.decision import Examined
from ..domain.field_part import FieldPart, needs
from ..domain.refusal import Refusal


@needs(FieldPart.FILES, FieldPart.ITEMS, FieldPart.BEGINS, FieldPart.ENDS)
def grant_scope(examined: Examined) -> Iterator[Refusal]:
    """Files, columns, rows and days hang together, and no decision gives more than was asked."""
    yield from scope_of_grants.check(examined)


def conditional_entry(examined: Examined) -> Iterator[Refusal]:
    """Only an entry whose data is open on conditions is applied for."""
    entry = model.Package.get(examined.row.package_id)
    if entry is None or (entry.extras or {}).get("open_attribute") != CONDITIONAL:
        yield Refusal("not_conditional", "dataset_id")
