"""No entry stops an import, the reconciler, a rebuild or another entry's indexing."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from catalogue_sheets import act
from ckan import logic, model
from ckan.cli.cli import ckan as command
from ckan.lib import search
from ckan.lib.search import index
from test_reconcile import index as indexed

from ckanext.govdata import now
from ckanext.govdata.catalogue import schedule
from ckanext.govdata.catalogue.index import index_outbox, writer
from ckanext.govdata.scheduler import timetable
from ckanext.govdata.search import popularity

RECONCILE = next(one for one in schedule.jobs if one.name == "reconcile")

HUGE = "水" * 20_000
FREE_FIELDS = {
    "a count that is none": {"key": "views_recent", "value": "many"},
    "the index's own version": {"key": "_version_", "value": "7"},
    "a year after 9999": {"key": "start_date", "value": "10000-01-01"},
    "a number for a date": {"key": "start_date", "value": "99999999999999999999"},
    "a date of another zone": {"key": "start_date", "value": "2020-01-01T08:00:00+08:00"},
    "a text too long for a word": {"key": "remark", "value": HUGE},
    "no name": {"key": "（）", "value": "1"},
    "a field of ours": {"key": "gd_vector", "value": "[1]"},
}


@pytest.fixture
def rows(fgw):
    """Rows of a good sheet, by their titles."""
    return lambda *titles: [
        {"id": f"e-{title}", "title": title, "notes": "摘要", "publisher": fgw["title"]}
        for title in titles
    ]


def titles() -> set[str]:
    return {document["title"] for document in indexed().values()}


def spoil(name: str, **columns) -> str:
    """Write into the database what no form or action lets through."""
    package = model.package_table
    with model.ensure_engine().begin() as connection:
        written = sa.update(package).where(package.c.name == name).values(columns)
        return connection.execute(written.returning(package.c.id)).scalar_one()


@pytest.fixture
def poisoned(run, rows):
    """Three entries, of which the second's document cannot be made: its row cannot be read."""
    run(rows("a", "b", "c"))
    search.clear_all()
    with model.ensure_engine().begin() as connection:
        change = "UPDATE package SET metadata_created = '10000-01-01' WHERE name = 'e-b'"
        connection.execute(sa.text(change))
        query = "SELECT id FROM package WHERE name = 'e-b'"
        return connection.execute(sa.text(query)).scalar_one()


def test_related_entries_are_indexed_and_stop_nobody(run, rows):
    run(rows("a", "b", "c"))
    act("package_relationship_create", subject="e-a", object="e-b", type="depends_on")
    assert run(rows("a", "b", "d"))["indexed"] is True
    assert titles() == {"a", "b", "c", "d"}
    found = {d["name"]: d for d in writer.documents_of(list(_ids("e-a", "e-b")))}
    assert found["e-a"]["depends_on"] == ["e-b"]
    assert found["e-b"]["dependency_of"] == ["e-a"]
    act("package_patch", id="e-a", notes="改了")
    search.rebuild()
    assert titles() == {"a", "b", "c", "d"}


def test_a_related_entry_that_is_hidden_is_not_named_to_the_index(run, rows):
    run(rows("a", "b"))
    act("package_relationship_create", subject="e-a", object="e-b", type="depends_on")
    act("package_patch", id="e-b", private=True)
    assert "depends_on" not in writer.documents_of(list(_ids("e-a")))[0]


def _ids(*names: str):
    return model.Session.scalars(sa.select(model.Package.id).where(model.Package.name.in_(names)))


@pytest.mark.parametrize("extra", FREE_FIELDS.values(), ids=FREE_FIELDS)
def test_no_free_field_keeps_an_entry_out_of_the_index(run, rows, extra):
    run(rows("a", "b"))
    package = model.Package.get("e-a")
    package.extras = {**(package.extras or {}), extra["key"]: extra["value"]}
    model.Session.commit()
    writer.queue_all()
    assert writer.drain().refused == {}
    assert titles() == {"a", "b"}


@pytest.mark.parametrize(
    "columns",
    [
        {"extras": {"information_items": "{broken"}},
        {"extras": {"information_items": "[1]", "application_materials": "3"}},
        {"extras": {"data_formats": '{"a": {"b": 1}}', "imported_columns": "[]"}},
        {"url": HUGE},
        {"title": HUGE},
        {"author": HUGE},
        {"owner_org": "no-such-department"},
        {"owner_org": None},
    ],
)
def test_damaged_entries_keep_nobody_out_of_the_index(run, rows, columns):
    run(rows("a", "b", "c"))
    search.clear_all()
    spoil("e-b", **columns)
    writer.queue_all()
    found = writer.drain()
    assert {"a", "c"} <= titles()
    assert found.done + len(found.refused) == 3
    assert run(rows("d"))["indexed"] is True


