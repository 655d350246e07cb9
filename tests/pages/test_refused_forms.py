"""One answer to a refused form: 409, what was typed, the summary with the focus, the title."""

from __future__ import annotations

import pytest

from tests.access.opened_grants import granted  # noqa: F401
from tests.cases.conftest import browse, call, world  # noqa: F401

TYPED = "无法接受的内容甲乙"


def refused(page, *typed: str):
    """The summary of a page whose form was refused."""
    summary = page.select_one("[data-gd-wrong]")
    assert summary.has_attr("autofocus")
    assert summary["tabindex"] == "-1"
    assert page.title.text.strip().startswith("错误：")
    fields = page.select("form [name], form option[selected]")
    kept = {field.get("value") or field.text.strip() for field in fields}
    assert {one for one in typed if one} <= kept
    for link in summary.select("li a"):
        assert page.select_one(link["href"]), link["href"]
    return summary.text


def tied(page):
    """Each thing of the summary stands once more at its field, which names it for readers' aids."""
    ids = [tag["id"] for tag in page.select("main [id]")]
    assert len(ids) == len(set(ids))
    for tag in page.select("[aria-describedby]"):
        assert set(tag["aria-describedby"].split()) <= set(ids)
    links = page.select("[data-gd-wrong] li a")
    assert links
    for link in links:
        place = page.select_one(link["href"])
        errors = [page.select_one(f"#{one}") for one in place["aria-describedby"].split()]
        errors = [one for one in errors if "gd-field__error" in one["class"]]
        assert [one.text for one in errors if one.text in link.parent.text], link["href"]
        assert place.name == "fieldset" or place["aria-invalid"] == "true"
        assert place.find_parent(class_="gd-field--wrong") or "gd-field--wrong" in place["class"]
    return True


DECLARED = ("/cases/away", "/search/ask", "/emergency-desk/declare", "/notices/preference",
            "/emergency-mail", "/emergency-hooks", "/catalogue/import")
FORMS = [
    ("officer", "/cases/away", {"deputy": "nobody", "first": "2026-13-01", "last": "gestern"},
     ("gestern",)),
    ("citizen", "/notices/preference", {"mail": "smoke", "language": "zh_Hans_CN"},
     ("zh_Hans_CN",)),
    ("citizen", "/search/ask", {"subject": "电话13800138000", "purpose": TYPED},
     ("电话13800138000", TYPED)),
    ("citizen", "/emergency-mail", {"address": "wang at example", "region": "340102"},
     ("wang at example",)),
    ("citizen", "/emergency-hooks", {"url": "http://10.0.0.1/x", "region": "340102"},
     ("http://10.0.0.1/x",)),
    ("head", "/emergency-desk/declare", {"title": TYPED, "organization": "district"}, (TYPED,)),
    ("officer", "/catalogue/import", {"place": TYPED}, (TYPED,)),
]  # fmt: skip


@pytest.mark.parametrize(("who", "path", "data", "typed"), FORMS, ids=lambda one: str(one)[:24])
def test_of_every_form(world, browse, ckan_config, monkeypatch, who, path, data, typed):  # noqa: F811
    monkeypatch.setitem(ckan_config, "smtp.server", "mail.example:25")
    page = browse(who, f"/zh_Hans_CN{path}", data, status=409)
    assert refused(page, *typed)
    assert path not in DECLARED or tied(page)


@pytest.mark.parametrize(("path", "data", "typed"), [
    ("change", {"kind": "synonym", "before": "", "after": "甲 >"}, ("甲 >",)),
    ("change", {"kind": "nonsense", "after": "甲 乙"}, ("甲 乙",)),
    ("import", {"replace": "true"}, ()),
])  # fmt: skip
def test_of_the_search_desk(world, browse, path, data, typed):  # noqa: F811
    page = browse("root", f"/zh_Hans_CN/govdata/search/{path}", data, status=409)
    assert refused(page, *typed)
    assert tied(page)


def test_of_an_answer_to_a_demand(world, browse):  # noqa: F811
    call("citizen", "govdata_search_demand_create", subject="公厕", purpose="")
    [row] = call("root", "govdata_search_demand_list")
    data = {"id": str(row["id"]), "answer": "字" * 1001}
    page = browse("root", "/zh_Hans_CN/govdata/search/answer", data, status=409)
    assert refused(page, data["answer"])
    assert tied(page)


def test_of_an_identity(world, browse):  # noqa: F811
    """The step of an application on which one says who one is; the number is kept too."""
    browse("authority", f"/apply/{world.entry['name']}", {})
    [draft] = call("authority", "govdata_case_list", mine=True)["results"]
    data = {"identity_kind": "person", "identity_name": "赵钱孙", "document": "passport",
            "country": "XX", "number": "123", "contact_name": "赵钱孙"}
    page = browse("authority", f"/zh_Hans_CN/cases/{draft['id']}/step/who", data, status=409)
    assert refused(page, "赵钱孙", "123")
    assert tied(page)
    assert page.select_one("#document option[selected]")["value"] == "passport"


def test_of_a_calculation_by_its_address(world, browse):  # noqa: F811
    page = browse("citizen", "/zh_Hans_CN/rules/deadline?term=open_application.decide"
                  "&jurisdiction=anhui&received=gestern", status=409)
    assert "gestern" in refused(page)
    assert tied(page)
    assert page.select_one("#received")["min"] == "2004-01-01"
    page = browse("citizen", "/zh_Hans_CN/rules/deadline?term=open_application.decide"
                  "&jurisdiction=anhui&received=2026-11-02&pause_from=2026-11-09&pause_to=heute",
                  status=409)
    assert "heute" in refused(page, "heute", "2026-11-09")
    assert tied(page)


def test_of_a_grant(granted, browse):  # noqa: F811
    grant = f"/zh_Hans_CN/grants/{granted['id']}"
    assert refused(browse("citizen", f"{grant}/token", {"name": "x" * 61}, status=409), "x" * 61)
    page = browse("head", f"{grant}/end", {"reason": "短"}, status=409)
    assert refused(page, "短")
    assert tied(page)
    page = browse("citizen", f"{grant}/report", {"use": "短", "deleted": "x", "link": "y"}, 409)
    assert refused(page, "短", "y")
    assert tied(page)


def test_whoever_is_signed_out_signs_in_and_comes_back(app, world):  # noqa: F811
    """Each page for somebody signed in leads to signing in, with the way back."""
    paths = ["/cases/mine", "/cases/desk", "/cases/away", "/grants", "/notices", "/audit",
             "/emergency-hooks", "/emergency-desk", f"/apply/{world.entry['name']}", "/written"]
    for path in paths:
        answer = app.get(path, follow_redirects=False)
        assert answer.status_code == 302, path
        assert "/user/login?came_from=" in answer.headers["Location"], path
    where = {"Referer": "http://test.govdata.example/emergency-hooks/1"}
    answer = app.post("/emergency-hooks/1/resume", headers=where, follow_redirects=False,
                      base_url="http://test.govdata.example")
    assert answer.status_code == 302
    assert "came_from=/emergency-hooks/1" in answer.headers["Location"]
