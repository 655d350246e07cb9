"""What the search index may not hold of an entry that is not open."""
from __future__ import annotations

from typing import Any

from . import descriptions, locations


def outline_description(document: dict[str, Any]) -> dict[str, Any]:
    """Before anything is made of it: no searching in what is closed."""
    return descriptions.index_document(document)


def cut_locations(document: dict[str, Any]) -> dict[str, Any]:
    """No true place of data in any field."""
    return locations.index_document(document)
