"""Template helpers: hints about a query, marked words, names of kinds."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from .. import vocabularies
from ..domain.locales import SIMPLIFIED
from ..domain.search.highlight import spans, words
from ..domain.search.query import Query
from ..pages import entry_list
from . import journal, lists, live_reader, popularity, query_parameters, suggestions

MOST_RELATED = 6
MOST_PLACES = 3
LONGEST = 200


def govdata_search_hints(text: str) -> dict[str, Any]:
    """How a query was read, and where else to look.

    ``typed``, ``rewritten`` (empty when it is what was typed), ``repaired``, ``related`` and
    ``looser`` queries, nearest ``domains``, ``demand_url`` to ask for the data.
    """
    text = (text or "")[:LONGEST]
    known: dict[str, dict[str, Any]] = tk.g.setdefault("govdata_search_hints", {})
    if text not in known:
        known[text] = _hints(text)
    return known[text]


def _hints(text: str) -> dict[str, Any]:
    query = query_parameters.understand(text)
    changed = query.read or query.repaired
    return {
        "typed": text,
        "rewritten": query.text if changed else "",
        "repaired": query.repaired,
        "related": _related(query, text),
        "looser": _looser(query),
        "domains": _domains(query),
        "demand_url": govdata_search_demand_url(text),
    }


def govdata_search_begun(text: str) -> list[str]:
    """Words of the catalogue that the letters typed begin, by initials too; for an empty result."""
    query = query_parameters.understand(text[:LONGEST])
    return [w for w in suggestions.begun(text) if w not in (query.typed, query.text)]


def govdata_uses(package_ids: list[str]) -> dict[str, int]:
    """How often these entries were opened or taken; of those that ever were. One statement."""
    return popularity.of_entries(package_ids)


def govdata_search_places(text: str) -> list[tuple[str, str]]:
    """Code and name of the query's places of which there are entries; for an empty result."""
    asked = [
        (code, p.name)
        for p in query_parameters.understand(text[:LONGEST]).places
        for code in p.codes
    ]
    return [(code, name) for code, name in asked[:MOST_PLACES] if _has_entries(code)]


def _has_entries(region: str) -> bool:
    wanted = {"fq": "+dataset_type:dataset", "fq_list": entry_list.filters({"region": [region]})}
    return entry_list.ask({**wanted, "rows": 0, "facet": "false"})["count"] > 0


def govdata_search_highlight(shown: str, text: str) -> Markup:
    """A text as it is shown, with the query's words marked; everything escaped."""
    shown = str(shown or "")
    if not text:
        return Markup.escape(shown)
    known: dict[str, list[str]] = tk.g.setdefault("govdata_search_marked", {})
    if text not in known:
        known[text] = words(query_parameters.understand(text[:LONGEST]))
    marked = known[text]
    parts, done = [], 0
    for start, end in spans(shown, marked, lists.simplified()):
        parts += [Markup.escape(shown[done:start]), Markup("<mark>%s</mark>") % shown[start:end]]
        done = end
    return Markup("").join([*parts, Markup.escape(shown[done:])])


def govdata_search_kind(kind: str) -> str:
    """What a kind of knowledge is called."""
    return {
        "synonym": tk._("Synonyms and official names"),
        "department": tk._("Departments"),
        "question": tk._("Words of asking"),
        "weak": tk._("Words that say little"),
    }.get(kind, kind)


def govdata_search_demand_url(text: str) -> str:
    """Where a reader asks for data that is not there."""
    return tk.h.url_for("govdata_search.ask", subject=text)


def _related(query: Query, text: str) -> list[str]:
    try:
        found = journal.related(text, MOST_RELATED)
    except SQLAlchemyError:
        found = []
    known = live_reader.vocabulary()
    for concept in query.concepts[:2]:
        found += known.longer(concept.word, 3)
        found += [word for word in concept.near if "+" not in word and word in known.words][:2]
    return list(dict.fromkeys(w for w in found if w not in (text, query.text)))[:MOST_RELATED]


def _looser(query: Query) -> list[str]:
    """Each concept alone, when several were asked, if a title has it or a word for it."""
    if len(query.concepts) + len(query.places) < 2:
        return []
    known = live_reader.vocabulary().words
    found = [c.word for c in query.concepts if any(w in known for w in (c.word, *c.synonyms))]
    return found[:4]


def _domains(query: Query) -> list[str]:
    """Domains whose name, or a word that means them, is among the query's words."""
    asked = {w for c in query.concepts for w in (c.word, *c.synonyms, *c.near)}
    found = []
    for term in vocabularies.vocabulary("domains").terms:
        label = term.label.get(SIMPLIFIED, "")
        if any(word in label or label in word for word in asked if len(word) > 1):
            found.append(term.code)
    return found[:3]
