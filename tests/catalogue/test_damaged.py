"""What of an entry cannot be read opens nothing, is told to who may mend it, and is mended."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.govdata.catalogue.entry import damaged_entries
from ckanext.govdata.catalogue.index import writer
from ckanext.govdata.catalogue.schedule import jobs
from ckanext.govdata.job import Unfinished
from tests.catalogue.conftest import context, good_entry

BROKEN = "{broken"
ITEMS = good_entry()["information_items"]


@pytest.fixture
def broken(entry) -> dict[str, Any]:
    """An open entry whose items and formats are damaged, with a table, and its officer."""
    made = entry(resources=[{"name": "表", "url": "https://data.example/a.csv"}])
    officer = factories.User(name="zhang")
    tk.get_action("organization_member_create")(
        context(), {"id": made["owner_org"], "username": officer["name"], "role": "editor"})
    table = made["resources"][0]["id"]
    tk.get_action("datastore_create")(context(), {
        "resource_id": table, "force": True,
        "fields": [{"id": name, "type": "text"} for name in ("线路名称", "手机号")],
        "records": [{"线路名称": "1路", "手机号": "13900000000"}]})
    harm(made["id"], information_items=BROKEN, data_formats="7")
    return {**made, "table": table}


def harm(entry_id: str, **extras: str) -> None:
    package = model.package_table
    new = package.c.extras.op("||")(sa.cast(extras, package.c.extras.type))
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.update(package).where(package.c.id == entry_id).values(extras=new))
    model.Session.remove()
    writer.refresh([entry_id])


def stored(entry_id: str) -> dict[str, str]:
    model.Session.expire_all()
    return model.Package.get(entry_id).extras


def patch(entry_id: str, **more: Any) -> dict[str, Any]:
    return tk.get_action("package_patch")({"user": "zhang"}, {"id": entry_id, **more})


def test_its_officer_is_told_the_field_and_nobody_else(broken, app) -> None:
    token = {"Authorization": factories.APIToken(user="zhang")["token"]}
    for address in (f"/dataset/{broken['name']}", f"/dataset/edit/{broken['name']}"):
        told = app.get(address, headers=token, status=200).body
        assert BROKEN in told
        assert "Enter these fields anew" in told
    seen = app.get(f"/dataset/{broken['name']}", status=200).body
    assert BROKEN not in seen
    assert "Enter these fields anew" not in seen


def test_no_column_comes_out_meanwhile(broken) -> None:
    found = tk.get_action("datastore_search")({"user": ""}, {"resource_id": broken["table"]})
    assert [field["id"] for field in found["fields"]] in ([], ["_id"])
    assert "13900000000" not in str(found)


def test_saving_something_else_opens_nothing(broken) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        patch(broken["id"], notes="新的摘要")
    assert BROKEN in str(refused.value.error_dict["information_items"])
    assert stored(broken["id"])["information_items"] == BROKEN


def test_entering_it_anew_mends_it(broken) -> None:
    shown = patch(broken["id"], information_items=ITEMS, data_formats=["csv"])
    assert [item["name"] for item in shown["information_items"]] == [i["name"] for i in ITEMS]
    assert damaged_entries.every() == []
    found = tk.get_action("datastore_search")({"user": ""}, {"resource_id": broken["table"]})
    assert [field["id"] for field in found["fields"] if field["id"] != "_id"] == ["线路名称"]


def test_the_daily_job_names_it_and_is_silent_of_what_is_not_public(broken, entry) -> None:
    examine = next(job for job in jobs if job.name == "examine")
    hidden = entry(private=True)
    harm(hidden["id"], application_materials="[1]")
    with pytest.raises(Unfinished) as said:
        examine.function()
    assert f"{broken['id']} (information_items, data_formats)" in str(said.value)
    assert str(said.value).startswith("2 entries")
    assert hidden["id"] not in str(said.value)
    patch(broken["id"], information_items=ITEMS, data_formats=["csv"])
    harm(hidden["id"], application_materials="")
    examine.function()


def test_what_can_be_read_of_a_list_is_read(broken) -> None:
    harm(broken["id"], information_items='[{"name": "线路名称", "opened": true}, 1, {"name": []}]',
         data_formats='["csv", 3]')
    shown = tk.get_action("package_show")({"user": ""}, {"id": broken["id"]})
    assert shown["information_items"] == [{"name": "线路名称", "opened": True}]
    assert shown["data_formats"] == ["csv"]
