"""An entry that is damaged in the database stops no list, page or export of the others."""
from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from catalogue_sheets import act
from ckan import model
from ckan.lib import search

from ckanext.govdata.catalogue.index import writer

DAMAGES: dict[str, dict[str, Any]] = {
    "items that are no JSON": {"extras": {"information_items": "{broken"}},
    "items of other shapes": {"extras": {"information_items": "[1, null, [2]]"}},
    "items that are a number": {"extras": {"information_items": "3", "data_formats": "7"}},
    "columns of other shapes": {"extras": {"imported_columns": "[]", "related_entries": "{}"}},
    "codes that nobody knows": {"extras": {
        "open_attribute": "x", "share_type": "x", "update_period": "x", "domain": "x"}},
    "no department": {"owner_org": None},
    "a department that is gone": {"owner_org": "no-such-department"},
}


@pytest.fixture(params=DAMAGES.values(), ids=DAMAGES)
def damaged(request, fgw, run):
    run([{"id": f"e-{title}", "title": title, "notes": "摘要", "publisher": fgw["title"]}
         for title in ("a", "b", "c")])
    package = model.package_table
    with model.ensure_engine().begin() as connection:
        written = sa.update(package).where(package.c.name == "e-b").values(request.param)
        connection.execute(written)
    model.Session.remove()
    search.clear_all()
    writer.queue_all()
    writer.drain()


def test_lists_and_pages(damaged, app) -> None:
    for address in ("/", "/dataset/", "/dataset/?q=a", "/search/items?q=a", "/organization/",
                    "/feeds/dataset.atom", "/dataset/e-a", "/dataset/e-c"):
        app.get(address, status=200)
    found = app.get("/api/3/action/package_search?rows=10", status=200).json["result"]
    assert {"e-a", "e-c"} <= {one["name"] for one in found["results"]}


def test_exports(damaged, app) -> None:
    rows = json.loads(app.get("/catalogue/export?format=json", status=200).body)
    assert {"a", "c"} <= {row.get("title") for row in rows}
    assert "a" in app.get("/catalogue/export?format=csv", status=200).body
    book = openpyxl.load_workbook(io.BytesIO(app.get("/catalogue/export", status=200).data))
    cells = {cell for row in book.active.iter_rows(values_only=True) for cell in row}
    assert {"a", "c"} <= cells
    told = act("govdata_catalogue_export", format="json", rows=100)
    assert {"a", "c"} <= {row.get("title") for row in told["rows"]}
