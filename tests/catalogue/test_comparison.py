"""``ckan govdata reconcile --check`` finds and mends what the index tells otherwise."""

from __future__ import annotations

import json

import click
import pytest
import sqlalchemy as sa
from catalogue_sheets import act
from ckan import model
from ckan.cli.cli import ckan as command
from ckan.lib.search import common

from ckanext.govdata import slices
from ckanext.govdata.catalogue.cli import reconcile_command
from ckanext.govdata.catalogue.index import ckan_document, comparison, index_outbox, writer
from ckanext.govdata.job import Job, Unfinished


@pytest.fixture
def catalogue(fgw, run) -> dict[str, str]:
    """Entries of several kinds, all indexed; their ids by name."""
    titles = {"prices": "水价", "list": "名单", "lines": "公交线路", "draft": "草稿", "gone": "旧"}
    run([{"id": name, "title": title, "notes": "y", "publisher": fgw["title"]}
         for name, title in titles.items()])
    act("resource_create", package_id="list", url="https://x.cn/a.csv", name="表")
    act("package_patch", id="lines", private=True)
    model.Session.query(model.Package).filter_by(name="draft").one().state = "draft"
    model.Session.commit()
    act("package_delete", id="gone")
    writer.queue_all()
    writer.drain()
    return {row.name: row.id for row in model.Session.query(model.Package)}


def by_hand(statement: str, **values: object) -> None:
    """What somebody writes past every way of the portal."""
    model.Session.execute(sa.text(statement), values)
    model.Session.commit()  # much of it is followed; here that is lost too
    model.Session.execute(index_outbox.OUTBOX.delete())
    model.Session.commit()


def forget(package_id: str) -> None:
    solr = common.make_connection()
    solr.delete(id=ckan_document.index_id(package_id), commit=True)


def found(answer: tuple[comparison.Divergence, ...]) -> set[tuple[str, str]]:
    return {(one.kind, one.name) for one in answer}


def public_titles() -> set[str]:
    answer = common.make_connection().search("capacity:public", rows=1000, fl="title")
    return {document["title"] for document in answer.docs}


def test_nothing_is_found_where_nothing_differs(catalogue):
    assert comparison.mend() == comparison.Comparison(4, (), ())


def test_what_is_missing_old_or_of_nothing_is_named_and_mended(catalogue):
    forget(catalogue["prices"])
    by_hand("UPDATE package SET private = true WHERE name = 'list'")
    by_hand("UPDATE package SET state = 'deleted' WHERE name = 'draft'")
    answer = comparison.mend()
    assert found(answer.mended) == {("missing", "prices"), ("stale", "list"), ("orphan", "draft")}
    assert answer.left == ()
    assert public_titles() == {"水价"}
    assert comparison.mend().mended == ()


@pytest.mark.parametrize("change", [
    "title = '别的'", "name = 'other'", "owner_org = NULL",
    "metadata_modified = metadata_modified + interval '1 second'",
])
def test_every_field_that_is_compared_tells(catalogue, change):
    by_hand(f"UPDATE package SET {change} WHERE name = 'prices'")
    assert {one.kind for one in comparison.mend().mended} == {"stale"}
    assert comparison.mend().mended == ()


def test_more_than_a_page_is_compared(catalogue, monkeypatch):
    monkeypatch.setattr(comparison, "PAGE", 2)
    forget(catalogue["lines"])
    answer = comparison.mend()
    assert (answer.checked, found(answer.mended)) == (3, {("missing", "lines")})


def test_what_waits_in_the_outbox_is_no_difference(catalogue):
    by_hand("UPDATE package SET title = '新' WHERE name = 'prices'")
    index_outbox.put([catalogue["prices"]])
    model.Session.commit()
    assert comparison.mend().mended == ()
    assert writer.waiting() == 1


def test_what_the_index_refuses_is_left_and_told(catalogue, cli, monkeypatch):
    forget(catalogue["prices"])
    monkeypatch.setattr(writer, "documents_of", lambda ids: 1 / 0)
    answer = cli.invoke(command, ["govdata", "reconcile", "--check"])
    assert answer.exit_code == 1
    assert f"left: missing prices ({catalogue['prices']})" in answer.output.splitlines()


def test_the_command_tells_people_and_programs(catalogue, cli):
    forget(catalogue["prices"])
    told = cli.invoke(command, ["govdata", "reconcile", "--check", "--json"])
    one = {"id": catalogue["prices"], "name": "prices", "kind": "missing"}
    said = json.loads(told.output[told.output.index("{"):])
    assert said == {"checked": 3, "mended": [one], "left": []}
    again = cli.invoke(command, ["govdata", "reconcile", "--check"])
    assert again.output.splitlines()[-1] == "compared 4, mended 0, left 0"
    both = cli.invoke(command, ["govdata", "reconcile", "--check", "--all"])
    assert both.exit_code == 2


def test_a_search_server_that_is_away_is_said(catalogue, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "solr_url", "http://127.0.0.1:9/solr/nowhere")
    with pytest.raises(click.ClickException, match="does not answer"):
        reconcile_command.callback(everything=False, check=True, as_json=False)


def test_each_night_the_operator_is_told(catalogue):
    job = {one.name: one for one in slices.listed("schedule", "jobs", Job)}["compare"]
    job.function()
    forget(catalogue["prices"])
    with pytest.raises(Unfinished, match="1 entries, all mended: missing prices"):
        job.function()
