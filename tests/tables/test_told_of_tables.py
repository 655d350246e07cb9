"""What an officer is told of a file's table is so: each state is made, and its sentence read."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from table_world import CSV, codes, make, replace, show, table, types, upload

from ckanext.govdata.tables import datastore_table, follow, load_job
from tests.sheets import books

pytestmark = pytest.mark.usefixtures("at_once")
POINT = {"type": "Point", "coordinates": [117.2, 31.8]}


def feature(properties: object, geometry: object = POINT) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def listed(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def told(file: str) -> dict[str, str]:
    return {one["code"]: one["message"] for one in show(file)["findings"]}


@pytest.mark.parametrize(("text", "rows"), [
    (json.dumps(feature({"线路名称": "1路"})), [["1路"]]),
    (json.dumps(feature({"线路名称": "1路"}), indent=2), [["1路"]]),
    (f"{json.dumps(feature({'线路名称': '1路'}))}\n{json.dumps(feature({'线路名称': '2路'}))}\n",
     [["1路"], ["2路"]]),
    (listed(feature({"线路名称": "1路"}), feature({"线路名称": "2路"})), [["1路"], ["2路"]]),
])
@pytest.mark.parametrize("name", ["a.geojson", "a.json"])
def test_features_are_rows_and_their_shapes_are_said_to_be_left_out(
        text: str, rows: list[list[str]], name: str) -> None:
    """A list of them, a single one, one to a line."""
    file = upload(make(), text, name)
    assert table(file) == rows
    assert f"shapes of {len(rows)} " in told(file)["geometry_left_out"]


def test_where_nothing_is_left_out_nothing_is_said() -> None:
    assert "geometry_left_out" not in codes(upload(make(), listed(
        feature({"线路名称": "1路"}, None)), "a.geojson"))


@pytest.mark.parametrize(("text", "code"), [
    ('{"type": "FeatureCollection", "features": 3}', "geojson"),
    ('{"type": "FeatureCollection"}', "geojson"),
    (listed("1路"), "geojson"), (listed(feature([1])), "geojson"),
    ('{"type": "Topology", "objects": {}, "arcs": []}', "topojson"),
    ('{"type": "FeatureCollection", "features": [', "sheet.not_json"),
    (f'{json.dumps(feature({"甲": 1}))}\n{{"type": "Feature"', "sheet.not_json"),
])
def test_of_what_is_no_list_of_features_it_is_said_why(text: str, code: str) -> None:
    assert show(upload(make(), text, "a.geojson"))["code"] == code


def test_geojson_that_is_too_large_is_said_to_be(monkeypatch) -> None:
    from ckanext.govdata.sheets import text_tables

    monkeypatch.setattr(text_tables, "MAX_WHOLE_JSON", 2**20)
    text = listed(feature({"甲": "x" * 2**20}))
    said = show(upload(make(), text, "a.geojson"))
    assert (said["code"], "1 MiB" in said["message"]) == ("sheet.too_large", True)


@pytest.mark.ckan_config("ckanext.govdata.tables.bad_rows", 1)
@pytest.mark.parametrize(("name", "text", "code", "words"), [
    ("a.csv", "甲,乙\n1,2\n1,2,3\n1,2,3\n", "too_many_bad_rows", "more cells"),
    ("a.json", json.dumps([{"甲": "a\0"}, {"甲": "b"}, {"甲": "c\0"}]), "too_many_nul_rows", "NUL"),
])
def test_why_rows_are_bad_is_said_as_it_is(name: str, text: str, code: str, words: str) -> None:
    said = show(upload(make(information_items=[]), text, name))
    assert (said["code"], words in said["message"]) == (code, True)


@pytest.mark.ckan_config("ckanext.govdata.tables.columns", 1500)
@pytest.mark.parametrize(("cell", "kind"), [("123456789012", "int8"), ("春江潮水", "text")])
def test_rows_that_are_too_wide_for_the_database_are_told_in_words(cell: str, kind: str) -> None:
    """A page has 8 kB; a table of the same columns with few of them filled goes in."""
    head = ",".join(f"c{n}" for n in range(1400))
    entry = make(information_items=[])
    file = upload(entry, f"{head}\n{','.join([cell] * 1400)}\n")
    assert (show(file)["state"], show(file)["code"]) == ("failed", "too_wide_rows")
    assert "Divide the columns" in show(file)["message"]
    replace(file, f"{head}\n{cell}{',' * 1399}\n")
    assert (show(file)["state"], types(file)["c0"]) == ("loaded", kind)


@pytest.mark.parametrize("kind", books.KINDS)
def test_numbers_that_are_shown_rounded_are_told(kind: str, tmp_path: Path) -> None:
    """What is shown is in the table, and it is said what the sheet has."""
    path = books.write(tmp_path / f"a.{kind}", [
        [("线路名称", "General"), ("均价", "General"), ("占比", "General"), ("数", "General")],
        [("1路", "General"), (1.005, "0.00"), (0.12345, "0.0%"), (3.5, "0.00")],
        [("2路", "General"), (2.5, "0.00"), (0.5, "0.0%"), (4, "0.00")],
        [("3路", "General"), (2.4449, "0.00"), (0.25, "0%"), (5, "0")],
    ])
    file = upload(make(information_items=[]), path.read_bytes(), path.name)
    assert [[str(cell) for cell in row] for row in table(file)] == [
        ["1路", "1.01", "12.3%", "3.5"], ["2路", "2.5", "50.0%", "4.0"],
        ["3路", "2.44", "25%", "5"]]
    found = {one["column"]: one for one in show(file)["findings"] if one["code"] == "rounded"}
    assert {column: one["rows"] for column, one in found.items()} == {"均价": [2, 4], "占比": [2]}
    assert "1.005 is shown as 1.01" in found["均价"]["message"]
    assert "what is shown" in found["均价"]["message"]


def test_numbers_within_objects_keep_their_digits() -> None:
    cell = '{"率": 0.10, "额": [12345678901.12345678901, 2.50], "注": "a\\"b", "空": null}'
    assert table(upload(make(information_items=[]), f'[{{"甲": {cell}}}]', "a.json")) == [[cell]]


@pytest.mark.parametrize("sign", ["\u200b", "\u200d", "\u00ad", "\ufeff", "\u2060"])
def test_a_heading_is_its_items_whatever_nobody_sees_in_it(sign: str) -> None:
    """On either side: pasted names bring such signs along."""
    items = [{"name": "线路名称", "type": "C", "opened": True},
             {"name": f"客{sign}流量", "type": "N", "opened": True}]
    file = upload(make(information_items=items), f"线路{sign}名称,客流量\n1路,12\n")
    assert codes(file) == {}


@pytest.mark.parametrize("trouble", [
    "SELECT pg_terminate_backend(pg_backend_pid())",
    "SELECT pg_advisory_xact_lock(1)",
])
def test_a_database_that_ends_a_load_or_keeps_it_waiting_is_said_to_be_busy(
        monkeypatch, trouble: str) -> None:
    """As when PostgreSQL is restarted, or somebody keeps a lock."""
    def activate(session: Any, *_: object) -> None:
        session.execute(sa.text("SET LOCAL lock_timeout = '10ms'"))
        session.execute(sa.text(trouble))

    with monkeypatch.context() as patch, model.meta.engine.connect() as other:
        other.execute(sa.text("SELECT pg_advisory_xact_lock(1)"))
        patch.setattr(load_job, "activate", activate)
        file = upload(make(), "线路名称\n1路\n")
        told = show(file)
        other.rollback()
    assert (told["state"], told["code"]) == ("waiting", "database_busy")
    assert "busy or away" in told["message"]
    assert follow.look_for_missed() == ""
    assert (show(file)["state"], show(file)["message"]) == ("loaded", "")


def test_a_damaged_line_of_geojson_is_told_by_its_own_number() -> None:
    whole = json.dumps(feature({"线路名称": "1路"}), ensure_ascii=False)
    text = f'{whole}\n{whole}\n{{"type": "Feature", "properties": {{"线路名称": }}}}\n'
    said = show(upload(make(), text, "a.geojson"))
    assert said["code"] == "sheet.not_json"
    assert "3" in said["message"]
    text = '{"type": "FeatureCollection",\n"features": [\n{"type": "Feature", "properties": ]}'
    assert "3" in show(upload(make(), text, "b.geojson"))["message"]


def test_geojson_with_a_mark_before_each_feature() -> None:
    whole = json.dumps(feature({"线路名称": "1路"}), ensure_ascii=False)
    assert table(upload(make(), f"\x1e{whole}\n\x1e{whole}\n", "a.geojson")) == [["1路"], ["1路"]]


def test_words_without_room_are_told_and_not_tried_at_each_look(monkeypatch) -> None:
    class Full(Exception):
        pgcode = "53100"

    tried: list[str] = []

    def full(resource_id: str) -> None:
        tried.append(resource_id)
        raise Full

    make_words = datastore_table.index_words
    monkeypatch.setattr(datastore_table, "index_words", full)
    file = upload(make(), CSV)
    assert not show(file)["table"]["words"]
    assert "no_room_for_words" in codes(file)
    follow.look_for_missed()
    follow.look_for_missed()
    assert tried == [file]
    monkeypatch.setattr(load_job, "A_DAY", load_job.A_DAY * 0)
    monkeypatch.setattr(datastore_table, "index_words", make_words)
    follow.look_for_missed()
    assert "no_room_for_words" not in codes(file)
    assert show(file)["table"]["words"]
