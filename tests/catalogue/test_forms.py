"""The forms of entries, files and departments, as an officer's browser sends them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories

DISCLOSURE = "《中华人民共和国政府信息公开条例》第十五条"

pytestmark = pytest.mark.usefixtures("fresh")

GOOD = {
    "title": "公交线路信息",
    "notes": "全县公交线路的名称、起点、终点和站点。",
    "domain": "transport",
    "update_period": "yearly",
    "share_type": "unconditional",
    "open_attribute": "unconditional",
    "pkg_name": "",
    "save": "",
    "_ckan_phase": "",
}


@pytest.fixture
def officer(department) -> dict[str, Any]:
    """The headers of an officer, and the department that she writes for."""
    user = factories.UserWithToken()
    office = department(
        level="county",
        region="340102",
        jurisdiction="yaohai",
        users=[{"name": user["name"], "capacity": "editor"}],
    )
    return {"headers": {"Authorization": user["token"]}, "office": office["id"]}


def page_of(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def form_of(app: Any, officer: dict[str, Any], path: str = "/dataset/new") -> BeautifulSoup:
    return page_of(app.get(path, headers=officer["headers"], status=200))


def send(app: Any, officer: dict[str, Any], path: str = "/dataset/new", **fields: Any) -> Any:
    data = {**GOOD, "owner_org": officer["office"], **fields}
    return app.post(path, headers=officer["headers"], data=data, follow_redirects=False)


def saved(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 302, page_of(answer).select_one("[data-gd-wrong]")
    name = answer.headers["Location"].rsplit("/", 1)[-1]
    context = {"ignore_auth": True, "user": "", "use_cache": False}
    return tk.get_action("package_show")(context, {"id": name})


def rows(field: str, *values: dict[str, str]) -> dict[str, str]:
    return {
        f"{field}-{number:04d}-{part}": value
        for number, row in enumerate(values)
        for part, value in row.items()
    }


def test_every_group_of_the_form_is_in_its_contents(app, officer):
    page = form_of(app, officer)
    groups = [group["id"] for group in page.select("fieldset.gd-form__group")]
    assert len(groups) >= 6
    assert [a["href"] for a in page.select(".gd-form__contents a")] == [f"#{g}" for g in groups]


def test_labels_helps_and_ids_fit_together(app, officer):
    page = form_of(app, officer)
    form = page.select_one("#dataset-edit")
    for template in form.select("template"):
        template.decompose()
    ids = [part["id"] for part in form.select("[id]")]
    assert len(ids) == len(set(ids))
    for label in form.select("label[for]"):
        assert label["for"] in ids
    for part in form.select("[aria-describedby]"):
        assert set(part["aria-describedby"].split()) <= set(ids)
    for part in form.select("input:not([type=hidden]), select, textarea"):
        assert part.find_parent("label") or form.select_one(f'label[for="{part.get("id")}"]')


def test_nothing_of_the_form_needs_what_the_content_policy_refuses(app, officer):
    for path in ("/dataset/new", "/user/edit", "/dashboard/datasets"):
        page = form_of(app, officer, path)
        assert not page.select("main [style], #content [style], style")
        assert not page.select('#content [onclick], #content a[href^="javascript:"]')
        assert "includeIndicatorStyles" in page.select_one('meta[name="htmx-config"]')["content"]


def test_fields_that_depend_on_others_say_on_which_and_are_there_without_a_script(app, officer):
    block = form_of(app, officer).select_one("#field-open_basis").find_parent("fieldset")
    assert block["data-gd-depends"] == '{"open_attribute": ["conditional", "non_open"]}'
    assert not block.has_attr("hidden")


def test_an_entry_is_saved_with_an_address_and_a_code_of_its_own(app, officer):
    entry = saved(send(app, officer, data_formats=["csv", "xlsx"], tag_string="公交,线路"))
    assert entry["name"].startswith("entry-")
    assert entry["state"] == "active"
    assert entry["catalogue_code"]
    assert entry["data_formats"] == ["csv", "xlsx"]
    assert {tag["name"] for tag in entry["tags"]} == {"公交", "线路"}


def test_empty_rows_are_not_saved_wherever_they_stand(app, officer):
    empty = {"name": "", "type": "", "sensitive": ""}
    first, last = {**empty, "name": "甲"}, {**empty, "name": "乙"}
    entry = saved(
        send(
            app,
            officer,
            **rows("information_items", first, empty, last, empty),
            **rows("application_materials", {"name": "", "required": ""}),
        )
    )
    assert [row["name"] for row in entry["information_items"]] == ["甲", "乙"]
    assert not entry.get("application_materials")


def test_more_than_ten_rows_keep_their_order_through_the_form(app, officer):
    names = [f"第{n}项" for n in range(14)]
    fields = rows("information_items", *({"name": name} for name in names))
    entry = saved(send(app, officer, **fields))
    assert [row["name"] for row in entry["information_items"]] == names
    page = form_of(app, officer, f"/dataset/edit/{entry['name']}")
    sent = {
        part["name"]: part.get("value", "")
        for part in page.select('input[name^="information_items-"]')
        if part.find_parent("template") is None
    }
    answer = send(app, officer, f"/dataset/edit/{entry['name']}", name=entry["name"], **sent)
    assert [row["name"] for row in saved(answer)["information_items"]] == names


@pytest.mark.usefixtures("yaohai_in_force")
def test_each_mistake_is_listed_with_a_link_to_its_field_and_its_article(app, officer):
    answer = send(
        app,
        officer,
        title="",
        open_attribute="conditional",
        catalogue_code="abc",
        url="javascript:alert(1)",
        **rows("information_items", {"name": ""}, {"name": "", "description": "<b>没有名称"}),
    )
    page = page_of(answer)
    summary = page.select_one("[data-gd-wrong]")
    assert summary["role"] == "alert"
    wrong = {a["href"].removeprefix("#field-"): a.parent.get_text() for a in summary.select("a")}
    assert {"title", "open_conditions", "open_basis", "catalogue_code", "url"} <= set(wrong)
    assert "information_items-0001-name" in wrong
    assert "the portal's own rule" in wrong["open_basis"]
    for name in wrong:
        field = page.select_one(f"#field-{name}")
        assert field is not None, name
        assert field.get("aria-invalid") == "true", name
    assert page.select_one("#field-information_items-0001-description")["value"] == "<b>没有名称"
    assert model.Session.query(model.Package).count() == 0


def test_a_mistake_mended_is_saved(app, officer):
    assert send(app, officer, open_attribute="non_open").status_code == 200
    entry = saved(send(app, officer, open_attribute="non_open", open_basis=DISCLOSURE))
    assert entry["open_basis"] == DISCLOSURE


def test_with_files_the_officer_goes_on_to_the_files_form(app, officer):
    answer = send(app, officer, _ckan_phase="dataset_new_1")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/resource/new")


def test_what_a_reader_typed_is_shown_as_text(app, officer):
    hostile = '"><script>alert(1)</script>'
    page = page_of(send(app, officer, title=hostile, share_conditions=hostile))
    assert page.select_one("#field-title")["value"] == hostile
    assert "alert(1)" not in "".join(script.get_text() for script in page.select("script"))


def test_the_departments_form_lists_its_mistakes(app, officer):
    admin = factories.SysadminWithToken()
    data = {"name": "minzhengju", "title": "民政局", "uscc": "123", "region": "999999", "save": ""}
    headers = {"Authorization": admin["token"]}
    answer = app.post("/organization/new", headers=headers, data=data)
    page = page_of(answer)
    links = {a["href"] for a in page.select("[data-gd-wrong] a")}
    assert {"#field-uscc", "#field-region"} <= links
    assert page.select_one("#field-uscc")["aria-invalid"] == "true"


def test_ckans_scripts_find_their_translations(app):
    answer = app.get("/api/i18n/zh_Hans-CN", follow_redirects=False)
    assert answer.headers["Location"].endswith("/api/i18n/zh_Hans_CN")
    assert app.get("/api/i18n/zh_Hant-TW").status_code == 200


@pytest.mark.ckan_config("ckan.auth.allow_dataset_collaborators", True)
def test_who_only_works_along_is_not_offered_to_move_the_entry(app, officer, department):
    user = factories.UserWithToken()
    department(
        level="county",
        region="340102",
        title="瑶海区教育局",
        users=[{"name": user["name"], "capacity": "admin"}],
    )
    send(app, officer, title="公交线路")
    entry = model.Session.query(model.Package).filter_by(title="公交线路").one()
    tk.get_action("package_collaborator_create")(
        {"ignore_auth": True}, {"id": entry.id, "user_id": user["id"], "capacity": "editor"}
    )
    path = f"/dataset/edit/{entry.name}"
    theirs = page_of(app.get(path, headers={"Authorization": user["token"]}, status=200))
    assert not theirs.select("select[name=owner_org]")
    assert form_of(app, officer, path).select("select[name=owner_org]")
