"""What everybody learns of decided applications: the decisions, and how they are answered."""

import json

import ckan.plugins.toolkit as tk
import pytest

from tests.cases.conftest import BASIS, REASON


def test_decisions_are_published_without_identities(world):
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    world.apply("other")
    public = tk.get_action("govdata_decision_list")({"user": ""}, {})
    [decision] = public["results"]
    assert decision["reason"] == REASON
    assert decision["in_time"]
    assert public["departments"][0]["rate"] == 1.0
    text = json.dumps(public, ensure_ascii=False)
    for canary in ("王小明", "王**", "citizen", "62620000", "研究瑶海区"):
        assert canary not in text


def test_a_decision_is_published_when_nothing_is_open_against_it(world):
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    world.act("citizen", case["id"], "object", grounds="权利人已经同意公开，附有书面说明")
    public = tk.get_action("govdata_decision_list")({"user": ""}, {})
    assert (public["count"], public["departments"]) == (0, [])


def test_each_indicator_with_its_parts_and_its_article(world, on_day, test_request_context):
    on_day("2025-09-22")
    late = world.prepared()
    world.act("head", world.prepared("other")["id"], "approve")
    world.apply()

    def shown(**asked) -> dict:
        found = indicators(**asked)
        return {one["name"]: (one["numerator"], one["denominator"]) for one in found}

    def indicators(**asked) -> list[dict]:
        with test_request_context():
            return tk.get_action("govdata_supervision_show")({"user": ""}, asked)["indicators"]

    on_day("2025-10-11")  # the answers are due today
    assert shown()["overdue"] == (0, 2)
    on_day("2025-10-20")
    world.act("head", late["id"], "refuse", reason=REASON, basis=BASIS)

    assert shown() == {"answered_in_time": (1, 2), "refused": (1, 2), "overdue": (1, 1)}
    assert shown(to="2025-09-30")["answered_in_time"] == (1, 1)
    assert shown(**{"from": "2025-10-01"})["answered_in_time"] == (0, 1)
    assert shown(jurisdiction="huaining") == {}
    assert shown(**{"from": "2025-10-20", "to": "2025-10-20"})["refused"] == (1, 1), "that day"
    before = indicators(to="2025-09-21")
    assert [(one["denominator"], one["rate"]) for one in before] == [(0, None)] * 3
    rules = tk.get_action("govdata_jurisdiction_show")({}, {"id": "yaohai"})["requires"]
    articles = {one["name"]: one["article"] for one in indicators()}
    assert articles["refused"] == next(o["article"] for o in rules if o["name"] == "refusal")
    first = indicators()[0]
    assert first["article"] == "第十七条"
    assert "瑶政办〔2024〕2号" in first["document"]
    for bad in ({"from": "2025-10-02", "to": "2025-10-01"}, {"to": "soon"}):
        with pytest.raises(tk.ValidationError):
            shown(**bad)
