"""What may be asked of the index: every parameter of a search is read by us and written anew.

An index holds fields that nobody should probe, and entries that are not for everybody. What one may
filter, sort or facet by can be read letter by letter, even when it is never shown; what looks at
other entries reads those too. So a search has the parameters, the fields and the grammar
(``domain/lucene``) that stand here, and what cannot be written in them is refused: for readers,
for CKAN's own lists and feeds, and for our own pages alike. An operator, and a command outside any
request, may name every field, as may pages of other extensions in a CKAN that is no portal; the
grammar is theirs too.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchQueryError

from .. import settings
from ..domain.lucene import functions
from ..domain.lucene.faults import QueryFault, Unwritable
from ..domain.lucene.parser import MayName
from ..domain.lucene.printer import plain, rewrite, words

READABLE = frozenset({
    "id", "name", "title", "notes", "organization", "groups", "tags", "license_id", "res_format",
    "res_name", "metadata_created", "metadata_modified", "domain", "open_attribute",
    "share_type", "update_period", "data_formats", "dataset_type", "state",
})
"""Fields that Solr may hand out (``fl``); everything else comes through the API's own dicts.

No ``score``: a word's weight counts the entries that have it, those too that one may not see.
"""
FIELDED = READABLE | frozenset({
    "author", "maintainer", "res_description", "text", "url", "version", "title_string",
    "title_ngram", "name_ngram", "views_total", "views_recent", "owner_org", "catalogue_code",
    "catalogue_class", "base_database", "data_grade", "source_type", "issued", "modified",
    "gd_place_own", "gd_item", "emergency", "frequency",
})
"""Fields that may be named in a query, filter, facet or sort."""
FAMILIES = ("vocab_",)
"""… and all whose names begin so."""
NARROWING = frozenset({
    "capacity", "permission_labels", "site_id", "entity_type", "private", "creator_user_id",
})
"""Filters only: they can but narrow what the reader's own labels leave."""
COUNTED = frozenset({"views_total", "views_recent", "metadata_created", "metadata_modified"})
"""Numbers and dates of an entry that functions may weigh it by."""
PARSERS = ("lucene", "dismax", "edismax")
_NAME = re.compile(r"[A-Za-z*][\w.*]*", re.ASCII)
_CLAUSE = re.compile(r"\s*([A-Za-z]\w*)\s+(asc|desc)\s*", re.ASCII | re.IGNORECASE)
_WEIGHED = re.compile(r"([A-Za-z]\w*)(\^\d{1,9}(?:\.\d{1,9})?)?", re.ASCII)
_MATCH = re.compile(r"[\d\s%<-]{1,60}", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)


def may_name(field: str) -> bool:
    """Whether a reader may name this field in a query."""
    return field in FIELDED or field.startswith(FAMILIES) or field in settings.search_facets()


def may_filter(field: str) -> bool:
    """… in a filter."""
    return field in NARROWING or may_name(field)


def may_sort(field: str) -> bool:
    """… in a sort."""
    return field == "score" or may_name(field)


def may_read(field: str) -> bool:
    """… among what Solr hands out."""
    return field in READABLE or field.startswith(FAMILIES)


def any_field(field: str) -> bool:
    """An operator may name every field."""
    return True


def written(asked: Mapping[str, object], trusted: bool) -> dict[str, Any]:
    """All parameters but the query itself, written anew; ``SearchQueryError`` for what cannot be.

    ``trusted``: an operator, or no reader at all. ``query`` writes ``q``.
    """
    made: dict[str, Any] = {}
    for name, value in asked.items():
        if name in PASSED or value is None:
            made[name] = value
        elif name not in WRITERS:
            raise SearchQueryError(tk._("Not a parameter of a search: {name}").format(name=name))
        else:
            made[name] = _refusing(name, WRITERS[name], value, trusted)
    return made


def query(text: str, parser: str, trusted: bool) -> str:
    """``q`` for one of the ``PARSERS``; ``Unwritable`` for what cannot be written."""
    if parser == "dismax":
        return words(text)
    try:
        return rewrite(text, any_field if trusted else may_name)
    except Unwritable as error:
        if parser == "edismax" and error.fault is QueryFault.SYNTAX:
            return plain(text)  # this parser takes for words what it cannot read
        raise


def refusal(parameter: str, error: Unwritable) -> SearchQueryError:
    """In words: the parameter, the piece and why."""
    return SearchQueryError(_why(error.fault).format(parameter=parameter, piece=error.piece))


