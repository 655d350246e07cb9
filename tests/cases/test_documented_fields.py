"""The API's page names every field that is answered, and none that is not."""

import re
from pathlib import Path

import pytest

from ckanext.govdata import now
from tests.cases.conftest import BASIS, POWER, REASON, call

PAGE = Path(__file__).parents[2] / "ckanext-govdata" / "docs" / "api.md"


def documented(heading):
    """The fields in the first column of the table that begins so."""
    text = PAGE.read_text("utf-8")
    table = text[text.index(heading):].split("\n\n")[0]
    cells = [row.split("|")[1] for row in table.splitlines()[2:]]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


LINE = "| `govdata_case_list`: each"
CASE = "| `govdata_case_show`: the same"
LETTER = "| a letter"
DECISION = "| `govdata_decision_list`: each"
CHECK = "| `govdata_access_check` | |"


@pytest.fixture
def told(world):
    """What is answered to whom, of cases that came to different ends."""
    cases, lines, letters = [], [], []

    def look(case_id):
        for who in ("citizen", "officer", "head", "authority"):
            cases.append(call(who, "govdata_case_show", id=case_id))
            lines.extend(call(who, "govdata_case_list")["results"])
            letters.extend(cases[-1]["letters"])

    call("citizen", "govdata_case_create", kind="open_application", dataset_id=world.entry["id"])
    drafted = call("citizen", "govdata_case_list", mine=True)["results"][0]["id"]
    cases.append(call("citizen", "govdata_case_show", id=drafted))
    granted = world.apply(period_from=now.today().isoformat())["id"]
    look(granted)
    world.act("officer", granted, "accept")
    world.act("officer", granted, "propose", proposal="approve", note="拟同意")
    world.act("head", granted, "approve")
    for command in ("uphold", "notify_decision"):
        case = world.prepared()["id"]
        world.act("head", case, "refuse", reason=REASON, basis=BASIS)
        look(case)
        world.act("citizen", case, "object", grounds="理由不成立，请复查本决定")
        cited = {"basis": BASIS} if command == "uphold" else {"power": POWER}
        world.act("authority", case, command, reason=REASON, **cited)
        look(case)
    look(granted)
    decisions = call("citizen", "govdata_decision_list")["results"]
    resource = world.entry["resources"][0]["id"]
    checks = [call(who, "govdata_access_check", resource_id=resource)
              for who in ("citizen", "other", "officer")]
    return {LINE: lines, CASE: cases, LETTER: letters, DECISION: decisions, CHECK: checks}


RARE = {
    "withdrawn", "kept_back", "undivided", "about", "lines", "provisional", "to", "heard",
    "own_record", "stood"
}  # fmt: skip
"""Fields that tests of their own make appear."""


def test_fields(told):
    for heading, answers in told.items():
        seen = {name for one in answers for name in one}
        named = documented(heading)
        if heading == CASE:
            named |= documented(LINE)
        assert seen <= named, (heading, seen - named)
        assert named - RARE <= seen, (heading, named - seen)


def test_fields_within(told):
    text = PAGE.read_text("utf-8")
    for case in told[CASE]:
        inner = [*case["clocks"].values(), *case["events"], *case["barred"], case["applicant"]]
        for part in inner:
            for name in part:
                assert f"`{name}`" in text, name
    judged = [one for decision in told[DECISION] for one in decision["objections"]]
    assert {one["decision"] for one in judged} >= {"upheld"}
    for one in judged:
        for name in one:
            assert f"`{name}`" in text, name
