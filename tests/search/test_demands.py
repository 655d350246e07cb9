"""Data that is not there can be asked for; entries that are opened often are told apart."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories, helpers

from ckanext.govdata.search import demands

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


def sent(app: Any, subject: str, purpose: str = "", **more: Any) -> Any:
    values = {"subject": subject, "purpose": purpose}
    return app.post("/search/ask", params=values, extra_environ=ELSEWHERE, **more)


def page(app: Any, address: str, **more: Any) -> BeautifulSoup:
    return BeautifulSoup(app.get(address, **more).body, "html.parser")


def headers(operator: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": operator["token"]}


def test_a_search_that_found_nothing_leads_to_the_form_and_the_answer_stands_there(
    app, portal, operator
):
    empty = page(app, "/dataset/?q=龙鳞螺旋桨")
    link = next(a["href"] for a in empty.select("a") if "/search/ask" in a.get("href", ""))
    form = page(app, link)
    assert form.select_one("input[name=subject]")["value"] == "龙鳞螺旋桨"
    assert sent(app, "龙鳞螺旋桨", "写论文", follow_redirects=False).status_code == 302
    (open_one,) = demands.listed()
    assert (open_one.subject, open_one.purpose) == ("龙鳞螺旋桨", "写论文")
    desk = page(app, "/govdata/search", headers=headers(operator))
    assert "写论文" in desk.select_one("[aria-labelledby=demands]").text
    assert desk.select_one(f"input[name=id][value='{open_one.id}']")
    values = {"id": open_one.id, "answer": "已请交通局编目"}
    app.post("/govdata/search/answer", params=values, headers=headers(operator))
    assert demands.listed() == []
    assert "已请交通局编目" in page(app, "/search/ask").text


@pytest.mark.parametrize(
    ("subject", "purpose", "field"),
    [
        ("", "", "subject"),
        ("水", "", "subject"),
        ("长" * 101, "", "subject"),
        ("我的电话13800001111", "", "subject"),
        ("公厕", "回复 a@example.org", "purpose"),
        ("公厕", "字" * 1001, "purpose"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(app, portal, subject, purpose, field):
    answer = sent(app, subject, purpose)
    assert answer.status_code == 409
    told = BeautifulSoup(answer.body, "html.parser")
    assert told.select_one(f"#error-gd-ask-{field}")
    assert told.select_one(f"[name={field}]")["aria-invalid"] == "true"
    assert demands.waiting() == 0


def test_what_was_typed_is_shown_and_not_run(app, portal, operator):
    sent(app, "<script>alert(1)</script>", "\x00控制\x07字符", follow_redirects=False)
    (kept,) = demands.listed()
    assert kept.purpose == "控制字符"
    body = app.get("/govdata/search", headers=headers(operator)).body
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body


def test_one_address_may_ask_ten_times_an_hour(app, portal):
    for number in range(demands.A_HOUR):
        assert sent(app, f"数据 {number}", follow_redirects=False).status_code == 302
    refused = sent(app, "再来一个")
    assert refused.status_code == 409
    assert demands.waiting() == demands.A_HOUR


def test_whoever_is_signed_in_needs_the_forms_token(make_app, ckan_config, monkeypatch, portal):
    """Whoever is not has no rights that another site could borrow."""
    monkeypatch.setitem(ckan_config, "WTF_CSRF_ENABLED", True)
    reader = factories.User(password="reader-2026-x")
    browser = make_app().test_client()
    browser.post("/user/login", data={"login": reader["name"], "password": "reader-2026-x"})
    values = {"subject": "公厕数据"}
    assert browser.post("/search/ask", data=values).status_code == 400
    assert demands.waiting() == 0
    form = BeautifulSoup(browser.get("/search/ask").text, "html.parser")
    values["_csrf_token"] = form.select_one("input[name=_csrf_token]")["value"]
    assert browser.post("/search/ask", data=values, follow_redirects=False).status_code == 302
    assert demands.waiting() == 1


def test_only_the_operator_reads_and_answers(app, portal):
    made = helpers.call_action("govdata_search_demand_create", subject="公厕数据")
    citizen = {"user": factories.User()["name"], "ignore_auth": False}
    for action, data in (
        ("govdata_search_demand_list", {}),
        ("govdata_search_demand_answer", {"id": made["id"], "answer": "x"}),
    ):
        with pytest.raises(tk.NotAuthorized):
            tk.get_action(action)(dict(citizen), data)
    assert app.post("/govdata/search/answer", params={"id": made["id"], "answer": "x"},
                    follow_redirects=False).status_code in (302, 403)
    assert demands.waiting() == 1


def test_the_newest_demand_stands_first(portal):
    for subject in ("公厕数据", "停车场数据"):
        helpers.call_action("govdata_search_demand_create", subject=subject)
    assert [one.subject for one in demands.listed()] == ["停车场数据", "公厕数据"]


def test_answers_are_refused_for_what_is_not_open(portal):
    with pytest.raises(tk.ObjectNotFound):
        helpers.call_action("govdata_search_demand_answer", id=99, answer="x")
    made = helpers.call_action("govdata_search_demand_create", subject="公厕数据")
    for bad in ({"id": "x", "answer": "y"}, {"id": made["id"], "answer": " "},
                {"id": made["id"], "answer": "长" * 1001}):
        with pytest.raises(tk.ValidationError):
            helpers.call_action("govdata_search_demand_answer", **bad)
    helpers.call_action("govdata_search_demand_answer", id=made["id"], answer="有了")
    with pytest.raises(tk.ObjectNotFound):
        helpers.call_action("govdata_search_demand_answer", id=made["id"], answer="再说")
    (told,) = helpers.call_action("govdata_search_demand_list", answered=True)
    assert told["answer"] == "有了"


def test_the_action_that_answers_says_which(app, portal, operator):
    sent(app, "龙鳞螺旋桨", "写论文", follow_redirects=False)
    (open_one,) = demands.listed()
    answer = app.post("/api/3/action/govdata_search_demand_answer", headers=headers(operator),
                      json={"id": open_one.id, "answer": "已请交通局编目"})
    assert answer.json["result"] == {"id": open_one.id}
