"""The form of a decision begins with what was asked for, and its articles stand in their order."""

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.govdata import now
from ckanext.govdata.rules.rule_files import load_grounds, load_rulebook
from ckanext.govdata.speech.phrases import place_of
from tests.cases.conftest import BASIS, REASON, call, site


def form_of(app, case_id: str):
    token = call_action("api_token_create", context={"user": "head"}, user="head", name="form")
    address, headers = f"/cases/{case_id}/do/approve_partly", {"Authorization": token["token"]}
    answer = app.get(address, headers=headers)
    page = BeautifulSoup(answer.body, "html.parser")
    return page.select_one("form[action$='/do/approve_partly']")


def test_only_what_was_asked_for_can_be_given(world, app):
    """A column more would be refused anyway, so it is not offered."""
    file = world.entry["resources"][0]["id"]
    form = form_of(app, world.prepared(columns={file: ["客流量"]})["id"])
    assert [box["value"] for box in form.select("[name^='grant_columns:']")] == ["客流量"]


def test_a_decision_in_part_begins_with_the_period_asked_and_with_no_column(world, app):
    file = world.entry["resources"][0]["id"]
    case = world.prepared(columns={file: ["线路名称", "客流量"]})
    asked = call("head", "govdata_case_show", id=case["id"])["answers"]
    form = form_of(app, case["id"])
    for end in ("from", "until"):
        assert form.select_one(f"[name=valid_{end}]")["value"] == asked[f"period_{end}"]
    assert len(form.select("[name^='grant_columns:']")) >= len(asked["columns"][file])
    assert not form.select("[name^='grant_columns:'][checked]"), "what is given is chosen"
    assert not form.select("input[name=basis][checked]")


def test_articles_stand_in_the_order_of_their_text_behind_the_usual_ones(world, app):
    form = form_of(app, world.prepared()["id"])
    cited = [box["value"] for box in form.select("input[name=basis][type=checkbox]")]
    usual = load_grounds().of(load_rulebook(), "yaohai", now.today()).usual_first("conditional")
    first = [one.id for one in usual if "conditional" in one.usual_for]
    assert cited[:len(first)] == first
    rest = cited[len(first):]
    for text in {one.partition(":")[0] for one in rest}:
        own = [place_of(one)[0] for one in rest if one.startswith(f"{text}:")]
        assert own == sorted(own), text
    assert len(cited) > 10


def scope(world, **more):
    file, form = world.entry["resources"][0]["id"], world.form()
    return {"grant_resources": [file], "grant_columns": {file: ["线路名称"]},
            "valid_from": form["period_from"], "valid_until": form["period_until"],
            "reason": REASON, "basis": BASIS, **more}


def codes(error):
    return {(one["code"], one["field"]) for one in error.value.error_dict["reasons"]}


@pytest.mark.parametrize("columns", [None, {}])
def test_an_application_names_the_columns_that_it_wants(world, columns):
    with pytest.raises(tk.ValidationError) as error:
        world.apply(columns=columns)
    assert codes(error) == {("columns_not_named", "columns")}


def test_items_that_are_sensitive_or_not_open_cannot_be_asked_for(world):
    file = world.entry["resources"][0]["id"]
    with pytest.raises(tk.ValidationError) as error:
        world.apply(columns={file: ["线路名称", "司机电话"]})
    assert codes(error) == {("not_here", "columns")}


def test_a_partial_approval_gives_less_and_gives_something(world):
    case, file = world.prepared(), world.entry["resources"][0]["id"]
    for given, code in (
        (scope(world, grant_columns={}), ("columns_not_named", "grant_columns")),
        (scope(world, grant_resources=[]), ("missing", "grant_resources")),
        (scope(world, grant_columns={file: ["线路名称", "客流量"]}),
         ("all_that_was_asked", "grant_columns")),
    ):
        with pytest.raises(tk.ValidationError) as error:
            world.act("head", case["id"], "approve_partly", **given)
        assert code in codes(error)
    shown = world.act("head", case["id"], "approve_partly", **scope(world))
    assert shown["letters"][-1]["scope"]["resources"][0]["columns"] == ["线路名称"]


def test_an_approval_writes_out_what_was_asked_for_and_no_more(world):
    file = world.entry["resources"][0]["id"]
    case = world.prepared(columns={file: ["客流量"]})
    world.act("head", case["id"], "approve")
    [grant] = call("citizen", "govdata_grant_list")
    assert grant["columns"] == {file: ["客流量"]}


def test_what_was_closed_since_is_not_granted(world):
    file = world.entry["resources"][0]["id"]
    items = [{"name": "线路名称", "type": "C", "opened": True}, {"name": "客流量", "type": "N"}]
    first, second = world.prepared(), world.prepared(columns={file: ["客流量"]})
    tk.get_action("package_patch")(site(), {"id": world.entry["id"], "information_items": items})
    shown = world.act("head", first["id"], "approve")
    assert shown["letters"][-1]["scope"]["resources"][0]["columns"] == ["线路名称"]
    with pytest.raises(tk.ValidationError) as error:
        world.act("head", second["id"], "approve")
    assert "columns" in error.value.error_dict
