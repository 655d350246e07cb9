"""What the search index holds of an entry beyond CKAN's own fields."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..departments import tree
from ..departments.tree import Department
from ..domain.catalogue import CHOICES
from ..domain.division import Divisions
from ..domain.stored_value import Shape, read
from ..vocabularies import divisions
from .entry import unknown_columns
from .index.ckan_document import Document

UNINDEXED = ("information_items", "application_materials", "imported_columns")
"""Long JSON: a Solr string field refuses more than 32,766 bytes, and nobody searches for braces."""


def fields_of_catalogue(entry: Mapping[str, object]) -> dict[str, list[str]]:
    """Codes of the catalogue, and where the entry's department stands."""
    return index_fields(entry, tree.ancestors(str(entry.get("owner_org") or "")), divisions())


def cut_long_lists(document: Document) -> Document:
    """Without the fields that are too long for the index and that nobody searches."""
    long = {one for name in UNINDEXED for one in (name, f"extras_{name}")}
    return {name: value for name, value in document.items() if name not in long}


def cut_unknown_columns(document: Document) -> Document:
    """Without the columns of sheets that no field of ours takes."""
    return unknown_columns.index_document(document)


def index_fields(
    entry: Mapping[str, object], line: Sequence[Department], places: Divisions
) -> dict[str, list[str]]:
    """Our fields for one entry, from the entry and its department's line, the top first.

    All are facets: strings, many values, by CKAN's own dynamic field ``vocab_*``, so they work in
    a stock Solr too (table "Index fields" of docs/architecture.md). Empty ones are absent.
    """
    region = tree.region_in(line)
    level = line[-1].level if line else ""
    fields: dict[str, list[str]] = {
        f"vocab_gd_{name}": [str(entry[name])] for name in CHOICES if entry.get(name)
    }
    fields |= {
        "vocab_gd_formats": _texts(entry.get("data_formats")),
        "vocab_gd_region": [place.code for place in places.ancestors(region)],
        "vocab_gd_department": [department.name for department in line],
        "vocab_gd_department_level": [level] if level else [],
    }
    return {name: value for name, value in fields.items() if value}


def _texts(value: object) -> list[str]:
    return read(Shape.TEXTS, value).value
