"""Whoever reads in the instant in which a table takes another's place gets one of them, whole."""
from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckanext.datastore import blueprint
from ckanext.datastore.backend.postgres import get_write_engine
from flask import g
from table_world import make, replace, set_aside, site, table, upload

from ckanext.govdata import settings
from ckanext.govdata.access import rows as table_rows
from ckanext.govdata.domain.column_type import ColumnType
from ckanext.govdata.tables import datastore_table, follow, replaced_tables
from ckanext.govdata.tables.datastore_table import NewColumn

OLD, NEW = "线路名称,客流量\n旧路,1\n", [["新路", "2"], ["新路", "3"]]
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.mark.parametrize(("path", "seen"), [
    ("/datastore/dump/{file}", "新路"), ("/datastore/dump/{file}?bom=True&format=json", "新路"),
    ("/api/3/action/datastore_search?resource_id={file}", "新路"),
    ("/dataset/{entry}/resource/{file}/download/a.csv", "新路"),
    ("/dataset/{entry}", "旧路"),  # it knew the columns before it waited: rows of the same table
])
@pytest.mark.usefixtures("at_once")
def test_who_reads_meanwhile_has_one_or_the_other(app, path, seen) -> None:
    entry = make(information_items=[{"name": "线路名称", "type": "C", "opened": True},
                                    {"name": "客流量", "type": "N"}])
    file = upload(entry, OLD)
    columns = [NewColumn("线路名称", ColumnType.TEXT, "线路名称"),
               NewColumn("客流量", ColumnType.INTEGER, "客流量")]
    answers = []

    def read() -> None:
        answers.append(app.get(path.format(file=file, entry=entry["name"]), status=None))

    reader = threading.Thread(target=read)
    with datastore_table.building(file, uuid.uuid4().hex, 2, 60) as table:
        table.append(NEW)
        table.build(columns)
        table.take_place("0" * 64)
        reader.start()
        ends = time.monotonic() + 20
        while not (waited := _is_waited_for()) and time.monotonic() < ends:
            reader.join(0.02)
        table.keep()
    reader.join(30)
    assert waited
    assert answers[0].status_code == 200
    assert {word for word in ("旧路", "新路") if word in answers[0].body} == {seen}
    after = app.get(path.format(file=file, entry=entry["name"])).body
    assert "新路" in after
    assert "旧路" not in after


def _is_waited_for() -> bool:
    with get_write_engine().connect() as connection:
        return bool(connection.scalar(sa.text(WAITING)))


ROWS = 12
ITEMS = [{"name": "线路名称", "type": "C", "opened": True},
         {"name": "客流量", "type": "N", "opened": True}]


def rows(word: str) -> str:
    return "线路名称,客流量\n" + "".join(f"{word}{n},{n}\n" for n in range(ROWS))


@pytest.fixture
def in_pieces(at_once, monkeypatch) -> None:
    """Tables are read by five rows."""
    monkeypatch.setattr(blueprint, "PAGINATE_BY", 5)
    monkeypatch.setattr(table_rows, "ROWS", 5)
    monkeypatch.setattr(table_rows, "CHUNK", 16)


def dumped(app, file: str, **more: str) -> Iterator[bytes]:
    """What CKAN gives out piece by piece, at the pace of who takes it."""
    with app.flask_app.test_request_context("/", query_string=more):
        g.user, g.userobj = "", None
        answer = blueprint.dump(file)
    for piece in answer.response:
        with app.flask_app.test_request_context("/"):
            g.user, g.userobj = "", None
            yield piece if isinstance(piece, bytes) else piece.encode()


@pytest.fixture(params=["stream", "csv", "json", "sorted"])
def pieces(request, app, in_pieces):
    """A reader of a table in one of the ways in which it is read piece by piece."""
    more = {"csv": {}, "json": {"format": "json"}, "sorted": {"sort": "客流量 desc"}}
    if request.param == "stream":
        return lambda file: table_rows.stream(file, ["线路名称", "客流量"], None)
    return lambda file: dumped(app, file, **more[request.param])


@pytest.mark.parametrize("times", [1, 2])
def test_who_is_in_the_middle_has_the_table_with_which_he_began(pieces, times: int) -> None:
    file = upload(make(information_items=ITEMS), rows("旧"))
    reader = pieces(file)
    begun = [next(reader), next(reader)]
    for n in range(times):
        replace(file, rows(f"新{n}"))
    whole = b"".join([*begun, *reader]).decode()
    assert all(f"旧{n}" in whole for n in range(ROWS))
    assert "新" not in whole
    assert f"新{times - 1}0" in b"".join(pieces(file)).decode()


def test_a_reader_whose_table_is_gone_breaks_off(pieces, monkeypatch) -> None:
    """And gets no row of the one that is there now."""
    monkeypatch.setattr(replaced_tables, "KEPT", timedelta(0))
    file = upload(make(information_items=ITEMS), rows("旧"))
    reader = pieces(file)
    begun = [next(reader), next(reader)]
    replace(file, rows("新"))
    assert follow.look_for_missed() == ""
    with pytest.raises(tk.ObjectNotFound):
        begun.extend(reader)
    assert "新" not in b"".join(begun).decode()
    assert set_aside() == []


@pytest.mark.usefixtures("at_once")
def test_one_that_is_read_keeps_no_other_and_no_portal_without_tables_keeps_them(
        monkeypatch) -> None:
    monkeypatch.setattr(datastore_table, "WAITED", 1)
    for n in range(2):
        file = upload(make(), f"线路名称\n{n}\n")
        replace(file, "线路名称\n新\n")
    monkeypatch.setattr(replaced_tables, "KEPT", timedelta(0))
    monkeypatch.setattr(settings, "makes_tables", lambda: False)
    with datastore_table._engine().connect() as reader:
        held = datastore_table.replaced()[0]
        reader.execute(sa.text(f'SELECT * FROM "{held}"'))
        assert follow.look_for_missed() == ""
        assert set_aside() == [held]
        reader.rollback()
    assert follow.look_for_missed() == ""
    assert set_aside() == []


@pytest.mark.usefixtures("at_once")
def test_what_was_replaced_is_kept_for_a_while_and_not_without_end(monkeypatch) -> None:
    file, other = (upload(make(), f"线路名称\n{n}\n") for n in range(2))
    for n in range(6):
        replace(file, f"线路名称\n新{n}\n")
    replace(other, "线路名称\n新\n")
    assert follow.look_for_missed() == ""
    assert len(set_aside()) == replaced_tables.MOST + 1
    monkeypatch.setattr(replaced_tables, "KEPT", timedelta(0))
    assert follow.look_for_missed() == ""
    assert set_aside() == []
    assert (table(file), table(other)) == ([["新5"]], [["新"]])


@pytest.mark.usefixtures("at_once")
def test_with_a_table_all_goes_that_it_was_before() -> None:
    entry = make()
    file = upload(entry, "线路名称\n旧\n")
    replace(file, "线路名称\n新\n")
    assert len(set_aside()) == 1
    tk.get_action("package_patch")(site(), {"id": entry["id"], "resources": []})
    assert set_aside() == []
