"""What a grant gives of a table, and nothing else, can be taken; all of it is in the ledger."""
from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any
from urllib.parse import quote, unquote

import ckan.plugins.toolkit as tk
import openpyxl
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.govdata.access import use_log
from ckanext.govdata.explorer import download_forms
from tests.access.granted_world import as_table, citizen, give, make, site  # noqa: F401

pytestmark = pytest.mark.usefixtures("fresh")
FORMS = ("csv", "xlsx", "json", "parquet", "zip")
CLOSED = "司机1"


def address(resource: str, ending: str = "csv", query: str = "", entry: str = "riders") -> str:
    return f"/zh_Hans_CN/dataset/{entry}/data/{resource}/download/{ending}{query}"


def rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def everything(ending: str, data: bytes) -> str:
    """All that can be read in the bytes."""
    if ending in ("xlsx", "zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "".join(archive.read(name).decode() for name in archive.namelist())
    return data.decode("utf-8", "replace")


def delivered(grant: str) -> list[dict[str, Any]]:
    """What the ledger says of deliveries under a grant."""
    query = sa.text("SELECT content FROM govdata_ledger WHERE object_type = 'grant' "
                    "AND object_id = :grant AND action = 'data_delivered'")
    return [json.loads(one)["facts"] for one in model.Session.scalars(query, {"grant": grant})]


@pytest.fixture
def table() -> tuple[dict[str, Any], str]:
    entry = make()
    return entry, as_table(entry)


@pytest.mark.parametrize("ending", FORMS)
def test_a_grant_gives_its_columns_and_no_others(
    app: Any, table: tuple[dict[str, Any], str], citizen: dict[str, Any], ending: str  # noqa: F811
) -> None:
    entry, file = table
    grant = give(entry, citizen, ("线路名称",), row_limit=5)
    answer = app.get(address(file, ending), headers=citizen["headers"], status=200)
    said = everything(ending, answer.data)
    assert "4路" in said
    assert "5路" not in said
    assert "司机" not in said
    assert "riders" not in said.replace("/dataset/riders", "").replace("dataset%2Friders", "")
    assert "no-store" in answer.headers["Cache-Control"]
    assert unquote(answer.headers["X-Govdata-Reference"]) == "瑶民申〔2026〕7号"
    assert "瑶民申〔2026〕7号" in unquote(answer.headers["Content-Disposition"])
    [facts] = delivered(grant)
    assert (facts["columns"], facts["rows"], facts["form"]) == (["line"], 5, ending)
    assert use_log.of_grant(model.Session, grant)["times"] == 1


ASKED = [
    "?_column=driver", "?_column=riders", "?columns=driver", "?fields=driver", "?driver=" + CLOSED,
    "?riders__from=3", "?_sort=driver", "?_sort=riders.desc", "?driver__empty=1",
    "?_column=_full_text", "?_id=3", '?_column=line",driver,"line',
]


@pytest.mark.parametrize("query", ASKED)
def test_who_asks_for_another_column_hears_that_there_is_none(
    app: Any, table: tuple[dict[str, Any], str], citizen: dict[str, Any], query: str  # noqa: F811
) -> None:
    entry, file = table
    give(entry, citizen, ("线路名称",))
    answer = app.get(address(file, "csv", query), headers=citizen["headers"], status=400)
    never = app.get(address(file, "csv", query.replace("driver", "nothing")),
                    headers=citizen["headers"], status=400)
    assert "司机1" not in answer.body.replace(CLOSED, "", 2 if CLOSED in query else 0)
    assert answer.status_code == never.status_code


def test_words_are_looked_for_among_ones_own_columns(
    app: Any, table: tuple[dict[str, Any], str], citizen: dict[str, Any]  # noqa: F811
) -> None:
    entry, file = table
    give(entry, citizen, ("线路名称",), row_limit=20)
    found = app.get(address(file, "csv", f"?_q={quote(CLOSED)}"), headers=citizen["headers"])
    assert rows(found) == [["线路名称"]]
    found = app.get(address(file, "csv", f"?_q={quote('19路')}"), headers=citizen["headers"])
    assert rows(found) == [["线路名称"], ["19路"]]
    found = app.get(address(file, "csv", f"?_q={quote('20路')}"), headers=citizen["headers"])
    assert rows(found) == [["线路名称"]], "it is not among the first twenty"
    found = app.get(address(file, "csv", "?_sort=line.desc"), headers=citizen["headers"])
    assert len(rows(found)) == 21
    assert rows(found)[1] == ["9路"]


@pytest.mark.parametrize("ending", FORMS)
def test_nobody_else_gets_anything(
    app: Any, table: tuple[dict[str, Any], str], citizen: dict[str, Any], ending: str  # noqa: F811
) -> None:
    entry, file = table
    give(entry, citizen)
    other = factories.User()
    token = {"Authorization": factories.APIToken(user=other["name"])["token"]}
    for headers in ({}, token):
        answer = app.get(address(file, ending), headers=headers, status=403)
        assert "1路" not in answer.body
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_private_entry_or_one_that_is_not_open_is_not_there(
    app: Any, table: tuple[dict[str, Any], str], citizen: dict[str, Any]  # noqa: F811
) -> None:
    entry, file = table
    give(entry, citizen)
    tk.get_action("package_patch")(site(), {"id": entry["id"], "private": True})
    answer = app.get(address(file), headers=citizen["headers"], status=None)
    gone = app.get(address("3f5b6c1e-0000-4000-8000-000000000000"),
                   headers=citizen["headers"], status=404)
    assert answer.status_code == gone.status_code == 404
    tk.get_action("package_patch")(site(), {
        "id": entry["id"], "private": False, "open_attribute": "non_open", "open_conditions": ""})
    assert app.get(address(file), headers=citizen["headers"], status=None).status_code in (403, 404)


def test_a_head_is_no_delivery(
    app: Any, table: tuple[dict[str, Any], str], citizen: dict[str, Any]  # noqa: F811
) -> None:
    entry, file = table
    grant = give(entry, citizen)
    answer = app.test_client().head(address(file), headers=citizen["headers"])
    assert answer.status_code == 200
    assert not delivered(grant)


def test_a_package_tells_nothing_of_the_size_of_the_whole_table(
    app: Any, table: tuple[dict[str, Any], str], citizen: dict[str, Any],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member that may be large is written otherwise, as everybody can see."""
    entry, file = table
    give(entry, citizen, ("线路名称",), row_limit=5)
    written = []
    for limit in (0, 2**62):  # the table is over the limit, and is not
        monkeypatch.setattr(download_forms, "LARGE", limit)
        data = app.get(address(file, "zip"), headers=citizen["headers"], status=200).data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            written.append([(one.extract_version, one.header_offset, bytes(one.extra))
                            for one in archive.infolist()])
    assert written[0] == written[1]


def test_the_filter_of_a_granted_workbook_is_its_own(
    app: Any, table: tuple[dict[str, Any], str], citizen: dict[str, Any]  # noqa: F811
) -> None:
    entry, file = table
    give(entry, citizen)
    answer = app.get(address(file, "xlsx", "?riders__from=248"), headers=citizen["headers"])
    book_ = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert list(book_.worksheets[0].iter_rows(values_only=True)) == [
        ("线路名称", "客流量"), ("248路", 248), ("249路", 249)]
    assert json.loads(app.get(address(file, "json", "?riders=3"), headers=citizen["headers"]).data
                      ) == [{"线路名称": "3路", "客流量": 3}]
