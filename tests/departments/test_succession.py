"""A department is merged or abolished: another takes over all that it has, or nothing happens."""

from __future__ import annotations

import json
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata.access import gate
from ckanext.govdata.departments import former_names, members, tree
from ckanext.govdata.domain.refusal import Refusal
from tests.cases.conftest import CLAUSE, browse, call, heard, make_user, seat, site, world  # noqa: F401
from tests.cases.test_entry_changed import granted

BASIS = "瑶海区机构改革方案（瑶发〔2026〕3号）"


def department(name: str, title: str, parent: str = "yaohai", **more: Any) -> dict[str, Any]:
    return tk.get_action("organization_create")(site(), {
        "name": name, "title": title, "level": "county", "region": "340102",
        "groups": [{"name": parent}], **more})


def staffed(name: str, title: str, head: str, clerk: str, **more: Any) -> dict[str, Any]:
    made = department(name, title, **more)
    for user, capacity in ((head, "admin"), (clerk, "editor")):
        make_user(user)
        seat(made["id"], user, capacity)
    return made


@pytest.fixture
def merged(world) -> dict[str, Any]:  # noqa: F811
    """A department with a running grant, an open case, a decided one, a draft and one below it."""
    heir = staffed("yaohai-shehui", "瑶海区社会工作局", "chief", "clerk")
    made = {"heir": heir["id"], "own": world.department["id"], "grant": granted(world),
            "case": world.apply()["id"], "file": world.entry["resources"][0]["id"],
            "below": department("yaohai-yanglao", "瑶海区养老中心", "yaohai-minzhengju",
                                level="township", region="340102001")["id"]}
    world.act("officer", made["case"], "claim")
    made["draft"] = call("other", "govdata_case_create", kind="open_application",
                         dataset_id=world.entry["id"], form={})["id"]
    return made


def succeed(who: str = "authority", **more: Any) -> dict[str, Any]:
    asked = {"id": "yaohai-minzhengju", "successor": "yaohai-shehui", "basis": BASIS, **more}
    return call(who, "govdata_department_succeed", **asked)


def kinds(who: str) -> list[str]:
    return [one["kind"] for one in call(who, "govdata_notice_list")["results"]]


def everything() -> dict[str, Any]:
    """What a refused act may not have touched."""
    tables = ('"group"', "member", "package", "govdata_case", "govdata_case_event",
              "govdata_grant", "govdata_ledger", "govdata_notice", "govdata_department_name")
    model.Session.rollback()
    return {
        one: sorted(str(row) for row in model.Session.execute(sa.text(f"SELECT * FROM {one}")))
        for one in tables
    }


def refused(who: str = "authority", **more: Any) -> str:
    before = everything()
    with pytest.raises((tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound)) as caught:
        succeed(who, **more)
    model.Session.rollback()
    assert everything() == before
    return str(getattr(caught.value, "error_dict", None) or caught.value)


def test_all_goes_to_the_successor_in_one_act(merged, world) -> None:  # noqa: F811
    due = call("citizen", "govdata_case_show", id=merged["case"])["due"]
    assert call("authority", "govdata_department_holdings", id=merged["own"]) == {
        "entries": 1, "cases": 2, "grants": 1, "events": 0, "departments": 1}
    done = succeed()
    counts = {name: done[name] for name in ("entries", "cases", "grants", "departments", "staff")}
    assert counts == {"entries": 1, "cases": 2, "grants": 1, "departments": 1, "staff": 0}
    assert model.Package.get(world.entry["id"]).owner_org == merged["heir"]
    assert model.Group.get(merged["own"]).state == "deleted"
    left = model.Session.execute(sa.text(
        "SELECT table_name, table_id FROM member WHERE group_id = :id AND state = 'active' "
        "AND table_name <> 'group'"), {"id": merged["own"]}).all()
    assert left == [], "neither a seat nor an entry stands there"
    assert tree.ancestors(merged["below"])[-2].id == merged["heir"]
    shown = call("clerk", "govdata_case_show", id=merged["case"])
    assert (shown["organization_title"], shown["assigned"], shown["due"]) == (
        "瑶海区社会工作局", None, due)
    assert shown["events"][-1]["name"] == "moved"
    call("clerk", "govdata_case_act", id=merged["case"], command="claim", fields={})
    call("clerk", "govdata_case_act", id=merged["case"], command="accept", fields={})


def test_a_grant_goes_on_without_a_break_and_is_the_successor_s(merged) -> None:
    user = model.User.get("citizen")
    before = gate.judged(merged["file"], user)
    succeed()
    after = gate.judged(merged["file"], model.User.get("citizen"))
    assert isinstance(before, Refusal) == isinstance(after, Refusal) is False
    shown = call("citizen", "govdata_grant_show", id=merged["grant"])
    assert (shown["standing"], shown["organization_title"]) == ("in_force", "瑶海区社会工作局")
    assert [one["id"] for one in call("chief", "govdata_grant_list", organization=merged["heir"])]
    call("chief", "govdata_grant_revoke", id=merged["grant"], reason="持有人违反使用承诺，终止",
         basis=CLAUSE, **heard())  # fmt: skip


