"""``ckan govdata reconcile --all`` leaves the index that CKAN's own rebuild leaves, quicker."""

from __future__ import annotations

import json
import threading

import pytest
import sqlalchemy as sa
from catalogue_sheets import act
from ckan import model
from ckan.cli.cli import ckan as command
from ckan.lib import search
from ckan.lib.search import common

from ckanext.govdata.catalogue.index import writer

NEVER_EQUAL = {"_version_", "indexed_ts"}
BLOBS = ("data_dict", "validated_data_dict")
ORPHAN = {
    "index_id": "x",
    "id": "x",
    "name": "orphan",
    "entity_type": "package",
    "dataset_type": "dataset",
    "state": "active",
    "capacity": "public",
    "permission_labels": ["public"],
}
"""What is left in the index of an entry that the database has lost."""


def index() -> dict[str, dict]:
    """What Solr holds, by the entry's name."""
    found = common.make_connection().search("*:*", rows=1000, fl="*")
    documents = [{k: v for k, v in d.items() if k not in NEVER_EQUAL} for d in found.docs]
    for document in documents:
        document |= {name: json.loads(document[name]) for name in BLOBS if name in document}
    return {document["name"]: document for document in documents}


@pytest.fixture
def catalogue(fgw, run):
    """An imported entry, one with a file, a draft, one of another type, one that was deleted."""
    run([{"id": "imported", "title": "水价", "notes": "y", "publisher": fgw["title"]}])
    run([{"id": "with-file", "title": "名单", "notes": "y", "publisher": fgw["title"]}])
    act("resource_create", package_id="with-file", url="https://x.cn/a.csv", name="表")
    for name, change in {"draft": {"state": "draft"}, "other": {"type": "harvest"}}.items():
        run([{"id": name, "title": name, "notes": "y", "publisher": fgw["title"]}])
        package = model.Session.query(model.Package).filter_by(name=name).one()
        for field, value in change.items():
            setattr(package, field, value)
    run([{"id": "gone", "title": "旧名单", "notes": "y", "publisher": fgw["title"]}])
    act("package_delete", id="gone")
    model.Session.commit()


@pytest.mark.usefixtures("catalogue")
def test_the_index_is_what_ckan_would_make(cli):
    search.rebuild(clear=True)
    search.commit()
    stock = index()
    assert set(stock) == {"imported", "with-file", "draft", "other"}

    search.clear_all()
    orphan = ORPHAN | {"site_id": stock["imported"]["site_id"]}
    common.make_connection().add([orphan], commit=True)
    answer = cli.invoke(command, ["govdata", "reconcile", "--all"])
    assert not answer.exit_code, answer.output
    assert answer.output.splitlines()[-1] == "indexed 4"
    ours = index()
    assert set(ours) == set(stock)
    for name, document in stock.items():
        assert ours[name] == document


@pytest.mark.usefixtures("catalogue")
def test_without_all_only_what_waits_is_indexed(cli):
    search.clear_all()
    answer = cli.invoke(command, ["govdata", "reconcile"])
    assert answer.output.splitlines()[-1] == "indexed 0"
    assert index() == {}


def titles_found() -> set[str]:
    return {document["title"] for document in index().values()}


def test_an_import_while_the_search_server_is_away_is_written_and_found_later(
    fgw, run, ckan_config, monkeypatch
):
    with monkeypatch.context() as away:
        away.setitem(ckan_config, "solr_url", "http://127.0.0.1:9/solr/nowhere")
        answer = run([{"id": "late", "title": "水价", "notes": "y", "publisher": fgw["title"]}])
    assert (answer["written"], answer["indexed"], answer["created"]) == (True, False, 1)
    assert act("package_show", id="late")["title"] == "水价"
    assert writer.waiting() == 1
    assert writer.drain().done == 1
    assert titles_found() == {"水价"}


def test_a_change_while_its_entry_is_being_indexed_is_not_lost(fgw, run, monkeypatch):
    """Another process writes a title when the old one was read and not yet sent."""
    run([{"id": "late", "title": "旧", "notes": "y", "publisher": fgw["title"]}])
    writer.queue_all()
    changed = threading.Thread(target=_change_the_title)
    read = writer.documents_of

    def read_and_be_overtaken(ids):
        documents = read(ids)
        if not changed.ident:
            changed.start()
            changed.join(1)
        return documents

    monkeypatch.setattr(writer, "documents_of", read_and_be_overtaken)
    writer.drain()
    changed.join(30)
    assert not changed.is_alive()
    writer.drain()
    assert titles_found() == {"新"}


def _change_the_title() -> None:
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text("UPDATE package SET title = '新'"))
        row = "INSERT INTO govdata_search_outbox SELECT id FROM package ON CONFLICT DO NOTHING"
        connection.execute(sa.text(row))
