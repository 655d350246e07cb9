"""What an entry's search document holds beyond CKAN's own fields: each slice brings its part.

A slice's ``index_fields.py`` may have functions of an entry's document of three kinds, by the
beginning of their names; they run in this order, within a kind in the slices' order:

- ``outline_…`` gives the document without what nobody may search for; all else is made of that.
- ``fields_of_…`` gives fields to add; two slices never bring the same.
- ``cut_…`` gives the document without what the index may not hold.
"""
from __future__ import annotations

from collections.abc import Mapping

from ... import slices
from .ckan_document import Document

MODULE = "index_fields"
OUTLINE, FIELDS, CUT = "outline_", "fields_of_", "cut_"


def complete(document: Mapping[str, object]) -> Document:
    """CKAN's search document of an entry with what the slices bring."""
    outline = dict(document)
    for outlined in slices.functions(MODULE, OUTLINE).values():
        outline = outlined(outline)
    found = {**outline, **_fields(outline)}
    for cut in slices.functions(MODULE, CUT).values():
        found = cut(found)
    return found


def _fields(outline: Mapping[str, object]) -> Document:
    found: Document = {}
    for name, fields in slices.functions(MODULE, FIELDS).items():
        brought = fields(outline)
        if twice := found.keys() & brought.keys():
            raise RuntimeError(f"{name} brings what another slice brings: {sorted(twice)}")
        found.update(brought)
    return found
