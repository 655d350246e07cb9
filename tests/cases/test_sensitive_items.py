"""No grant gives a sensitive item, and whoever applies, decides or is answered is told why."""

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from ckanext.govdata import now
from tests.cases.conftest import call, make_entry, site

WORDS = "司机电话: declared sensitive"
ARTICLE = "瑶政办〔2024〕2号 第十五条"
GROUND = "the right holder consents or the department finds that keeping them closed"


@pytest.fixture
def page(app):
    def read(who, path):
        token = call_action("api_token_create", context={"user": who}, user=who, name=f"{who}-s")
        return app.get(path, headers={"Authorization": token["token"]}).body

    return read


def test_the_applicant_is_told_where_he_chooses(world, page):
    draft = call("citizen", "govdata_case_create", kind="open_application",
                 dataset_id=world.entry["id"])
    for step, told in (("what", True), ("who", False)):
        said = page("citizen", f"/en/cases/{draft['id']}/step/{step}")
        assert (WORDS in said and ARTICLE in said) is told


def test_the_officers_are_told_where_they_decide(world, page):
    case = world.apply()
    said = page("head", f"/en/cases/{case['id']}")
    assert WORDS in said
    assert ARTICLE in said


def test_the_letter_says_it(world, page):
    today = now.today().isoformat()
    case = world.apply(period_from=today)
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", proposal="approve", note="拟同意")
    decided = world.act("head", case["id"], "approve")
    letter = decided["letters"][-1]
    assert letter["not_given"] == ["司机电话"]
    grounds = ["right_holder_consents", "public_interest"]
    assert letter["opening_rule"] == {"grounds": grounds, "article": ARTICLE}
    said = page("citizen", f"/en/cases/{case['id']}/letter/{letter['number']}")
    assert WORDS in said
    assert GROUND in said
    assert ARTICLE in said
    assert "司机电话" not in str(letter["scope"])


def test_where_nothing_is_sensitive_nothing_is_said(world, page):
    items = [{"name": "线路名称", "type": "C", "opened": True}]
    world.entry = make_entry(world.department["id"], information_items=items)
    table = world.entry["resources"][0]["id"]
    case = world.apply(columns={table: ["线路名称"]})
    assert "declared sensitive" not in page("head", f"/en/cases/{case['id']}")
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", proposal="approve", note="拟同意")
    letter = world.act("head", case["id"], "approve")["letters"][-1]
    assert "not_given" not in letter


def test_a_hidden_entry_names_its_items_to_no_applicant(world, page):
    draft = call("citizen", "govdata_case_create", kind="open_application",
                 dataset_id=world.entry["id"])
    tk.get_action("package_patch")(site(), {"id": world.entry["id"], "private": True})
    assert "司机电话" not in page("citizen", f"/en/cases/{draft['id']}/step/what")