def test_what_is_decided_keeps_the_name_of_then_and_is_the_successor_s_to_keep(merged) -> None:
    succeed()
    rows = model.Session.execute(sa.text(
        "SELECT id, organization_id, organization_title FROM govdata_case WHERE NOT open")).all()
    [decided] = rows
    assert (decided.organization_id, decided.organization_title) == (merged["heir"], "瑶海区民政局")
    assert call("clerk", "govdata_case_show", id=decided.id)["organization_title"] == "瑶海区民政局"
    found = tk.get_action("govdata_decision_list")({}, {})
    assert [one["title"] for one in found["departments"]] == ["瑶海区民政局"]
    assert [one["organization_title"] for one in found["results"]] == ["瑶海区民政局"]


def test_everybody_concerned_is_told(merged) -> None:
    succeed()
    for who in ("officer", "head", "chief", "clerk"):
        assert kinds(who).count("department_succeeded") == 1, who
    assert {"grant_succeeded", "case_moved"} <= set(kinds("citizen"))
    assert "department_succeeded" not in kinds("citizen")
    assert "case_moved" in kinds("clerk")


def test_it_is_in_the_ledger_once_with_numbers_and_document(merged) -> None:
    succeed()
    rows = model.Session.scalars(sa.text(
        "SELECT content FROM govdata_ledger WHERE action = 'department_succeeded'")).all()
    [facts] = [json.loads(row)["facts"] for row in rows]
    assert facts["successor"] == merged["heir"]
    assert facts["basis"] == BASIS
    assert (facts["entries"], facts["grants"]) == (1, 1)
    assert tk.get_action("govdata_ledger_verify")(site(), {})


def test_its_names_and_its_address_lead_to_the_successor(merged, app) -> None:
    succeed()
    assert former_names.bearers("瑶海区民政局") == [merged["heir"]]
    answer = app.get("/organization/yaohai-minzhengju", follow_redirects=False)
    assert answer.headers["Location"].endswith("/organization/yaohai-shehui")
    shown = app.get("/api/3/action/organization_show?id=yaohai-minzhengju").json["result"]
    assert shown["id"] == merged["heir"]
    assert {(one["value"], one["own"]) for one in shown["former_names"]} == {
        ("瑶海区民政局", False), ("yaohai-minzhengju", False)}


def test_successions_follow_one_another(merged) -> None:
    last = staffed("yaohai-zonghe", "瑶海区综合服务局", "last-head", "last-clerk")
    succeed()
    succeed(id="yaohai-shehui", successor=last["id"])
    assert former_names.bearers("瑶海区民政局") == [last["id"]]
    assert call("last-clerk", "govdata_case_show", id=merged["case"])["roles"] == ["officer"]
    assert not isinstance(gate.judged(merged["file"], model.User.get("citizen")), Refusal)


def test_its_people_go_along_where_that_is_asked_for(merged) -> None:
    assert succeed(staff=True)["staff"] == 3
    head = model.User.by_name("head").id
    assert set(members.heads(merged["heir"])) == {model.User.by_name("chief").id}
    assert head in members.officers(merged["heir"])
    assert call("officer", "govdata_case_show", id=merged["case"])["roles"] == ["officer"]


def test_without_that_its_people_have_no_part_any_more(merged) -> None:
    succeed()
    for who in ("officer", "head"):
        with pytest.raises(tk.NotAuthorized):
            call(who, "govdata_case_show", id=merged["case"])


WRONG = {
    "nobody named": ({"successor": ""}, "successor", "瑶海区民政局"),
    "nobody of this name": ({"successor": "no-such"}, "successor", "no-such"),
    "script": ({"successor": "<script>alert(1)</script>"}, "successor", "script"),
    "itself": ({"successor": "yaohai-minzhengju"}, "successor", "itself"),
    "below it": ({"successor": "yaohai-yanglao"}, "successor", "瑶海区养老中心"),
    "no document": ({"basis": "  "}, "basis", "6"),
    "a long document": ({"basis": "文" * 301}, "basis", "300"),
}


@pytest.mark.parametrize("case", WRONG)
def test_it_is_refused_in_words_and_nothing_is_half_done(merged, case) -> None:
    asked, field, word = WRONG[case]
    said = refused(**asked)
    assert field in said
    assert word in said


def test_a_successor_that_ended_itself_is_none(merged) -> None:
    gone = department("yaohai-gone", "瑶海区某局")
    model.Group.get(gone["id"]).state = "deleted"
    model.Session.commit()
    assert "瑶海区某局" in refused(successor="yaohai-gone")
    assert "瑶海区某局" in refused(successor=gone["id"])


def test_it_ends_once(merged) -> None:
    succeed()
    said = refused(id=merged["own"])
    assert "before" in said or "above" in said


