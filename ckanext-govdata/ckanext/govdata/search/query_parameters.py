"""Turn what a reader typed into Solr's parameters; for ``before_dataset_search``.

CKAN lets a plugin pass ``q``, ``defType``, ``qf``, ``boost`` and ``bf``, but no query parser inside
them. So the shapes of our queries stand in the configset (``config/solr/solrconfig.xml``) under
names, and ``q=${gd_…}`` asks for one; the parts travel in the other parameters. One request.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SearchQueryError
from ckan.types import DataDict

from .. import settings
from ..domain.lucene.faults import QueryFault, Unwritable
from ..domain.search.clauses import write
from ..domain.search.folds import HANZI
from ..domain.search.query import Query
from . import journal, live_reader, public_fields, scores, vectors

LONGEST = 2000
"""Characters of a query that are looked at."""
_ADVANCED = re.compile(
    r"^\s*\*:\*\s*$"  # everything
    r"|(?<!\w)[+-]?\(?[A-Za-z_*][\w.*]*:\S"  # a field
    r"|^[\x20-\x7e]*[*?~][\x20-\x7e]*$"  # a wildcard among Latin letters
    r'|^\s*"[\x20-\x7e]*"\s*$'  # a phrase of them
    r"|^\s*(?:--|\+\+)[\x20-\x7e]*$"  # operators: CKAN tells its own error
    r"|\{!|\$\{"  # a parser or a macro: refused in words
)
READERS = {"api", "feeds", "dataset", "organization", "group", "user", "dashboard", "govdata_pages"}
"""Blueprints whose searches are a reader's own."""
_HANZI = re.compile(f"[{HANZI}]")
_PARTED = re.compile(r"[.'-]|\d[^\W\d_]|[^\W\d_]\d")

WHOLE = ("", "+dataset_type:dataset")
"""Filters that leave every entry."""


@dataclass(frozen=True)
class SearchRequest:
    """A search of ours on its way: what is sent, whether filters narrow it, whether its scores are
    to be explained.
    """

    query: Query
    sent: Mapping[str, Any]
    narrowed: bool
    debug: bool


_inside: ContextVar[bool] = ContextVar("govdata_search_inside", default=False)


@contextmanager
def inside() -> Iterator[None]:
    """Our own question: written by us from folded words, so it may name any field."""
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def prepare(data_dict: DataDict) -> dict[str, Any]:
    """The search parameters that are sent, from those that were asked: each is written anew.

    ``SearchQueryError`` for what cannot be written.
    """
    (data_dict.get("extras") or {}).pop("govdata_asked", None)  # ours alone to say
    if _inside.get():
        return data_dict
    trusted = _is_trusted()
    debug = _wants_debug(data_dict, trusted)
    asked = {**data_dict, **public_fields.written(data_dict, trusted)}
    whole = str(asked.get("q") or "")
    given = any(asked.get(key) for key in ("defType", "qf", "bf", "boost"))
    if not whole.strip():
        return {**asked, "q": ""} if "q" in asked else asked
    if given or _is_advanced(whole):
        syntax = _in_syntax(whole, asked, given, trusted)
        if syntax is not None:
            if debug:
                raise SearchQueryError(tk._("Only a search by words can be explained"))
            return {**asked, **syntax}
    text = whole[:LONGEST]
    query = understand(text, data_dict)
    sent = parameters(query, text)
    data_dict.setdefault("extras", {})["govdata_asked"] = SearchRequest(
        query, sent, _is_narrowed(data_dict), debug)
    return {**asked, "extras": data_dict["extras"], **sent}


def _in_syntax(
    text: str, asked: Mapping[str, object], given: bool, trusted: bool
) -> dict[str, Any] | None:
    """A query in Solr's syntax, written anew, and its parser; ``None`` when it is just words.

    Words are what names a field that one may not name, and an address (``http://…``), unless a
    parser was asked for.
    """
    parser = str(asked.get("defType") or ("lucene" if ":" in text else "dismax"))
    if parser == "dismax" and ("{!" in text or "${" in text):
        parser = "lucene"  # nobody types this for words: refused there
    try:
        return {"q": public_fields.query(text, parser, trusted), "defType": parser}
    except Unwritable as error:
        if error.fault in (QueryFault.FIELD, QueryFault.COMMENT) and not given:
            return None
        raise public_fields.refusal("q", error) from error


