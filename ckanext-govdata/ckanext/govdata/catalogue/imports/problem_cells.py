"""In which cell of a sheet a problem of an entry stands."""

from __future__ import annotations

from collections.abc import Collection

from ...domain.catalogue import Problem
from ...domain.heading_rules import ITEM
from ...domain.records import CODES
from ...domain.row_groups import Record

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


FIELD_OF = {column: name for name, column in COLUMN_OF.items()} | {"publisher": "owner_org"}
"""The other way round."""
VOCABULARY_OF = {
    **{column: vocabulary for column, (_, vocabulary) in CODES.items()},
    "open_type": "open_attributes",
    "item_type": "item_types",
}
"""Column field → the vocabulary of its values; the others take yes or no."""


def column_of(problem: Problem, columns: Collection[str]) -> str:
    """The field of the column whose cell a problem is about, out of the sheet's ``columns``.

    Items are named by columns of their own, or all of them by one cell.
    """
    name, _, rest = problem.field.partition("-")
    if name == "information_items":
        own = f"{ITEM}_{rest.partition('-')[2]}"
        return own if own in columns else "items"
    return COLUMN_OF.get(name, name)


def row_of(problem: Problem, record: Record) -> int:
    """The row of that cell: an item's own, else the first of the entry."""
    name, _, rest = problem.field.partition("-")
    number = rest.partition("-")[0]
    if name == "information_items" and number.isdigit() and int(number) < len(record.item_rows):
        return record.item_rows[int(number)]
    return record.row
