"""In which cell of a sheet a problem of an entry stands."""

from __future__ import annotations

from ...domain.catalogue import Problem
from ...domain.headings import ITEM
from ...domain.records import Record

COLUMN_OF = {
    "name": "id",
    "domain": "category",
    "update_period": "frequency",
    "data_formats": "formats",
    "open_attribute": "open_type",
    "owner_org": "publisher",
    "tags": "keywords",
}
"""Entry field → column field, where they are called differently."""


def column_of(problem: Problem) -> str:
    """The field of the column whose cell a problem is about."""
    name, _, rest = problem.field.partition("-")
    if name == "information_items" and rest:
        return f"{ITEM}_{rest.partition('-')[2]}"
    return COLUMN_OF.get(name, name)


def row_of(problem: Problem, record: Record) -> int:
    """The row of that cell: an item's own, else the first of the entry."""
    name, _, rest = problem.field.partition("-")
    number = rest.partition("-")[0]
    if name == "information_items" and number.isdigit() and int(number) < len(record.item_rows):
        return record.item_rows[int(number)]
    return record.row
