"""Find a dataset by its column: the searchable list of information items."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError, SolrConnectionError
from ckan.types import Context

from ..domain.search.folds import fold, is_hanzi, pieces
from . import lists, query_parameters
from .answers import ItemCount, ItemListAnswer

ITEMS = 40
ENTRIES = 50
LONGEST = 60


def find(typed: str, context: Context) -> ItemListAnswer:
    """Columns whose name holds the text, most used first, and the entries that have one of them.

    ``away`` when the search server does not answer.
    """
    text = fold(typed[:LONGEST], lists.simplified())
    words = [word for word in pieces(text) if is_hanzi(word) or len(word) > 1]
    if not words:
        return {"q": text, "count": 0, "items": [], "entries": [], "away": False}
    wanted = " ".join(f'+gd_items:"{word}"' for word in words)
    asked = {
        "q": wanted, "defType": "lucene", "fl": ["name", "title"], "rows": ENTRIES,
        "facet.field": ["gd_item"], "facet.limit": 1000,
        "sort": "score desc, title_string asc",
    }
    try:
        with query_parameters.inside():
            found = tk.get_action("package_search")({**context, "ignore_auth": False}, asked)
    except (SearchError, SolrConnectionError):
        return {"q": text, "count": 0, "items": [], "entries": [], "away": True}
    counted = found["facets"].get("gd_item", {})
    items: list[ItemCount] = [
        {"name": name, "entries": count} for name, count in counted.items()
        if all(word in name for word in words)
    ]
    items.sort(key=lambda item: (-item["entries"], item["name"]))
    return {
        "q": text,
        "count": found["count"],
        "items": items[:ITEMS],
        "entries": [{"name": hit["name"], "title": hit["title"]} for hit in found["results"]],
        "away": False,
    }
