"""No table outlives its file, none of ours is lost, and what passes does not end a load."""
from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckanext.datastore.backend.postgres import get_write_engine
from sqlalchemy.exc import OperationalError
from table_world import CSV, in_database, make, replace, set_aside, show, site, table, types, upload

from ckanext.govdata.tables import datastore_table, follow, load_job, load_rows

pytestmark = pytest.mark.usefixtures("at_once")


def without_files(entry: dict[str, Any]) -> None:
    tk.get_action("package_patch")(site(), {"id": entry["id"], "resources": []})


def revised(entry: dict[str, Any]) -> None:
    known = tk.get_action("package_show")(site(), {"id": entry["id"]})
    tk.get_action("package_revise")(site(), {
        "match": {"id": entry["id"]}, "filter": [f"-resources__{known['resources'][0]['id']}"]})


@pytest.mark.parametrize("change", [
    without_files, revised,
    lambda entry: tk.get_action("package_delete")(site(), {"id": entry["id"]}),
    lambda entry: tk.get_action("dataset_purge")(site(), {"id": entry["id"]}),
])
def test_a_file_that_is_gone_leaves_no_table(change, ckan_config) -> None:
    entry = make()
    file = upload(entry, CSV)
    assert in_database(ckan_config) == {file}
    change(entry)
    assert follow.look_for_missed() == ""
    assert in_database(ckan_config) == set()
    assert load_rows.find(model.Session, file) is None
    withdrawn = sa.text("SELECT count(*) FROM govdata_ledger WHERE action = 'table_withdrawn'")
    assert model.Session.scalar(withdrawn) == 1


@pytest.mark.parametrize("dropped", ["", "by a program", "and another one is there"])
def test_what_was_replaced_goes_with_its_file(dropped: str, ckan_config) -> None:
    """Also where CKAN dropped the table before, as its own actions do."""
    entry = make()
    file = upload(entry, CSV)
    replace(file, "线路名称\n新\n")
    assert len(set_aside()) == 1
    if dropped:
        tk.get_action("datastore_delete")(site(), {"resource_id": file, "force": True})
    if dropped.startswith("and"):
        tk.get_action("datastore_create")(site(), {
            "resource_id": file, "force": True, "records": [{"甲": 1}]})
    without_files(entry)
    assert follow.look_for_missed() == ""
    assert set_aside() == []
    assert in_database(ckan_config) == ({file} if dropped.startswith("and") else set())


def test_of_removed_files_it_is_taken_at_once(ckan_config) -> None:
    entry = make()
    upload(entry, CSV)
    without_files(entry)
    assert in_database(ckan_config) == set()


def test_an_entry_whose_attribute_is_unknown_has_no_table(ckan_config) -> None:
    entry = make()
    file = upload(entry, CSV)
    model.Session.execute(sa.text(
        "UPDATE package SET extras = extras - 'open_attribute' WHERE id = :id"),
        {"id": entry["id"]})
    model.Session.commit()
    assert follow.look_for_missed() == ""
    assert (in_database(ckan_config), show(file)["state"]) == (set(), "none")


def test_a_table_whose_commit_was_refused_is_ours_and_is_loaded_again(monkeypatch) -> None:
    """The DataStore has it, the main database does not know it."""
    kept = datastore_table.NewTable.keep

    def keep(self: datastore_table.NewTable) -> None:
        kept(self)
        raise RuntimeError("the machine is gone")

    with monkeypatch.context() as patch:
        patch.setattr(datastore_table.NewTable, "keep", keep)
        patch.setattr(load_job.uncaught_errors, "let_go", lambda: None)
        file = upload(make(information_items=[]), "甲\n旧\n")
    assert show(file)["state"] == "failed"
    replace(file, "甲\n新\n")
    assert (show(file)["state"], table(file)) == ("loaded", [["新"]])


@pytest.mark.parametrize("width", [99, 100, 101, 300])
def test_a_wide_file_becomes_a_table(width: int) -> None:
    head = ",".join(f"列{n}" for n in range(width))
    file = upload(make(information_items=[]), f"{head}\n{','.join(['词'] * width)}\n")
    assert (show(file)["state"], show(file)["table"]["columns"]) == ("loaded", width)