def _is_narrowed(data_dict: Mapping[str, object]) -> bool:
    """Whether filters leave out a part of the catalogue: what they find says nothing of it."""
    return bool(data_dict.get("fq_list")) or str(data_dict.get("fq") or "") not in WHOLE


def _wants_debug(data_dict: DataDict, trusted: bool) -> bool:
    """Take ``debug`` out of the parameters; it is for the operator."""
    says: Any = tk.get_validator("boolean_validator")
    debug: bool = says(data_dict.pop("debug", False), {})
    if debug and not trusted:
        raise SearchQueryError(tk._("Only the portal's operator may ask for debug"))
    return debug


def conclude(found: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Count a reader's query, and tell how it was read; for ``after_dataset_search``."""
    ours = (asked.get("extras") or {}).pop("govdata_asked", None)
    if ours is None:
        return found
    query = ours.query
    counts_only = asked.get("rows") in (0, "0")  # nobody's search: how many there would be
    first = not asked.get("start") and not ours.narrowed and not counts_only
    if tk.request and first and tk.request.blueprint in READERS:
        journal.searched(query.typed, found["count"])
    if ours.debug:
        found["debug"] = scores.debugged(query, ours.sent, found["results"])
    found["govdata_query"] = {
        "text": query.text,
        "rewritten": query.read or query.repaired,
        "places": [place.name for place in query.places],
    }
    return found


def understand(text: str, data_dict: Mapping[str, Any] | None = None) -> Query:
    """Read a query. ``ext_govdata_exact`` among the extras, or ``exact`` in the address, takes
    misspellings as they are, and letters as letters instead of as pinyin.
    """
    extras = (data_dict or {}).get("extras") or {}
    exact = extras.get("ext_govdata_exact") or (tk.request and tk.request.args.get("exact"))
    return live_reader.understand(text[:LONGEST], not exact)


def parameters(query: Query, text: str) -> dict[str, str]:
    """Solr's parameters for an understood query."""
    plain = _escaped(text.lower())
    latin = not _HANZI.search(text)
    if latin and plain and not query.read and not _has_synonyms(query):
        # names, identifiers and other languages: as in stock CKAN, and within Chinese titles
        return {"q": plain, "qf": STOCK_FIELDS, "defType": "dismax"}
    words = write(query)
    if not words:
        return dict(NOTHING)
    vector = vectors.of_query(query)
    shape = ("gd_all_words" if latin else "gd_words") + ("_and_meaning" if vector else "")
    sent: dict[str, str] = {"q": f"${{{shape}}}", "defType": "lucene", "qf": words}
    if vector:
        sent["boost"] = vector
    if latin:
        sent["bf"] = plain
    return sent


NOTHING = {"q": "-*:*", "defType": "lucene"}
"""What a query without any word finds."""
STOCK_FIELDS = "name^4 title^4 tags^2 groups^2 text gd_title^4 gd_keywords^2 gd_notes gd_items"


def _has_synonyms(query: Query) -> bool:
    return any(concept.synonyms for concept in query.concepts)


def _escaped(text: str) -> str:
    """Words only, for a parser that knows few signs.

    What Solr takes apart, such as ``pm2.5``, is asked as a phrase: any 2 or 5 is not meant.
    """
    words = (word.strip(".'-") for word in re.findall(r"[\w.'-]+", text))
    return " ".join(f'"{word}"' if _PARTED.search(word) else word for word in words if word)


def _is_advanced(text: str) -> bool:
    """Whether somebody wrote Solr's syntax on purpose: a field, a wildcard, a lone phrase."""
    return bool(_ADVANCED.search(text)) and not (_HANZI.search(text) and ":" not in text)


def _is_trusted() -> bool:
    """Whether every field may be named: by an operator who is signed in to this request, where
    there is no request, and by the pages of other extensions in a CKAN that is no portal.
    """
    if not tk.request:
        return True
    user = getattr(tk.g, "userobj", None)
    if user and user.sysadmin:
        return True
    page = tk.request.blueprint or ""
    known = page in READERS or page.startswith("govdata")
    return not (known or settings.is_portal())
