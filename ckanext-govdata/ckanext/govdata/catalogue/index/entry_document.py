"""What an entry's search document holds beyond CKAN's own fields: each slice brings its part.

A slice's ``index_fields.py`` may have functions of an entry's document of three kinds, by the
beginning of their names; they run in this order, within a kind in the slices' order:

- ``outline_…`` gives the document without what nobody may search for; all else is made of that.
- ``fields_of_…`` gives fields to add; two slices never bring the same.
- ``cut_…`` gives the document without what the index may not hold.

Of many entries, ids and titles, ``ahead_of_…`` gives blocks in which what their fields need of the
database is read once (:mod:`ckanext.govdata.ahead`).
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from ... import slices
from .ckan_document import Document

MODULE = "index_fields"
OUTLINE, FIELDS, CUT, AHEAD = "outline_", "fields_of_", "cut_", "ahead_of_"


@contextmanager
def ahead(titles: Mapping[str, str]) -> Iterator[None]:
    """A block in which documents of these entries are made, titles by id."""
    with ExitStack() as held:
        for of_slice in slices.functions(MODULE, AHEAD).values():
            for block in of_slice(titles):
                held.enter_context(block)
        yield


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
