"""Whoever reads in the instant in which a table takes another's place gets one of them, whole."""
from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sa
from ckanext.datastore.backend.postgres import get_write_engine
from table_world import make, upload

from ckanext.govdata.domain.column_type import ColumnType
from ckanext.govdata.tables import datastore_table
from ckanext.govdata.tables.datastore_table import NewColumn

OLD, NEW = "线路名称,客流量\n旧路,1\n", [["新路", "2"], ["新路", "3"]]
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.mark.parametrize("path", [
    "/datastore/dump/{file}", "/datastore/dump/{file}?bom=True&format=json",
    "/api/3/action/datastore_search?resource_id={file}", "/dataset/{entry}?preview={file}",
    "/dataset/{entry}/resource/{file}/download/a.csv",
])
@pytest.mark.usefixtures("at_once")
def test_who_reads_meanwhile_has_one_or_the_other(app, path) -> None:
    entry = make(information_items=[{"name": "线路名称", "type": "C", "opened": True},
                                    {"name": "客流量", "type": "N"}])
    file = upload(entry, OLD)
    columns = [NewColumn("线路名称", ColumnType.TEXT, "线路名称"),
               NewColumn("客流量", ColumnType.INTEGER, "客流量")]
    answers = []

    def read() -> None:
        answers.append(app.get(path.format(file=file, entry=entry["name"]), status=None))

    reader = threading.Thread(target=read)
    with datastore_table.building(file, "0" * 32, 2, 60) as table:
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
    assert "新路" in answers[0].body
    assert "旧路" not in answers[0].body


def _is_waited_for() -> bool:
    with get_write_engine().connect() as connection:
        return bool(connection.scalar(sa.text(WAITING)))
