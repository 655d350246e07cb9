"""``many_entries.py COUNT STOCK OURS``: a portal with so many entries.

The demo's entries come in by an import; the others are copies of their rows and search documents
under other names, titles and places, written by statements and sent to Solr as they are: how they
came in is not what is measured. A copy's vector is a little beside the original's, as titles of
one meaning and other words have it. STOCK and OURS are empty Solr cores, to compare their time.
"""
from __future__ import annotations

import json
import random
import re
import statistics
import sys
import time
import uuid
from collections.abc import Iterator
from hashlib import md5
from importlib.resources import files
from typing import Any

import ckan.plugins.toolkit as tk
import requests
import sqlalchemy as sa
from ckan import model
from inside import answer, site

from ckanext.govdata.catalogue.action import LOCAL_FILE
from ckanext.govdata.catalogue.index.writer import documents_of
from ckanext.govdata.search import lists, live_reader, vectors

BATCH = 250
TURNS = 6
"""Times that both cores are filled, in turn; the first is not counted."""
BESIDE = 0.012
"""Standard deviation of what is added to each number of a copy's vector: cosines of about .97."""
Document = dict[str, Any]


def main() -> dict[str, Any]:
    """Milliseconds that an entry takes to index: with its vector, and in Solr without."""
    wanted = int(sys.argv[1])
    demo = str(files("ckanext.govdata.demo") / "data" / "catalogue.jsonl")
    context = {**site(), LOCAL_FILE: demo}
    tk.get_action("govdata_catalogue_import")(context, {"create_departments": True})
    titles = {row.id: row.title for row in model.Session.execute(
        sa.select(model.Package.id, model.Package.title).where(model.Package.type == "dataset"))}
    began = time.perf_counter()
    vectors.of_titles([vectors.subject(title) for title in titles.values()])
    first = list(documents(list(titles)))
    send(first, tk.config["solr_url"], commit=True)
    indexing = (time.perf_counter() - began) * 1000 / len(first)
    stock, ours = in_turn(first, *sys.argv[2:])
    make_copies(first, wanted)
    send([], tk.config["solr_url"], commit=True)
    live_reader.learn_if_stale(force=True)
    available = vectors.available()
    return {"index_ms": indexing, "vectors": available, "stock_ms": stock, "ours_ms": ours}


def in_turn(found: list[Document], stock: str, ours: str) -> tuple[float, float]:
    """Milliseconds of Solr for an entry: what CKAN sends into stock's core, and ours into ours."""
    plain = [{k: v for k, v in one.items() if k != "gd_vector"} for one in found]
    bare = [{k: v for k, v in one.items() if not k.startswith("gd_")} for one in found]
    taken: dict[str, list[float]] = {stock: [], ours: []}
    for _ in range(TURNS):
        for core, sent in ((stock, bare), (ours, plain)):
            began = time.perf_counter()
            send(sent, core, commit=True)
            taken[core].append((time.perf_counter() - began) * 1000 / len(sent))
    return statistics.median(taken[stock][1:]), statistics.median(taken[ours][1:])


def documents(ids: list[str]) -> Iterator[Document]:
    """Their search documents, a batch at a time as the portal makes them."""
    for start in range(0, len(ids), BATCH):
        yield from documents_of(ids[start:start + BATCH])
        model.Session.expunge_all()


def make_copies(first: list[Document], wanted: int) -> None:
    """Copies of all of them for one city after the other, until there are so many entries."""
    chance = random.Random(1)  # the same entries at every run
    left = wanted - len(first)
    for code, city in cities():
        copies = [copied(document, code, city, chance) for document in first[:left]]
        keep(list(zip(first, copies, strict=False)))
        for start in range(0, len(copies), BATCH):
            send(copies[start:start + BATCH], tk.config["solr_url"])
        left -= len(copies)
        if left <= 0:
            return


def cities() -> list[tuple[str, str]]:
    """Code and name of every city outside the demo's province."""
    rows = [line.split("\t") for line in lists.lines("places.txt")]
    return [(row[0], row[1]) for row in rows if len(row[0]) == 4 and not row[0].startswith("34")]


def places() -> re.Pattern[str]:
    """Names of the demo's places, the longest first."""
    rows = [line.split("\t") for line in lists.lines("places.txt") if line.startswith("34")]
    names = {name for row in rows for name in row[1:]}
    return re.compile("|".join(sorted(names, key=len, reverse=True)))


PLACES = places()


def copied(document: Document, code: str, city: str, chance: random.Random) -> Document:
    """The document as a department of that city would have it."""
    own, name = str(uuid.uuid4()), f"{document['name'][:80]}-{code}"
    copy = {key: told_of(value, city) for key, value in document.items()}
    title = city + PLACES.sub("", document["title"])
    for key in ("data_dict", "validated_data_dict"):
        text = document[key].replace(document["id"], own).replace(document["name"], name)
        copy[key] = text.replace(json.dumps(document["title"]), json.dumps(title))
    vector = document.get("gd_vector")
    if vector:
        copy["gd_vector"] = [round(n + chance.gauss(0, BESIDE), 4) for n in vector]
    here = [code[:2], code]
    return {
        **copy, "id": own, "name": name, "title": title, "title_string": title,
        "index_id": md5(f"{own}{document['site_id']}".encode()).hexdigest(),
        "gd_title": title, "gd_title_uni": title, "vocab_gd_region": here,
        "gd_place_named": [code], "gd_place_own": [code], "gd_place_within": [code[:2]],
    }


def told_of(value: Any, city: str) -> Any:
    """The demo's places replaced in a field's text or texts."""
    if isinstance(value, str) and not value.isascii():
        return PLACES.sub(city, value)
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [told_of(one, city) for one in value]
    return value


def keep(pairs: list[tuple[Document, Document]]) -> None:
    """The copies' rows in the database."""
    own = ("id", "name", "title")
    same = [f'"{c.name}"' for c in model.package_table.c if c.name not in own]
    statement = (
        f"INSERT INTO package (id, name, title, {', '.join(same)})"
        f" SELECT n.id, n.name, n.title, {', '.join(f'p.{name}' for name in same)}"
        " FROM unnest(:old, :id, :name, :title) n (old, id, name, title)"
        " JOIN package p ON p.id = n.old"
    )
    values = {key: [copy[key] for _, copy in pairs] for key in own}
    model.Session.execute(sa.text(statement), {"old": [old["id"] for old, _ in pairs], **values})
    model.Session.commit()


def send(found: list[Document], core: str, *, commit: bool = False) -> None:
    """To a core of Solr."""
    requests.post(
        f"{core}/update", params={"commit": str(commit).lower()}, timeout=600,
        data=json.dumps(found, default=str), headers={"Content-Type": "application/json"},
    ).raise_for_status()


if __name__ == "__main__":
    answer(main)
