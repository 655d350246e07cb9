"""Columns that readers of a table do not get, told to those who can change that.

An officer sees all columns of his own table, so without being told he would not know that others
do not: that an item is missing, misspelt, or declared sensitive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from ..domain import items
from ..domain.access import CONDITIONAL, is_open
from . import columns, gate, rows


@dataclass(frozen=True)
class WithheldColumns:
    """Of one table: ``columns`` that readers do not get, with the code why; ``undivided``: the
    entry declares no items, so everybody gets whatever columns the table has."""

    columns: Mapping[str, str]
    undivided: bool = False

    @property
    def worth_telling(self) -> bool:
        """Whether something is otherwise than the table itself lets expect."""
        return self.undivided or bool(self.columns)


def of_table(context: Mapping[str, object], resource_id: str) -> WithheldColumns | None:
    """For officers and heads of the department that provides a table; for all others ``None``,
    and of what is no table, or of an entry that nobody gets anything of.
    """
    known = gate.facts(resource_id)
    if known is None or not gate.provides(gate.reader_of(context), known.subject.provider):
        return None
    to_all = is_open(known.subject.attribute)
    if not (to_all or known.subject.attribute == CONDITIONAL) or not rows.in_datastore(resource_id):
        return None
    listed, there = gate.declared(known), columns.of(resource_id)
    kept = items.kept_back(there, listed, to_all=to_all)
    return WithheldColumns(kept, undivided=to_all and not listed)


def why(code: str) -> str:
    """Why a column is kept from readers, in words."""
    return {
        "undeclared": tk._("no information item has this name"),
        "sensitive": tk._("declared sensitive"),
        "not_open": tk._("not declared open"),
    }[code]
