"""The form of a decision begins with what was asked for, and its articles stand in their order."""

from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.govdata.rules.wording import place_of
from tests.cases.conftest import call


def form_of(app, case_id: str):
    token = call_action("api_token_create", context={"user": "head"}, user="head", name="form")
    answer = app.get(f"/cases/{case_id}", headers={"Authorization": token["token"]})
    page = BeautifulSoup(answer.body, "html.parser")
    return page.select_one("form[action$='/do/approve_partly']")


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


def test_articles_stand_in_the_order_of_their_text(world, app):
    form = form_of(app, world.prepared()["id"])
    cited = [box["value"] for box in form.select("input[name=basis][type=checkbox]")]
    for text in {one.partition(":")[0] for one in cited}:
        own = [place_of(one)[0] for one in cited if one.startswith(f"{text}:")]
        assert own == sorted(own), text
    assert len(cited) > 10
