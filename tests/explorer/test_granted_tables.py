"""Who reads under a grant meets its columns and rows, whatever he asks and by whatever way."""
from __future__ import annotations

import json
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckanext.datastore.backend.postgres import get_read_engine

from ckanext.govdata.domain.explorer.question import Condition, Order, Question
from ckanext.govdata.domain.explorer.question import Test as Asks
from ckanext.govdata.explorer.readable_table import ReadableTable, readable_table
from ckanext.govdata.explorer.table_rows import batches
from tests.access.granted_world import as_table, citizen, give, make  # noqa: F401

SECRET = "司机249"
"""Stands in the column that is kept back, of a row that a limit keeps back, too."""


@pytest.fixture
def table(fresh) -> dict[str, Any]:
    entry = make()
    as_table(entry)
    return entry


def read(app: Any, entry: dict[str, Any], reader: dict[str, Any] | None, query: str = "",
         status: int | None = 200) -> Any:
    address = f"/zh_Hans_CN/dataset/{entry['name']}/data/{entry['resources'][0]['id']}"
    asked = f"?{quote(query, safe='=&.')}" if query else ""
    return app.get(address + asked, headers=(reader or {}).get("headers"), status=status,
                   follow_redirects=False)


def rows(app: Any, entry: dict[str, Any], reader: dict[str, Any], **asked: Any) -> dict[str, Any]:
    answer = app.post("/api/3/action/govdata_table_rows", headers=reader["headers"], status=None,
                      json={"resource_id": entry["resources"][0]["id"], **asked})
    return json.loads(answer.body)


def cells(answer: Any) -> list[str]:
    found = BeautifulSoup(answer.body, "html.parser")
    return [row.find("td").get_text() for row in found.select(".gd-table--sticky tbody tr")]


@contextmanager
def listening():
    """The statements that are put to the database of tables meanwhile."""
    said: list[str] = []

    def hear(_connection, _cursor, statement, *_rest) -> None:
        said.append(statement)

    engine = get_read_engine()
    sa.event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        sa.event.remove(engine, "before_cursor_execute", hear)


def test_without_a_grant_nothing_is_read(app, table, citizen) -> None:  # noqa: F811
    for reader in (None, citizen):
        answer = read(app, table, reader, status=403)
        assert "1路" not in answer.body
    assert not rows(app, table, citizen)["success"]


def test_a_grant_gives_its_columns_and_is_noted(app, table, citizen) -> None:  # noqa: F811
    give(table, citizen, ("线路名称",))
    answer = read(app, table, citizen, "line__contains=24&_sort=line.desc")
    assert cells(answer)[:3] == ["24路", "249路", "248路"], "by their signs"
    for word in ("客流量", "driver", "司机"):
        assert word not in answer.body
    noted = model.Session.execute(sa.text(
        "SELECT content FROM govdata_ledger WHERE action = 'data_read'")).scalars().all()
    assert len(noted) == 1
    assert "line__contains=24" in str(noted[0])
    assert "no-store" in answer.headers["Cache-Control"]
    found = rows(app, table, citizen, query="line=7路", facets=True)["result"]
    assert [one["name"] for one in found["columns"]] == ["line"]
    assert found["rows"] == [[8, "7路"]]


@pytest.mark.parametrize("asked", [
    "{}=司机3", "{}__contains=3", "{}__empty=1", "{}__filled=1", "_sort={}", "_sort={}.desc",
    "_column={}", "line=1路&{}=x",
])
def test_a_column_that_is_not_given_is_one_that_never_was(
    app, table, citizen, asked: str  # noqa: F811
) -> None:
    give(table, citizen, ("线路名称",))
    hidden = read(app, table, citizen, asked.format("driver"), status=400)
    never = read(app, table, citizen, asked.format("nobody"), status=400)
    kept = BeautifulSoup(hidden.body, "html.parser").find("main")
    none = BeautifulSoup(never.body, "html.parser").find("main")
    assert str(kept).replace("driver", "nobody") == str(none)
    hidden, never = (rows(app, table, citizen, query=asked.format(name))
                     for name in ("driver", "nobody"))
    assert json.dumps(hidden["error"]).replace("driver", "nobody") == json.dumps(never["error"])


def test_no_statement_names_what_is_kept_back(app, table, citizen) -> None:  # noqa: F811
    give(table, citizen, ("线路名称",))
    with listening() as said:
        assert cells(read(app, table, citizen, f"_q={SECRET}")) == []
        assert cells(read(app, table, citizen, "_q=路&line__contains=路&_sort=line.desc"))
        read(app, table, citizen, "_view=columns")
        rows(app, table, citizen, query="_q=1", facets=True)
    assert len(said) > 10
    for word in ("driver", "riders", "_full_text"):
        assert not [one for one in said if word in one]


def test_a_limit_of_rows_is_all_there_is(app, table, citizen) -> None:  # noqa: F811
    give(table, citizen, ("线路名称", "客流量"), row_limit=10)
    found = read(app, table, citizen)
    assert len(cells(found)) == 10
    assert "10行" in found.body
    assert cells(read(app, table, citizen, "riders__from=9")) == ["9路"]
    assert cells(read(app, table, citizen, "_sort=riders.desc"))[0] == "9路"
    assert cells(read(app, table, citizen, "_q=249")) == []
    assert cells(read(app, table, citizen, "line__empty=1")) == []
    profile = read(app, table, citizen, "_view=columns").body
    assert "0 – 9" in profile
    assert "249" not in profile
    asked = rows(app, table, citizen, query="riders__from=0", facets=True, page_size=1000)
    assert asked["result"]["count"] == {"number": 10, "exact": True, "about": 0}
    known = readable_table({"user": citizen["name"]}, table["resources"][0]["id"])
    assert isinstance(known, ReadableTable)
    assert (known.estimate, known.distinct, known.words) == (-1, {}, False)
    for question in (Question(), Question(orders=(Order("riders", True),)),
                     Question(conditions=(Condition("riders", Asks.FROM, ("0",)),))):
        assert sum(map(len, batches(known, question, 3))) == 10


def test_the_page_of_a_grant_leads_to_its_table(app, table, citizen) -> None:  # noqa: F811
    grant = give(table, citizen)
    shown = app.get(f"/zh_Hans_CN/grants/{grant}", headers=citizen["headers"]).body
    link = next(a for a in BeautifulSoup(shown, "html.parser").select("a")
                if a.get_text().startswith("查看数据"))
    found = app.get(link["href"], headers=citizen["headers"])
    assert len(cells(found)) == 50


def test_a_grant_that_ends_ends_the_reading(app, table, citizen) -> None:  # noqa: F811
    give(table, citizen)
    assert cells(read(app, table, citizen))
    model.Session.execute(sa.text("UPDATE govdata_grant SET valid_from = '2020-01-01',"
                                  " valid_until = '2020-02-01'"))
    model.Session.commit()
    read(app, table, citizen, status=403)
    assert not rows(app, table, citizen)["success"]


def test_of_an_open_table_words_are_not_looked_for_in_what_is_kept_back(app, fresh) -> None:
    entry = make("unconditional", open_conditions="", open_basis="")
    file = as_table(entry)
    assert cells(read(app, entry, None, f"_q={SECRET}")) == []
    assert cells(read(app, entry, None, "_q=249")) == ["249路"]
    with pytest.raises(tk.ValidationError):
        tk.get_action("govdata_table_rows")({"user": ""}, {
            "resource_id": file, "query": "driver=x"})
