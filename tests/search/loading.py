"""Put catalogue rows straight into Solr, as the index would hold them; thousands in seconds.

Used where the number of entries is the point (evaluation, bench); tests of behaviour create real
entries instead. Rows are JSON objects as in `catalogue-dev.jsonl`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import md5
from itertools import islice
from typing import Any

import ckan.plugins.toolkit as tk
import requests
from sqlalchemy.dialects.postgresql import insert

from ckanext.govdata.domain.search import document
from ckanext.govdata.domain.search.folds import fold
from ckanext.govdata.domain.search.knowledge import gather
from ckanext.govdata.domain.search.lexicon import learn
from ckanext.govdata.domain.search.reader import fold_rules, general_words
from ckanext.govdata.search import lists, live_reader, store, vectors

BATCH = 200


def entry_of(row: Mapping[str, Any]) -> document.SearchEntry:
    """The parts that search reads."""
    return document.SearchEntry(
        title=row["title"],
        notes=row.get("notes") or "",
        keywords=row.get("keywords") or (),
        publishers=[row.get("publisher") or ""],
        categories=[row.get("category") or ""],
        items=[name.split("(")[0] for name in (row.get("fields") or "").split("、")[:100]],
        places=[row.get("place") or ""],
    )


def document_of(row: Mapping[str, Any], near: Mapping[str, list[float]]) -> dict[str, Any]:
    """The Solr document of a public entry whose name is the row's id."""
    table, gazetteer, reader = lists.simplified(), lists.gazetteer(), live_reader.reader()
    found = document.fields(entry_of(row), table, gazetteer)
    sounds = document.spellings(found["gd_title"], reader.words, reader.speller.readings)
    found["gd_sound"] = " ".join(sounds)
    found["gd_words"] = " ".join(document.stretches(found["gd_title"], reader.words))
    found["gd_item"] = found.get("gd_items", [])
    vector = near.get(document.meaning(row["title"], table, gazetteer))
    if vector:
        found["gd_vector"] = vector
    site = tk.config["ckan.site_id"]
    shown = {"id": row["id"], "name": row["id"], "title": row["title"]}
    return {
        **found,
        "index_id": md5(f"{row['id']}{site}".encode()).hexdigest(),
        **shown,
        "site_id": site,
        "state": "active",
        "capacity": "public",
        "permission_labels": ["public"],
        "entity_type": "package",
        "dataset_type": "dataset",
        "type": "dataset",
        "title_string": row["title"],
        "notes": row.get("notes") or "",
        "metadata_modified": "2026-01-01T00:00:00Z",
        "metadata_created": "2026-01-01T00:00:00Z",
        "data_dict": json.dumps(shown),
        "validated_data_dict": json.dumps(shown),
    }


def load(rows: Iterable[Mapping[str, Any]], with_vectors: bool = True) -> int:
    """Index the rows and learn their words; how many. The database knows that they are there."""
    rows = list(rows)
    know(row["id"] for row in rows)
    learn_titles(row["title"] for row in rows)
    table, gazetteer = lists.simplified(), lists.gazetteer()
    solr = f"{tk.config['solr_url']}/update"
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        subjects = [document.meaning(row["title"], table, gazetteer) for row in batch]
        near = vectors.of_titles(subjects) if with_vectors else {}
        documents = [document_of(row, near) for row in batch]
        requests.post(solr, json=documents, timeout=120).raise_for_status()
    requests.get(f"{solr}?commit=true", timeout=120).raise_for_status()
    return len(rows)


def know(names: Iterable[str]) -> None:
    """Public entries of these names in the database, which is asked whether hits are there."""
    from ckan import model

    new = [{"id": name, "name": name, "title": name, "state": "active", "private": False}
           for name in names]
    model.Session.execute(insert(model.Package.__table__).on_conflict_do_nothing(), new)
    model.Session.commit()


def learn_titles(titles: Iterable[str]) -> None:
    """Learn the words of these titles instead of the database's."""
    from ckan import model

    lexicon = lists.lexicon()
    live_reader.reader()
    with model.meta.engine.begin() as connection:
        knowledge = gather(fold_rules(store.rules(connection), lexicon.simplified))
        words = general_words(lexicon, lists.gazetteer(), knowledge)
        learnt = learn((fold(title, lexicon.simplified) for title in titles), words)
        store.keep_vocabulary(connection, learnt)
    live_reader.refresh()