def test_the_guilty_entry_is_alone_named_and_tried_later(poisoned, cli):
    writer.queue_all()
    answer = cli.invoke(command, ["govdata", "reconcile", "--all", "--json"])
    assert answer.exit_code == 1
    told = json.loads(answer.output.splitlines()[-1])
    assert told["indexed"] == 2
    assert [(one["id"], one["name"], one["tries"]) for one in told["refused"]] == [
        (poisoned, "e-b", 1)
    ]
    assert "10000" in told["refused"][0]["why"] or "year" in told["refused"][0]["why"]
    assert titles() == {"a", "c"}
    assert writer.drain().refused == {}, "not due yet"
    assert cli.invoke(command, ["govdata", "reconcile"]).exit_code == 1, "asked, it tries"
    assert writer.refused()[0].tries == 2


def test_what_is_refused_again_waits_longer_and_six_hours_at_most(fresh):
    waits = []
    for tries in (1, 2, 3, 7, 50):
        index_outbox.put_back("refused", tries, "no")
        due = model.Session.scalar(sa.select(index_outbox.OUTBOX.c.due))
        waits.append(due - now.real())
    assert all(later > sooner * 1.5 for sooner, later in pairwise(waits))
    assert timedelta(hours=5) < waits[-1] <= timedelta(hours=6)


def test_ckans_own_rebuild_goes_past_it(poisoned, cli):
    answer = cli.invoke(command, ["search-index", "rebuild", "-q"])
    assert not answer.exit_code, answer.output
    assert titles() == {"a", "c"}


def test_the_health_page_tells_of_it(poisoned, app):
    writer.queue_all()
    assert not timetable.run(app.flask_app, RECONCILE)
    health = app.get("/api/govdata/health", status=503).json
    assert any(poisoned in warning for warning in health["warnings"]), health["warnings"]


def test_the_health_page_names_no_entry_that_is_not_public(poisoned, app):
    spoil("e-b", private=True)
    writer.queue_all()
    timetable.run(app.flask_app, RECONCILE)
    health = app.get("/api/govdata/health", status=503).json
    assert any("1 entries" in warning for warning in health["warnings"])
    assert poisoned not in json.dumps(health)


def test_mended_it_is_indexed_at_once(poisoned, run, rows):
    writer.queue_all()
    writer.drain()
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text("UPDATE package SET metadata_created = '2020-01-01'"))
    changed = rows("b")
    changed[0]["notes"] = "改好"
    assert run(changed)["indexed"] is True
    assert titles() == {"a", "b", "c"}
    assert writer.refused() == []


def test_an_import_of_others_is_written_and_indexed(poisoned, run, rows):
    writer.queue_all()
    answer = run(rows("d"))
    assert (answer["written"], answer["created"]) == (True, 1)
    assert "d" in titles()


def test_a_bug_after_the_commit_is_not_told_as_a_failed_import(run, rows, monkeypatch):
    def broken(*_):
        raise LookupError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(writer, "_taken", broken)
        answer = run(rows("a"))
    assert (answer["written"], answer["indexed"]) == (True, False)
    assert writer.drain().done == 1


def test_counting_uses_goes_on(poisoned):
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text(
            "INSERT INTO govdata_entry_use SELECT id, 1, 0 FROM package"))
    assert popularity.publish() == 3
    assert titles() == {"a", "c"}
    assert [one.id for one in writer.refused()] == [poisoned]


def test_stock_writing_keeps_what_solr_refuses(run, rows, monkeypatch):
    """CKAN's own actions write an entry that the index cannot take, and it waits."""
    run(rows("a"))
    build = writer.ckan_document.build

    def broken(default, custom):
        return {**build(default, custom), "views_total": "many"}

    monkeypatch.setattr(writer.ckan_document, "build", broken)
    assert act("package_patch", id="e-a", notes="改了")["notes"] == "改了"
    assert [one.name for one in writer.refused()] == ["e-a"]
    monkeypatch.undo()
    assert writer.drain(everything=True).done == 1


def test_documents_are_those_of_ckans_own_function(run, rows, monkeypatch):
    run(rows("a"))
    act("resource_create", package_id="e-a", url="https://x.cn/a.csv", name="表", format="CSV")
    sent = []

    class Collector:
        url = "collector"

        def add(self, docs, commit=False):
            sent.extend(docs)

    package_id = act("package_show", id="e-a")["id"]
    ours = writer.documents_of([package_id])[0]
    monkeypatch.setattr(index, "make_connection", Collector)
    default, custom = logic.package_show_default_and_custom_schemas(
        {"ignore_auth": True}, package_id)
    index.PackageSearchIndex().index_package(dict(default, with_custom_schema=custom))
    assert ours == sent[0]
