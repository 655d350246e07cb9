"""Grants and cases follow their entry: ended, suspended or handed on, and everybody is told."""
from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from ckanext.govdata import now
from ckanext.govdata.catalogue.entry import bulk
from tests.cases.conftest import BASIS, CLAUSE, REASON, call, heard, on_day, site, world  # noqa: F401


def granted(world) -> str:  # noqa: F811
    today = now.today().isoformat()
    until = now.today().replace(year=now.today().year + 1).isoformat()
    case = world.apply(period_from=today, period_until=until)
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", proposal="approve", note="拟同意")
    return world.act("head", case["id"], "approve")["grant"]


def patch(world, **fields) -> None:  # noqa: F811
    tk.get_action("package_patch")(site(), {"id": world.entry["id"], **fields})


def by_statement(world, **fields) -> None:  # noqa: F811
    bulk.change([bulk.ChangedEntry(world.entry["id"], fields)], now.now().replace(tzinfo=None))
    model.Session.commit()


def kinds(who: str) -> list[str]:
    return [one["kind"] for one in call(who, "govdata_notice_list")["results"]]


NON_OPEN = {"open_attribute": "non_open", "information_items": [{"name": "线路名称", "type": "C"}]}
"""What is not open has no open item."""
CHANGES = {
    "private": (lambda w: patch(w, private=True), "suspended", "grant_entry_withdrawn"),
    "deleted": (lambda w: tk.get_action("package_delete")(site(), {"id": w.entry["id"]}),
                "revoked", "grant_entry_deleted"),
    "purged": (lambda w: tk.get_action("dataset_purge")(site(), {"id": w.entry["id"]}),
               "revoked", "grant_entry_deleted"),
    "non_open": (lambda w: patch(w, **NON_OPEN), "revoked", "grant_entry_closed"),
    "by a sheet": (lambda w: by_statement(w, open_attribute="non_open"), "revoked",
                   "grant_entry_closed"),
    "open to all": (lambda w: patch(w, open_attribute="unconditional"), "revoked",
                    "grant_open_to_all"),
    "file deleted": (lambda w: tk.get_action("resource_delete")(
        site(), {"id": w.entry["resources"][0]["id"]}), "revoked", "grant_files_gone"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_grant_falls_with_its_data_and_its_holder_is_told(world, change) -> None:  # noqa: F811
    act, standing, told = CHANGES[change]
    grant_id, waiting = granted(world), world.prepared()
    act(world)
    shown = call("citizen", "govdata_grant_show", id=grant_id)
    assert shown["standing"] == standing
    assert shown["reason"]
    assert "entry:" not in shown["reason"]
    assert told in kinds("citizen")
    assert "case_hindered" in kinds("citizen")
    assert "case_hindered" in kinds("officer")
    with pytest.raises(tk.ValidationError) as caught:
        world.act("head", waiting["id"], "approve")
    assert set(caught.value.error_dict) & {"dataset_id", "resources"}
    refused = world.act("head", waiting["id"], "refuse", reason=REASON, basis=BASIS)
    assert refused["state"] == "refused"


@pytest.mark.parametrize("change", CHANGES)
def test_what_cannot_be_given_is_refused_from_anywhere(world, change) -> None:  # noqa: F811
    """Nobody has to call complete what cannot be granted, only to be able to refuse it."""
    first, second, third = world.apply(), world.apply(), world.apply()
    draft = call("citizen", "govdata_case_create", kind="open_application",
                 dataset_id=world.entry["id"], form={})
    world.act("officer", second["id"], "accept")
    world.act("officer", third["id"], "request_supplement", missing_items="请补充安全措施说明。")
    CHANGES[change][0](world)
    for case in (first, second, third):
        for who, command, fields in (
            ("officer", "accept", {}), ("citizen", "supply", world.supplied()),
            ("officer", "propose", {"proposal": "approve", "note": "拟同意"}),
        ):
            with pytest.raises(tk.ValidationError):
                world.act(who, case["id"], command, **fields)
        assert "refuse" in [c["name"] for c in call("head", "govdata_case_commands", id=case["id"])]
        world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    with pytest.raises(tk.ValidationError):
        world.act("citizen", draft["id"], "submit", **world.form())


def test_a_grant_that_fell_does_not_rise_by_itself(world) -> None:  # noqa: F811
    grant_id = granted(world)
    patch(world, **NON_OPEN)
    patch(world, open_attribute="conditional")
    assert call("citizen", "govdata_grant_show", id=grant_id)["standing"] == "revoked"


def test_an_ordinary_change_changes_nothing(world) -> None:  # noqa: F811
    grant_id, waiting = granted(world), world.prepared()
    before = kinds("citizen"), kinds("officer")
    patch(world, notes="换一句说明。")
    assert call("citizen", "govdata_grant_show", id=grant_id)["standing"] == "in_force"
    assert (kinds("citizen"), kinds("officer")) == before
    world.act("head", waiting["id"], "refuse", reason=REASON, basis=BASIS)


@pytest.fixture
def moved(world):  # noqa: F811
    """An entry with a grant and an open case, moved to another department by an API call."""
    factories.User(name="newhead")
    factories.User(name="newofficer")
    other = tk.get_action("organization_create")(site(), {
        "name": "yaohai-jiaotongju", "title": "瑶海区交通局", "level": "county",
        "region": "340102", "groups": [{"name": "yaohai"}]})
    for user, role in (("newhead", "admin"), ("newofficer", "editor")):
        tk.get_action("organization_member_create")(
            site(), {"id": other["id"], "username": user, "role": role})
    grant_id, case = granted(world), world.apply()
    world.act("officer", case["id"], "claim")
    tk.get_action("package_owner_org_update")(
        site(), {"id": world.entry["id"], "organization_id": other["id"]})
    return grant_id, case["id"], other


def test_the_department_that_has_the_entry_now_has_its_grants(moved) -> None:
    grant_id, _case, other = moved
    resource = call("citizen", "govdata_grant_show", id=grant_id)["resources"][0]
    assert not call("citizen", "govdata_access_check", resource_id=resource)["allowed"]
    assert "grant_entry_moved" in kinds("citizen")
    assert "grant_to_confirm" in kinds("newhead")
    with pytest.raises(tk.NotAuthorized):
        call("head", "govdata_grant_show", id=grant_id)
    with pytest.raises(tk.NotAuthorized):
        call("head", "govdata_grant_revoke", id=grant_id, reason=REASON)
    [line] = call("newhead", "govdata_grant_list", organization=other["id"])
    assert line["id"] == grant_id
    shown = call("newhead", "govdata_grant_revoke", id=grant_id, reason=REASON, lift=True)
    assert shown["standing"] == "in_force"
    assert call("citizen", "govdata_access_check", resource_id=resource)["allowed"]
    acts = [one["action"] for one in tk.get_action("govdata_ledger_list")(
        site(), {"object_id": grant_id})[
        "results"]]
    assert "grant_taken_over" in acts
    call("newhead", "govdata_grant_revoke", id=grant_id, reason=REASON, basis=CLAUSE, **heard())
    assert not call("citizen", "govdata_access_check", resource_id=resource)["allowed"]


def test_a_grant_falls_with_its_data_on_its_last_day_too(world, on_day) -> None:  # noqa: F811
    grant_id = granted(world)
    on_day(call("citizen", "govdata_grant_show", id=grant_id)["valid_until"])
    law = "《中华人民共和国政府信息公开条例》第十五条"  # the district's text does not bind any more
    patch(world, **{**NON_OPEN, "open_basis": law})
    assert call("citizen", "govdata_grant_show", id=grant_id)["standing"] == "revoked"


def test_who_only_ends_a_grant_has_not_taken_it_over(moved) -> None:
    grant_id, _case, _other = moved
    call("newhead", "govdata_grant_revoke", id=grant_id, reason=REASON, basis=CLAUSE, **heard())
    found = tk.get_action("govdata_ledger_list")(site(), {"object_id": grant_id})["results"]
    assert "grant_taken_over" not in [one["action"] for one in found]


def test_open_cases_go_with_the_entry(moved) -> None:
    _grant, case_id, other = moved
    assert {"case_moved"} <= set(kinds("citizen"))
    assert "case_moved" in kinds("newofficer")
    with pytest.raises(tk.NotAuthorized):
        call("officer", "govdata_case_show", id=case_id)
    shown = call("newofficer", "govdata_case_show", id=case_id)
    assert (shown["organization_id"], shown["assigned"]) == (other["id"], None)
    assert shown["events"][-1]["name"] == "moved"
    call("newofficer", "govdata_case_act", id=case_id, command="accept")
    call("newofficer", "govdata_case_act", id=case_id, command="propose",
         fields={"proposal": "refuse", "note": "拟不同意"})
    call("newhead", "govdata_case_act", id=case_id, command="approve")
    assert tk.get_action("govdata_ledger_verify")(site(), {})


def test_titles_of_what_was_withdrawn_are_not_told(world, app) -> None:  # noqa: F811
    grant_id, waiting = granted(world), world.apply()
    patch(world, private=True, title="改名后的机密标题")
    for title in ("改名后的机密标题", world.entry["title"]):
        for answer in (
            call("citizen", "govdata_grant_show", id=grant_id),
            call("citizen", "govdata_grant_list"),
            call("citizen", "govdata_case_list", mine=True),
            call("other", "govdata_decision_list"),
        ):
            assert title not in str(answer)
        shown = call("citizen", "govdata_case_show", id=waiting["id"])
        assert title not in str({**shown, "letters": []})
        assert title not in app.get("/decisions").body
    assert call("officer", "govdata_case_show", id=waiting["id"])["dataset_title"]