def test_an_office_for_which_cases_wait_is_given_away_first(merged) -> None:
    seat("yaohai", "chief", "admin")
    assert "瑶海区数据资源管理局" in refused("chief", id="yaohai-shujuju")


@pytest.mark.parametrize("who", ["chief", "clerk", "head", "officer", "citizen", "root", "auditor"])
def test_nobody_takes_or_gives_what_he_does_not_stand_above(merged, who) -> None:
    """The head of one department does not grab another's grants, nor give his own away."""
    said = refused(who)
    assert said
    with pytest.raises(tk.NotAuthorized):
        call(who, "govdata_department_holdings", id=merged["own"])


def test_nobody_hands_over_to_a_department_of_another_place(merged) -> None:
    far = tk.get_action("organization_create")(site(), {
        "name": "huaining-minzheng", "title": "怀宁县民政局", "level": "county",
        "region": "340822"})
    assert "怀宁县民政局" in refused(successor=far["name"])


def test_a_deputy_of_the_authority_s_head_does_not_end_departments(merged, world) -> None:  # noqa: F811
    """Power is not lent: standing in is for daily work."""
    make_user("stand-in")
    seat(world.authority["id"], "stand-in", "editor")
    tk.get_action("govdata_away_create")(
        {"user": "authority", "auth_user_obj": model.User.by_name("authority")},
        {"deputy": model.User.by_name("stand-in").id, "first": "2099-01-01", "last": "2099-01-02"})
    refused("stand-in")


def test_nothing_is_kept_where_the_last_step_fails(merged, monkeypatch) -> None:
    from ckanext.govdata.departments import succession

    def broken(*_: Any) -> None:
        raise tk.ValidationError({"basis": ["broken"]})

    monkeypatch.setattr(succession, "_end", broken)
    assert "broken" in refused()


def test_the_caller_may_commit_himself(merged) -> None:
    context = {"user": "authority", "auth_user_obj": model.User.by_name("authority"),
               "defer_commit": True}
    tk.get_action("govdata_department_succeed")(
        context, {"id": "yaohai-minzhengju", "successor": merged["heir"], "basis": BASIS})
    model.Session.rollback()
    assert model.Group.get(merged["own"]).state == "active"


@pytest.mark.parametrize("action", ["organization_delete", "organization_purge"])
@pytest.mark.parametrize("who", ["authority", "root"])
def test_a_department_with_cases_or_grants_does_not_simply_end(merged, world, action, who) -> None:  # noqa: F811
    """CKAN asks for entries alone: what was purged leaves cases and grants behind."""
    tk.get_action("dataset_purge")(site(), {"id": world.entry["id"]})
    with pytest.raises((tk.ValidationError, tk.NotAuthorized)) as caught:
        call(who, action, id=merged["own"])
    model.Session.rollback()
    assert model.Group.get(merged["own"]).state == "active"
    assert caught.value


def test_an_empty_department_ends_as_ever(world) -> None:  # noqa: F811
    empty = department("yaohai-empty", "瑶海区空局")
    call("root", "organization_delete", id=empty["id"])
    assert model.Group.get(empty["id"]).state == "deleted"


ADDRESS = "/organization/succession/yaohai-minzhengju"


def test_the_page_shows_what_goes_keeps_what_was_typed_and_does_it(merged, browse) -> None:  # noqa: F811
    page = browse("authority", "/organization/yaohai-minzhengju")
    assert page.select_one(f'a[href$="{ADDRESS}"]')
    page = browse("authority", ADDRESS)
    offered = [one["value"] for one in page.select("#successor option")]
    assert offered == ["", "yaohai-shehui"], "nobody whom he does not stand above"
    numbers = [one.text for one in page.select("main dl.gd-facts dd")]
    assert sorted(numbers) == ["0", "1", "1", "1", "2"]
    wrong = browse("authority", ADDRESS, {"successor": "", "basis": "瑶发", "staff": "true"}, 409)
    assert wrong.select_one('a[href="#successor"]')
    assert wrong.select_one("#basis")["value"] == "瑶发"
    assert wrong.select_one("#staff").has_attr("checked")
    asked = {"successor": "yaohai-shehui", "basis": BASIS}
    done = browse("authority", ADDRESS, asked, status=302, follow=False)
    assert merged["heir"] in done.text
    assert "瑶海区民政局" in browse("citizen", "/organization/yaohai-shehui").text


@pytest.mark.parametrize("who", ["citizen", "head", "chief", "root"])
def test_the_page_is_nobody_s_who_does_not_stand_above(merged, browse, who) -> None:  # noqa: F811
    browse(who, ADDRESS, status=404)
    asked = {"successor": "yaohai-shehui", "basis": BASIS}
    browse(who, ADDRESS, asked, status=404)
    assert model.Group.get(merged["own"]).state == "active"
    assert ADDRESS not in str(browse("citizen", "/organization/yaohai-minzhengju"))
