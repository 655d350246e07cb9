"""How the fields that columns of a sheet are taken for are called."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ...domain.column_choice import LEFT_OUT, OTHER
from ...speech import language, phrases
from ..entry import problem_sentences
from . import readers
from .problem_cells import FIELD_OF

COLUMNS = {**FIELD_OF, "id": "id", "keywords": "tag_string", "items": "information_items"}
"""Columns of a sheet whose field of an entry is called otherwise, as a form calls it."""


def label(column: str) -> str:
    """As the form of an entry calls it; what is no field of it as the national layout heads it."""
    if column in (OTHER, LEFT_OUT):
        return choices()[column]
    name = COLUMNS.get(column, column.removeprefix("item_"))
    said = problem_sentences.field_label(name, language.of_labels())
    if said != name:
        return said
    known = {rule.name: rule.label for rule in readers.heading_rules().fields}
    return phrases.in_script(known.get(column, column).rpartition("/")[2])


def of_entry(field: str) -> str:
    """A field of an entry, by the name under which it is kept."""
    name = {"tags": "tag_string", "owner_org": "publisher"}.get(field, field)
    said = problem_sentences.field_label(name, language.of_labels())
    return label(field) if said == name else said


def choices() -> dict[str, str]:
    """What a column may be besides a field."""
    return {
        OTHER: tk._("Keep for the department, not public"),
        LEFT_OUT: tk._("Leave out"),
    }


def offered() -> dict[str, str | dict[str, str]]:
    """All that a column may be taken for: fields of an entry and of its items in groups."""
    rules = readers.heading_rules().fields
    entry = {rule.name: label(rule.name) for rule in rules if not rule.item}
    items = {rule.name: label(rule.name) for rule in rules if rule.item}
    return {
        **choices(),
        tk._("Fields of the entry"): entry,
        tk._("Information items, one row for each"): items,
    }
