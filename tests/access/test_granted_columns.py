"""A grant hands out the columns that are declared open, and no others."""
from __future__ import annotations

import io
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from werkzeug.datastructures import FileStorage

from tests.access.granted_world import (
    as_table,
    fetch,
    give,
    make,
    site,
)
from tests.access.granted_world import citizen as citizen  # a fixture

pytestmark = pytest.mark.usefixtures("fresh")


def closed_columns(**more: Any) -> dict[str, Any]:
    """An entry whose table has a sensitive column, one that is not open, and one undeclared."""
    return make(information_items=[
        {"name": "线路名称", "name_en": "line", "type": "C", "opened": True},
        {"name": "客流量", "name_en": "riders", "type": "N"},
        {"name": "司机", "name_en": "driver", "type": "C", "sensitive": True}], **more)


@pytest.mark.parametrize("columns", [(), ("司机", "客流量"), ("driver", "undeclared")])
def test_a_grant_hands_out_nothing_that_is_not_declared_open(app, citizen, columns) -> None:
    """Also an old one that names no columns, which meant all of them."""
    entry = closed_columns()
    resource_id = as_table(entry)
    grant_id = give(entry, citizen, columns)
    assert fetch(app, entry, citizen).status_code == 409
    search = f"/api/3/action/datastore_search?resource_id={resource_id}"
    assert fetch(app, entry, citizen, search).status_code == 403
    page = fetch(app, entry, citizen, f"/grants/{grant_id}/data/{resource_id}")
    assert "司机" not in page.get_data(as_text=True)
    token = tk.get_action("govdata_grant_token_create")(
        {"user": citizen["name"], "auth_user_obj": model.User.get(citizen["name"])},
        {"id": grant_id, "name": "x"})["token"]
    for more in ("", "?format=json"):
        answer = app.get(f"/api/govdata/granted/{resource_id}{more}", status=None,
                         headers={"X-Grant-Token": token})
        assert answer.status_code == 409
        assert "司机" not in answer.get_data(as_text=True)


def test_an_item_that_was_closed_after_the_grant_is_given_no_more(app, citizen) -> None:
    entry = make()
    as_table(entry)
    give(entry, citizen, ("线路名称", "客流量"))
    assert fetch(app, entry, citizen).get_data(as_text=True).startswith("line,riders")
    tk.get_action("package_patch")(site(), {"id": entry["id"], "information_items": [
        {"name": "线路名称", "name_en": "line", "type": "C", "opened": True},
        {"name": "客流量", "name_en": "riders", "type": "N", "sensitive": True}]})
    assert fetch(app, entry, citizen).get_data(as_text=True).splitlines()[0] == "line"


def test_a_file_that_cannot_be_divided_is_given_only_where_nothing_is_closed(
    app, citizen
) -> None:
    entry = closed_columns()
    upload = FileStorage(io.BytesIO(b"PK whole"), "a.xlsx")
    tk.get_action("resource_update")(site(), {
        "id": entry["resources"][0]["id"], "name": "客流", "format": "XLSX", "url_type": "upload",
        "url": "a.xlsx", "upload": upload})
    give(entry, citizen, ("线路名称",))
    assert fetch(app, entry, citizen).status_code == 409
    tk.get_action("package_patch")(site(), {"id": entry["id"], "information_items": [
        {"name": "线路名称", "name_en": "line", "type": "C", "opened": True}]})
    assert fetch(app, entry, citizen).status_code == 200
