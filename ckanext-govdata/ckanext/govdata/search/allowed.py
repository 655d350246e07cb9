"""What the public may name in a search: an index also holds fields that nobody should probe.

A field that one may filter, sort or facet by can be read letter by letter, even when it is never
shown. So what is not on these lists is refused, for everybody but the operator.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchQueryError

READABLE = frozenset({
    "id", "name", "title", "notes", "organization", "groups", "tags", "license_id", "res_format",
    "res_name", "metadata_created", "metadata_modified", "score", "domain", "open_attribute",
    "share_type", "update_period", "data_formats", "dataset_type", "state",
})
"""Fields that Solr may hand out (``fl``); everything else comes through the API's own dicts."""
FIELDED = READABLE | frozenset({
    "author", "maintainer", "res_description", "text", "url", "version", "title_string",
    "title_ngram", "name_ngram", "views_total", "views_recent", "owner_org", "catalogue_code",
    "catalogue_class", "base_database", "data_grade", "source_type", "issued", "modified",
    "gd_place_own", "gd_item", "emergency", "frequency",
}) - {"score"}
"""Fields that may be named in a query, filter, facet or sort."""
FAMILIES = ("vocab_",)
"""… and all whose names begin so."""
NARROWING = frozenset({
    "capacity", "permission_labels", "site_id", "entity_type", "private", "creator_user_id",
})
"""Filters only: they can but narrow what the reader's own labels leave."""
FUNCTIONS = frozenset({
    "sum", "product", "recip", "log", "sqrt", "abs", "max", "min", "ord", "rord", "ms", "div",
    "linear", "NOW", "DAY", "HOUR",
})

_FIELD = re.compile(r"(?<![\w\\])([A-Za-z_][\w.]*)\s*:")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_ORDERED = re.compile(r"([\w.]+)(?=\s+(?:asc|desc)\b)")
_PARSER = re.compile(r"\{!|_(?:query|val)_\s*:|\$\{")


def check(asked: Mapping[str, Any]) -> None:
    """Refuse a search that names a field that is nobody's business: ``SearchQueryError``.

    The query itself is not refused for an unknown field: ``foo:bar`` is then just words.
    """
    filters = [str(asked.get("fq") or ""), *map(str, asked.get("fq_list") or ())]
    for text in (*filters, str(asked.get("q") or "")):
        if _PARSER.search(text):
            raise SearchQueryError(tk._("Query parsers are not supported in a search"))
    _refuse("fq", {name for text in filters for name in unknown(text, NARROWING)})
    _refuse("facet.field", _outside(_names(asked.get("facet.field")), FIELDED))
    _refuse("fl", _outside(_names(asked.get("fl")), READABLE))
    _refuse("sort", _outside(_ORDERED.findall(str(asked.get("sort") or "")), FIELDED | {"score"}))
    for key in ("qf", "bf", "boost"):
        named = _NAME.findall(str(asked.get(key) or ""))
        _refuse(key, _outside(named, FIELDED | FUNCTIONS))


def unknown(text: str, also: frozenset[str] = frozenset()) -> set[str]:
    """Fields named in a piece of Solr's syntax that the public may not name."""
    return _outside(_FIELD.findall(_QUOTED.sub('""', text)), FIELDED | also)


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [name for part in value or () for name in str(part).replace(",", " ").split()]


def _outside(names: Iterable[str], allowed: frozenset[str]) -> set[str]:
    return {name for name in names if name not in allowed and not name.startswith(FAMILIES)}


def _refuse(parameter: str, names: set[str]) -> None:
    if names:
        listed = ", ".join(sorted(names)[:5])
        message = tk._("Not allowed in {parameter}: {names}")
        raise SearchQueryError(message.format(parameter=parameter, names=listed))
