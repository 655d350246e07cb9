"""What the index keeps of an entry for search; for ``before_dataset_index``."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from .. import vocabularies
from ..departments import tree
from ..domain import stored_value
from ..domain.locales import SIMPLIFIED
from ..domain.search import document
from ..domain.search.folds import fold
from . import backlog, lists, live_reader, popularity, vectors

MOST_ITEMS = 300
MOST_ITEM_LETTERS = 200


def ahead_of_search(titles: Mapping[str, str]) -> Sequence[AbstractContextManager[None]]:
    """The uses of these entries and the vectors of their titles, read at once; the worker is
    called once for all that lack one."""
    found = [popularity.held(list(titles))]
    if vectors.wanted():
        found.append(backlog.called_once())
        found.append(vectors.held(map(vectors.subject, titles.values())))
    return found


def fields_of_search(pkg_dict: Mapping[str, object]) -> dict[str, Any]:
    """The fields of an entry that search reads (names beginning with ``gd_``)."""
    entry = _entry(pkg_dict)
    table, gazetteer = lists.simplified(), lists.gazetteer()
    reader = live_reader.reader(learning=False)
    found = document.fields(entry, table, gazetteer)
    title = found.get("gd_title", "")
    sounds = document.spellings(title, reader.words, reader.speller.readings)
    found["gd_sound"] = " ".join(sounds)
    found["gd_words"] = " ".join(document.stretches(title, reader.words))
    found["gd_item"] = list(found.get("gd_items", ()))
    found[popularity.FIELD] = popularity.of_entry(str(pkg_dict.get("id") or ""))
    return {**found, **_meaning(entry.title)}


def _meaning(title: str) -> dict[str, Any]:
    """The title's vector where it is known. Making one takes longer than the rest of the document,
    so where it is not known the index says so, and a job makes it (:mod:`.backlog`).
    """
    if not vectors.wanted():
        return {}
    vector = vectors.known(vectors.subject(title))
    if vector:
        return {"gd_vector": vector}
    backlog.call()
    return {backlog.DUE: backlog.YES}


def _entry(pkg_dict: Mapping[str, Any]) -> document.SearchEntry:
    line = tree.ancestors(str(pkg_dict.get("owner_org") or ""))
    names = [name for d in reversed(line) for name in (d.title, d.short_name, *d.former) if name]
    region = tree.region_in(line)
    return document.SearchEntry(
        title=str(pkg_dict.get("title") or pkg_dict.get("name") or ""),
        notes=str(pkg_dict.get("notes") or ""),
        keywords=[str(tag) for tag in pkg_dict.get("tags") or ()],
        publishers=names,
        categories=_categories(pkg_dict),
        items=_items(pkg_dict),
        region=region,
        places=[str(pkg_dict[key]) for key in ("place", "extras_place") if pkg_dict.get(key)],
    )


def _categories(pkg_dict: Mapping[str, object]) -> list[str]:
    """The domain's Chinese name, and the theme."""
    code = str(pkg_dict.get("domain") or "")
    label = vocabularies.vocabulary("domains").label(code, SIMPLIFIED) if code else ""
    others = [str(pkg_dict.get(key) or "") for key in ("theme_database", "category")]
    return [text for text in (label, *others) if text]


def _items(pkg_dict: Mapping[str, object]) -> list[str]:
    """Names of the information items, Chinese and as columns."""
    rows = pkg_dict.get("information_items") or pkg_dict.get("extras_information_items")
    names = [
        str(row.get(key) or "")[:MOST_ITEM_LETTERS]
        for row in stored_value.rows(rows)
        for key in ("name", "name_en")
    ]
    return list(dict.fromkeys(name for name in names if name))[:MOST_ITEMS]


def folded(text: str) -> str:
    """A text as the index holds it."""
    return fold(text, lists.simplified())
