"""A department that is called otherwise now is found by the names that it had."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata.catalogue.imports.providers import NoProvider, Providers
from ckanext.govdata.catalogue.index import writer
from ckanext.govdata.departments import former_names, tree
from tests.cases.conftest import make_entry, site, world  # noqa: F401
from tests.cases.test_entry_changed import granted

NEW = "瑶海区民政和社会事务局"


def renamed(department: dict[str, Any], **fields: str) -> None:
    tk.get_action("organization_patch")(site(), {"id": department["id"], **fields})


def provider_of(printed: str, code: str = "", place: str = "安徽省合肥市瑶海区") -> str:
    return Providers(None).find(printed, code, place)


@pytest.fixture
def called_anew(world):  # noqa: F811
    renamed(world.department, short_name="区民政局")
    renamed(world.department, title=NEW, name="yaohai-minzheng", short_name="区民社局")
    return world


def test_a_sheet_finds_it_by_every_name_that_it_had(called_anew) -> None:
    own = called_anew.department["id"]
    for printed in ("瑶海区民政局", "区民政局", "合肥市瑶海区民政局", NEW):
        assert provider_of(printed) == own, printed
    assert provider_of("", code="yaohai-minzhengju") == own


def test_a_name_that_is_borne_today_is_nobody_s_former_one(called_anew) -> None:
    """Whoever gets the name gets what sheets print under it; two who had it are asked about."""
    new = tk.get_action("organization_create")(site(), {
        "name": "yaohai-minzhengju", "title": "瑶海区民政局", "level": "county",
        "region": "340102", "groups": [{"name": "yaohai"}]})
    assert provider_of("瑶海区民政局") == new["id"]
    assert provider_of("", code="yaohai-minzhengju") == new["id"]
    assert former_names.bearers("瑶海区民政局") == []
    renamed(new, title="瑶海区养老服务局", name="yaohai-yanglao")
    with pytest.raises(NoProvider) as two:
        provider_of("瑶海区民政局")
    assert two.value.code == "department_ambiguous"


def test_an_address_that_two_departments_gave_up_leads_to_neither(called_anew) -> None:
    assert former_names.heir_of("yaohai-minzhengju") == called_anew.department["id"]
    other = tk.get_action("organization_create")(site(), {
        "name": "yaohai-minzhengju", "title": "瑶海区养老服务局", "level": "county",
        "region": "340102", "groups": [{"name": "yaohai"}]})
    renamed(other, name="yaohai-yanglao")
    assert former_names.heir_of("yaohai-minzhengju") == ""


def test_the_name_that_was_given_up_last_stands_first(world) -> None:  # noqa: F811
    for title in ("瑶海区民政和养老局", NEW):
        renamed(world.department, title=title)
    kept = [one.value for one in former_names.of(world.department["id"])]
    assert kept == ["瑶海区民政和养老局", "瑶海区民政局"]


@pytest.mark.parametrize("way", ["form", "statement", "another program"])
def test_it_is_kept_on_whatever_way_it_was_renamed(world, way) -> None:  # noqa: F811
    sql = sa.text('UPDATE "group" SET title = :new WHERE id = :id')
    values = {"new": NEW, "id": world.department["id"]}
    if way == "form":
        renamed(world.department, title=NEW)
    elif way == "statement":
        model.Session.execute(sql, values)
        model.Session.commit()
    else:
        with model.meta.engine.begin() as connection:
            connection.execute(sql, values)
    [kept] = former_names.of(world.department["id"])
    assert (kept.kind, kept.value, kept.own) == ("title", "瑶海区民政局", True)
    renamed(world.department, title="瑶海区民政局")
    assert [one.value for one in former_names.of(world.department["id"])] == [NEW]


def test_the_api_finds_it_and_says_what_it_was_called(called_anew, app) -> None:
    shown = app.get("/api/3/action/organization_show?id=yaohai-minzhengju").json["result"]
    assert shown["title"] == NEW
    assert {"瑶海区民政局", "区民政局", "yaohai-minzhengju"} == {
        one["value"] for one in shown["former_names"]}
    found = app.get("/api/3/action/govdata_department_find", query_string={"name": "区民政局"})
    [one] = found.json["result"]
    assert (one["name"], one["former"][0]["value"]) == ("yaohai-minzheng", "区民政局")
    today = app.get("/api/3/action/govdata_department_find", query_string={"name": NEW})
    assert [(one["title"], one["former"]) for one in today.json["result"]] == [(NEW, [])]
    for odd in ("", "   ", "没有这个局", "%", "'; DROP TABLE x"):
        answer = app.get("/api/3/action/govdata_department_find",
                         query_string={"name": odd}, status=None)
        assert answer.status_code == (409 if not odd.strip() else 200), odd


def test_its_old_address_leads_to_it_and_its_page_says_what_it_was_called(called_anew, app) -> None:
    answer = app.get("/organization/yaohai-minzhengju", follow_redirects=False)
    assert answer.status_code in (301, 302)
    assert answer.headers["Location"].endswith("/organization/yaohai-minzheng")
    page = app.get("/organization/yaohai-minzheng").body
    assert "瑶海区民政局" in page
    assert NEW in app.get("/organization/?q=区民政局").body


def test_its_entries_are_found_by_both_names(called_anew) -> None:
    tk.get_action("package_patch")(
        site(), {"id": called_anew.entry["id"], "title": "殡葬服务机构名录"})
    renamed(called_anew.department, title="瑶海区水务中心")
    writer.settle()
    for words in ("民政局", "水务中心"):
        found = tk.get_action("package_search")({}, {"q": words})
        assert [one["id"] for one in found["results"]] == [called_anew.entry["id"]], words


def test_cases_keep_the_name_that_the_department_had_when_it_was_asked(world) -> None:  # noqa: F811
    granted(world)
    world.apply()
    renamed(world.department, title=NEW)
    rows = model.Session.execute(sa.text(
        "SELECT open, organization_title FROM govdata_case ORDER BY open")).all()
    assert [tuple(row) for row in rows] == [(False, "瑶海区民政局"), (True, "瑶海区民政局")]


def test_a_source_is_named_by_its_former_address_too(called_anew) -> None:
    made = make_entry(called_anew.authority["id"], open_attribute="non_open",
                      source_type="shared_in", shared_from="yaohai-minzhengju", resources=[])
    assert made["shared_from"] == "yaohai-minzhengju"
    assert tree.get("yaohai-minzhengju") is None
