"""The index equals the database: whoever writes while it is written, whatever fails or dies."""
from __future__ import annotations

import threading

import pytest
from catalogue_sheets import act
from ckan import model
from ckan.lib import search
from ckan.lib.search import common
from sqlalchemy import event, text

from ckanext.govdata.catalogue.index import writer
from ckanext.govdata.search import popularity
from tests.overtaking import Overtaking, patch

COMPARED = ("title", "capacity", "tags", "groups", "organization")


def index() -> dict[str, dict]:
    """What Solr holds and shows, of the fields that are compared, by the entry's name."""
    found = common.make_connection().search("*:*", rows=1000, fl="*").docs
    return {one["name"]: {field: one.get(field) for field in COMPARED} for one in found}


def versions() -> dict[str, int]:
    """Solr's own number of each document's last writing."""
    found = common.make_connection().search("*:*", rows=1000, fl="name _version_").docs
    return {one["name"]: one["_version_"] for one in found}


def assert_equal_to_the_database() -> None:
    """As if the index were made anew from what the database holds."""
    ours = index()
    search.clear_all()
    writer.queue_all()
    writer.drain()
    assert ours == index()


@pytest.fixture
def eight(fgw, run):
    """Eight public entries that wait to be indexed once more."""
    rows = [{"id": f"e{n}", "title": f"旧{n}", "notes": "y", "publisher": fgw["title"]}
            for n in range(8)]
    run(rows)
    return [f"e{n}" for n in range(8)]


def overtaken(app, monkeypatch, names) -> Overtaking:
    """The first half gets other titles, the other half is made private."""
    return Overtaking(app, monkeypatch, [
        patch(name, title=f"新{name}") if n < len(names) // 2 else patch(name, private=True)
        for n, name in enumerate(names)
    ])


def test_whose_entry_waits_already_has_its_turn_until_his_commit(app, eight):
    """Who indexes meanwhile leaves it to him; else the row would go with the older text."""
    writer.queue_all()
    model.Package.get("e0").title = "新e0"
    model.Session.flush()

    def others() -> None:
        with app.flask_app.app_context():
            writer.drain()
        model.Session.remove()

    thread = threading.Thread(target=others)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    assert index()["e0"]["title"] == "旧0"
    model.Session.commit()
    assert index()["e0"]["title"] == "新e0"


@pytest.mark.parametrize("work", ["reconcile", "count uses"])
def test_what_is_saved_while_entries_are_indexed_is_not_overwritten(
    app, eight, monkeypatch, work
):
    if work == "reconcile":
        writer.queue_all()
    else:
        for name in eight:
            popularity.opened(name)
    officers = overtaken(app, monkeypatch, eight[2:6])
    writer.drain() if work == "reconcile" else popularity.publish()
    officers.ended()
    writer.drain()
    found = index()
    assert [found[name]["title"] for name in eight[2:4]] == ["新e2", "新e3"]
    assert [found[name]["capacity"] for name in eight[4:6]] == ["private", "private"]
    public = {e["name"] for e in act("package_search", rows=50, fq="capacity:public")["results"]}
    assert public.isdisjoint(eight[4:6]), "what was made private is found no more"
    monkeypatch.undo()
    assert_equal_to_the_database()


def test_what_is_deleted_while_entries_are_indexed_is_found_no_more(app, eight, monkeypatch):
    writer.queue_all()
    officers = Overtaking(app, monkeypatch, [lambda: act("package_delete", id=eight[0])])
    writer.drain()
    officers.ended()
    writer.drain()
    assert eight[0] not in index()


@pytest.fixture
def committing():
    """Have something happen at the last moment before the next commit, once."""
    waiting = []

    def happen(session) -> None:
        if waiting and not session.in_nested_transaction():
            waiting.pop()()

    event.listen(model.Session, "before_commit", happen)
    yield waiting.append
    event.remove(model.Session, "before_commit", happen)


def titles() -> set[str]:
    return {one["title"] for one in index().values()}


def test_nobody_reads_what_is_not_committed(eight, committing):
    seen: list[set[str]] = []
    committing(lambda: seen.append(titles()))
    act("package_patch", id=eight[0], title="尚未提交")
    assert len(seen) == 1
    assert "尚未提交" not in seen[0]
    assert "尚未提交" in titles()


WRITES = {
    "a change": lambda one: act("package_patch", id=one, title="失败的标题"),
    "made private": lambda one: act("package_patch", id=one, private=True),
    "a deletion": lambda one: act("package_delete", id=one),
    "a file": lambda one: act("resource_create", package_id=one, url="https://x.cn/a", name="表"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_what_fails_at_its_commit_was_never_there(eight, committing, write):
    class Broken(Exception):
        pass

    def fail() -> None:
        raise Broken

    before = index()
    committing(fail)
    with pytest.raises(Broken):
        write(eight[0])
    model.Session.rollback()
    model.Session.remove()
    assert index() == before


def test_a_creation_that_fails_at_its_commit_leaves_no_orphan(eight, fgw, committing):
    def fail() -> None:
        raise KeyError("the postmaster died")

    committing(fail)
    with pytest.raises(KeyError):
        act("package_create", name="orphan", title="孤儿", owner_org=fgw["id"], notes="y",
            domain="transport", update_period="yearly", share_type="unconditional",
            open_attribute="unconditional")
    model.Session.remove()
    assert "orphan" not in index()


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_process_that_dies_after_its_commit_is_made_up_for(eight, monkeypatch, write):
    """Each write leaves its row in its own transaction; the reconciler goes on from it."""
    before = index()
    with monkeypatch.context() as dead:
        dead.setattr(writer, "settle", lambda *_only: False)
        write(eight[0])
    assert index() == before
    assert writer.waiting() == 1
    sent = versions()
    assert writer.drain().done == 1
    assert versions() != sent
    assert_equal_to_the_database()


def test_a_purged_entry_is_found_no_more(eight):
    act("package_delete", id=eight[0])
    act("dataset_purge", id=eight[0])
    assert eight[0] not in index()
    assert writer.waiting() == 0


def test_an_orphan_in_the_index_goes_when_its_row_is_put(eight):
    package = model.Package.get(eight[0])
    with model.ensure_engine().begin() as connection:
        connection.execute(text("DELETE FROM govdata_search_outbox"))
        connection.execute(
            text("UPDATE package SET state = 'deleted' WHERE id = :it"), {"it": package.id})
        connection.execute(
            text("INSERT INTO govdata_search_outbox (package_id) VALUES (:it)"), {"it": package.id})
    writer.drain()
    assert eight[0] not in index()


def test_with_solr_away_what_an_officer_saves_is_kept_and_found_later(
    eight, ckan_config, monkeypatch
):
    with monkeypatch.context() as away:
        away.setitem(ckan_config, "solr_url", "http://127.0.0.1:9/solr/nowhere")
        act("package_patch", id=eight[0], title="后来")
        act("package_patch", id=eight[1], private=True)
    assert act("package_show", id=eight[0])["title"] == "后来"
    assert writer.waiting() == 2
    writer.drain()
    assert_equal_to_the_database()


def test_the_writers_own_session_is_left_as_it_is(eight):
    package = model.Package.get(eight[0])
    package.title = "直接"
    session = model.Session()
    model.Session.commit()
    assert model.Session() is session
    assert package.title == "直接"
    assert "直接" in titles()