def test_nothing_of_the_portal_is_open_while_rows_are_read(monkeypatch) -> None:
    seen: list[bool] = []
    built = load_job.open_table

    def open_table(*given: Any) -> Any:
        seen.append(model.Session().in_transaction())
        return built(*given)

    monkeypatch.setattr(load_job, "open_table", open_table)
    upload(make(), CSV)
    assert seen == [False]


def test_a_withdrawal_that_waits_holds_no_turn_of_the_ledger(monkeypatch, ckan_config) -> None:
    """And it goes on with the next file."""
    monkeypatch.setattr(datastore_table, "WAITED", 1)
    entry = make()
    file, other = upload(entry, CSV), upload(entry, CSV + "3路,1,a\n", "b.csv")
    written: list[object] = []
    monkeypatch.setattr(load_job.book, "write", lambda _session, lines: written.extend(
        one for one in lines if one.action == "table_withdrawn"))
    with datastore_table._engine().connect() as reader:
        reader.execute(sa.text(f'SELECT * FROM "{file}"'))
        without_files(entry)
        assert in_database(ckan_config) == {file}
        assert len(written) == 1
        reader.rollback()
    assert follow.look_for_missed() == ""
    assert (in_database(ckan_config), len(written)) == (set(), 2)
    assert load_rows.find(model.Session, other) is None


def test_what_is_a_table_again_meanwhile_stays(ckan_config) -> None:
    file = upload(make(), CSV)
    load_job.withdraw(file)
    assert (in_database(ckan_config), show(file)["state"]) == ({file}, "loaded")


@pytest.mark.parametrize("heading", ["xmin", "xmax", "ctid", "cmin", "cmax", "tableoid", "XMIN"])
def test_headings_that_the_database_has_itself(heading: str) -> None:
    items = [{"name": heading, "type": "C", "opened": True}]
    file = upload(make(information_items=items), f"{heading},乙\n1,2\n")
    assert show(file)["state"] == "loaded"
    fields = tk.get_action("datastore_info")({"user": ""}, {"id": file})["fields"]
    assert len([one for one in fields if one["id"] != "_id"]) == 1


@pytest.mark.parametrize("sign", ["\u00ad", "\u061c", "\u2066", "\u2069", "\ue000", "\U000e0041"])
def test_signs_that_nobody_sees_in_headings(sign: str) -> None:
    file = upload(make(information_items=[]), f"面{sign}积,乙\n1,2\n")
    assert (show(file)["state"], len(types(file))) == ("loaded", 2)


def test_digits_of_other_scripts_stay_text() -> None:
    file = upload(make(information_items=[]), "数,日\n1２,2023-0５-01\n3,2023-05-02\n")
    assert types(file) == {"数": "text", "日": "text"}


def test_a_value_that_no_type_takes_is_told_without_it(monkeypatch) -> None:
    monkeypatch.setattr(datastore_table, "_value", lambda *_: "CAST('秘密' AS numeric)")
    told = show(upload(make(), CSV))
    assert (told["state"], told["code"]) == ("failed", "bad_value")
    assert "秘密" not in json.dumps(told, ensure_ascii=False)


def test_a_reader_counts_the_new_rows(monkeypatch) -> None:
    """Also where the index is not made yet; the look makes it later."""
    file = upload(make(information_items=[]), "甲\n旧\n")
    count = {"resource_id": file, "limit": 0}
    assert tk.get_action("datastore_search")(site(), count)["total"] == 1
    with monkeypatch.context() as patch:
        patch.setattr(datastore_table, "index_words", lambda _file: None)
        replace(file, "甲\n新\n更新\n")
        assert tk.get_action("datastore_search")(site(), count)["total"] == 2
    indexes = sa.text("SELECT count(*) FROM pg_indexes WHERE tablename = :file")
    with get_write_engine().connect() as connection:
        before = connection.scalar(indexes, {"file": file})
    model.Session.rollback()
    assert follow.look_for_missed() == ""
    with get_write_engine().connect() as connection:
        assert connection.scalar(indexes, {"file": file}) > before


def test_a_file_of_rows_that_no_database_keeps() -> None:
    told = show(upload(make(information_items=[]), '[{"甲": "a\\u0000", "乙": 1}]', "a.json"))
    assert (told["state"], told["table"]["rows"]) == ("loaded", 0)
    assert {one["code"] for one in told["findings"]} == {"no_rows", "nul_rows"}


