"""Jobs that are cut off are counted, what is put off is not, and nobody asks over a newer word."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from table_world import CSV, in_database, make, replace, show, site, table, upload

from ckanext.govdata import queued_job
from ckanext.govdata.tables import datastore_table, follow, load_job, load_rows
from ckanext.govdata.tables.load_rows import WantedTable
from ckanext.govdata.tables.model import TableLoad


@pytest.fixture
def asked(fresh, monkeypatch) -> list[tuple[Any, list[str]]]:
    """What was put into a queue that nobody works at; it forgets its jobs."""
    found: list[tuple[Any, list[str]]] = []
    monkeypatch.setattr(queued_job, "enqueue", lambda work, given, *_: found.append((work, given)))
    monkeypatch.setattr(queued_job, "is_coming", lambda *_: False)
    return found


def row_of(file: str) -> TableLoad:
    row = load_rows.find(model.Session, file)
    assert row is not None
    return row


def cut_off(file: str) -> None:
    """Its job begins, and its process ends."""
    load_rows.change(model.Session, row_of(file), state="loading")
    model.Session.commit()


def forgotten(_file: str) -> None:
    """The queue lost it before it began."""


def put_off(file: str) -> None:
    load_rows.put_off(model.Session, row_of(file), "datastore_away")
    model.Session.commit()


@pytest.mark.parametrize(("happens", "state"), [
    ([put_off] * 9, "waiting"),
    ([put_off, put_off, cut_off], "waiting"),
    ([cut_off, put_off, put_off], "waiting"),
    ([forgotten] * 4, "waiting"), ([cut_off, forgotten, forgotten, put_off], "waiting"),
    ([cut_off, cut_off], "failed"), ([cut_off, forgotten, cut_off], "failed"),
    ([cut_off, put_off, put_off, cut_off], "failed"),
    ([put_off, cut_off, put_off, cut_off], "failed"),
])
def test_jobs_that_are_cut_off_are_counted_alone(asked, happens: list[Any], state: str) -> None:
    file = upload(make(), CSV)
    for happen in happens:
        happen(file)
        complaint = follow.look_for_missed()
    assert row_of(file).state == state
    assert bool(complaint) is (state == "failed")
    assert len(asked) == len(happens) + (state == "waiting")


def test_of_the_first_time_it_is_said_that_it_goes_on(asked) -> None:
    file = upload(make(), CSV)
    cut_off(file)
    assert (show(file)["state"], show(file)["code"]) == ("waiting", "cut_off")
    follow.look_for_missed()
    cut_off(file)
    assert (show(file)["state"], show(file)["code"]) == ("failed", "died")


def test_what_the_queue_forgot_was_not_cut_off(asked) -> None:
    file = upload(make(), CSV)
    assert (show(file)["state"], show(file)["code"]) == ("waiting", "")


def known(file: str) -> WantedTable:
    return load_rows.wanted(model.Session, load_rows.OF_FILE, file=file)[0]


def test_who_knows_an_older_file_does_not_ask_over_the_newer_one(asked) -> None:
    """As a look that listed the lost ones before somebody replaced the file."""
    file = upload(make(), CSV)
    old = known(file)
    replace(file, "线路名称\n新\n", "b.csv")
    new = row_of(file)
    follow.begin(old)
    follow.begin(old, "somebody", 1)
    assert row_of(file) == new
    assert len(asked) == 2


def test_nor_over_the_same_one_that_was_begun_again_meanwhile(asked) -> None:
    file = upload(make(), CSV)
    old = known(file)
    follow.begin(old)
    new = row_of(file)
    follow.begin(old)
    assert row_of(file) == new


def test_who_asks_for_a_file_that_was_replaced_meanwhile_has_what_it_is_now(asked) -> None:
    file = upload(make(), CSV)
    old = known(file)._replace(digest="0" * 64)
    follow.begin(old)
    assert row_of(file).digest == known(file).digest


def test_of_a_file_that_is_gone_nothing_is_asked(asked) -> None:
    entry = make()
    file = upload(entry, CSV)
    old, row = known(file), row_of(file)
    tk.get_action("package_patch")(site(), {"id": entry["id"], "resources": []})
    follow.begin(old)
    assert row_of(file) == row


def test_a_job_that_was_taken_for_dead_changes_nothing_any_more(asked) -> None:
    file = upload(make(), CSV)
    [(_, first)] = asked
    follow.look_for_missed()
    row = row_of(file)
    load_job.run(*first)
    assert row_of(file) == row
    load_job.run(*asked[1][1])
    assert show(file)["state"] == "loaded"


def test_who_writes_an_entry_does_not_wait_for_readers_of_its_tables(asked, ckan_config) -> None:
    """A job takes away what is no table any more."""
    entry = make()
    files = [upload(entry, CSV), upload(entry, CSV + "3路,1,a\n", "b.csv")]
    for _, given in asked[:]:
        load_job.run(*given)
    asked.clear()
    tk.get_action("package_patch")(site(), {"id": entry["id"], "resources": []})
    assert in_database(ckan_config) == set(files)
    [(work, given)] = asked
    work(*given)
    assert in_database(ckan_config) == set()


@pytest.mark.usefixtures("at_once")
def test_an_index_that_cannot_be_made_leaves_the_table(monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(datastore_table, "index_words", fail)
        patch.setattr(load_job.uncaught_errors, "let_go", lambda: None)
        file = upload(make(), CSV)
    assert (show(file)["state"], len(table(file))) == ("loaded", 2)


@pytest.mark.usefixtures("at_once")
def test_of_which_bytes_a_table_is_says_the_table(ckan_config) -> None:
    """Not what is written elsewhere: the button makes anew what a program threw away."""
    file = upload(make(), CSV)
    assert datastore_table.made_of(file) == row_of(file).loaded_digest
    tk.get_action("datastore_delete")(site(), {"resource_id": file, "force": True})
    assert datastore_table.made_of(file) is None
    assert show(file)["state"] == "loaded"
    tk.get_action("govdata_table_load")(site(), {"resource_id": file})
    assert len(table(file)) == 2