def _why(fault: QueryFault) -> str:
    return {
        QueryFault.SYNTAX: tk._("{parameter} cannot be read from here on: {piece}"),
        QueryFault.FIELD: tk._("Not allowed in {parameter}: {piece}"),
        QueryFault.PARSER: tk._(
            "Query parsers and macros are not supported in a search ({parameter}: {piece})"),
        QueryFault.REGEX: tk._("Regular expressions are not supported ({parameter}: {piece})"),
        QueryFault.COMMENT: tk._("Comments are not supported ({parameter}: {piece})"),
        QueryFault.FUNCTION: tk._("This function is not supported ({parameter}: {piece})"),
        QueryFault.CHARACTER: tk._("{parameter} contains a character that no text holds: {piece}"),
        QueryFault.DEEP: tk._("{parameter} has too many parentheses within each other: {piece}"),
        QueryFault.LONG: tk._("{parameter} is too long: {piece}…"),
    }[fault]


def _refusing(name: str, writer: Callable[[Any, bool], Any], value: object, trusted: bool) -> Any:
    try:
        return writer(value, trusted)
    except Unwritable as error:
        raise refusal(name, error) from error


def _filter(value: object, trusted: bool) -> str:
    return rewrite(str(value), any_field if trusted else may_filter)


def _filters(value: object, trusted: bool) -> list[str]:
    return [_filter(one, trusted) for one in _listed(value)]


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]


def _names(value: object, may: MayName) -> Iterator[str]:
    """Names parted by commas and blanks, each one that may be named."""
    for one in _listed(value):
        for name in str(one).replace(",", " ").split():
            if not _NAME.fullmatch(name) or not may(name):
                raise Unwritable(QueryFault.FIELD, name)
            yield name


def _shown(value: object, trusted: bool) -> list[str]:
    return list(_names(value, any_field if trusted else may_read))


def _facets(value: object, trusted: bool) -> list[str]:
    return list(_names(value, any_field if trusted else may_name))


def _order(value: object, trusted: bool) -> str:
    text = str(value)
    if not text.strip() or text == "rank":  # CKAN's word for its own order
        return text
    return ", ".join(_ordered(clause, trusted) for clause in text.split(","))


def _ordered(clause: str, trusted: bool) -> str:
    found = _CLAUSE.fullmatch(clause)
    if found is None:
        raise Unwritable(QueryFault.SYNTAX, clause)
    if not trusted and not may_sort(found[1]):
        raise Unwritable(QueryFault.FIELD, found[1])
    return f"{found[1]} {found[2].lower()}"


def _weighed(value: object, trusted: bool) -> str:
    parts = str(value).split()
    for part in parts:
        found = _WEIGHED.fullmatch(part)
        if found is None:
            raise Unwritable(QueryFault.SYNTAX, part)
        if not trusted and not may_name(found[1]):
            raise Unwritable(QueryFault.FIELD, found[1])
    return " ".join(parts)


def _function(value: object, trusted: bool) -> str:
    return " ".join(functions.rewrite(str(one), COUNTED) for one in _listed(value))


def _parser(value: object, trusted: bool) -> str:
    if value not in ("", *PARSERS):
        raise Unwritable(QueryFault.PARSER, str(value))
    return str(value)


def _switch(value: object, trusted: bool) -> str:
    try:
        return "true" if tk.asbool(value) else "false"
    except ValueError:
        raise Unwritable(QueryFault.SYNTAX, str(value)) from None


def _like(pattern: re.Pattern[str]) -> Callable[[Any, bool], Any]:
    def take(value: object, trusted: bool) -> Any:
        if value != "" and not pattern.fullmatch(str(value)):
            raise Unwritable(QueryFault.SYNTAX, str(value))
        return value

    return take


def _least(value: Any, trusted: bool) -> Any:
    """At least 1: values that are found nought times are those of entries that one may not see."""
    value = _like(_WHOLE)(value, trusted)
    if value != "" and int(value) < 1:
        raise SearchQueryError(tk._("facet.mincount must be at least 1"))
    return value


def _fixed(value: object, trusted: bool) -> str:
    """The field of words without one; CKAN sets it too."""
    return "text"


PASSED = frozenset({
    "q", "extras", "include_private", "include_drafts", "include_deleted", "use_default_schema",
    "abort_search",
})
"""Taken out again by CKAN, or by ``query``; nothing of it goes to Solr as it is."""
WRITERS: Mapping[str, Callable[[Any, bool], Any]] = {
    "fq": _filter, "fq_list": _filters, "fl": _shown, "sort": _order, "facet.field": _facets,
    "qf": _weighed, "bf": _function, "boost": _function, "defType": _parser, "df": _fixed,
    "mm": _like(_MATCH), "tie": _like(_NUMBER), "wt": _like(re.compile("json")),
    "rows": _like(_WHOLE), "start": _like(_WHOLE), "facet": _switch,
    "facet.limit": _like(_WHOLE), "facet.mincount": _least,
}
"""Every parameter that goes on to Solr, and what writes it."""