def test_an_address_that_is_held_back_is_a_file_all_the_same() -> None:
    """Of entries open on conditions CKAN's own field says nothing."""
    file = upload(make("conditional"), CSV, "a.csv", format="")
    assert (show(file)["state"], show(file)["filename"]) == ("loaded", "a.csv")


class Refused(Exception):
    pgcode = "40P01"


@pytest.mark.parametrize("trouble", [
    OperationalError("", {}, Refused()), datastore_table.Unloadable("datastore_away"),
    datastore_table.Unloadable("table_busy"),
])
def test_what_passes_is_tried_again_for_as_long_as_it_takes(
        monkeypatch, trouble: Exception) -> None:
    def fail(*_: object) -> None:
        raise trouble

    with monkeypatch.context() as patch:
        patch.setattr(load_job, "activate", fail)
        file = upload(make(), CSV)
        for _ in range(9):
            follow.look_for_missed()
        assert show(file)["state"] == "waiting"
        assert "ten minutes" in show(file)["message"]
    assert follow.look_for_missed() == ""
    assert (show(file)["state"], len(table(file))) == ("loaded", 2)


@pytest.mark.parametrize(("sqlstate", "code"), [
    ("53100", "database_full"), ("53200", "database_memory"), ("53400", "database_limit"),
])
def test_what_does_not_pass_is_told_and_not_tried_for_ever(
        monkeypatch, sqlstate: str, code: str) -> None:
    def fail(*_: object) -> None:
        error = type("Refused", (Exception,), {"pgcode": sqlstate})()
        with datastore_table._in_words():
            raise OperationalError("", {}, error)

    with monkeypatch.context() as patch:
        patch.setattr(load_job, "activate", fail)
        file = upload(make(), CSV)
    assert follow.look_for_missed() == ""
    assert (show(file)["state"], show(file)["code"]) == ("failed", code)
    assert "Tell the operator" in show(file)["message"]


@pytest.mark.parametrize("broken", ["begin", "withdraw"])
def test_one_file_that_breaks_keeps_no_other_from_its_turn(
        monkeypatch, ckan_config, broken: str) -> None:
    entry = make()
    with monkeypatch.context() as patch:
        patch.setattr(follow, "entry_written", lambda *_entry, **_more: None)
        files = [upload(entry, CSV), upload(entry, CSV + "3路,1,a\n", "b.csv")]
    at = follow if broken == "begin" else load_job
    if broken == "withdraw":
        assert follow.look_for_missed() == ""
        model.Session.execute(sa.text("UPDATE package SET extras = extras - 'open_attribute'"))
        model.Session.commit()
    done, work = [], getattr(at, broken)

    def once(file: Any, *more: Any) -> None:
        done.append(file)
        if len(done) == 1:
            raise ValueError("a string literal cannot contain NUL")
        work(file, *more)

    monkeypatch.setattr(at, broken, once)
    assert follow.look_for_missed() == ""
    assert len(done) == 2
    assert len(in_database(ckan_config)) == 1
    assert in_database(ckan_config) < set(files)


@pytest.mark.parametrize("name", ["a.json", "a.geojson"])
def test_a_number_is_what_the_file_says(name: str) -> None:
    text = '{"数": 12345678901.12345678901, "率": 0.10}'
    whole = f'{{"type": "FeatureCollection", "features": [{{"properties": {text}}}]}}'
    file = upload(make(information_items=[]), f"[{text}]" if name == "a.json" else whole, name)
    with get_write_engine().connect() as connection:
        [row] = connection.execute(sa.text(f'SELECT "数", "率" FROM "{file}"'))
    assert [str(cell) for cell in row] == ["12345678901.12345678901", "0.10"]
    assert set(types(file).values()) == {"numeric"}


@pytest.mark.parametrize(("properties", "code"), [
    ('{"数": NaN}', "sheet.not_json"), ('{"数": -Infinity}', "sheet.not_json"),
    ('{"数": 1, "数": 2}', "sheet.key_twice"),
])
@pytest.mark.parametrize("name", ["a.json", "a.geojson"])
def test_what_json_does_not_have_is_refused(name: str, properties: str, code: str) -> None:
    whole = f'{{"type": "FeatureCollection", "features": [{{"properties": {properties}}}]}}'
    text = f"[{properties}]" if name == "a.json" else whole
    assert show(upload(make(information_items=[]), text, name))["code"] == code
