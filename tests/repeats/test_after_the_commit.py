"""What breaks once an act is committed makes no failure of it (issue 15, finding 14)."""
from __future__ import annotations

import json

import pytest

from tests.cases.conftest import BASIS, NOT_SEVERED, REASON, call
from tests.emergency.conftest import TABLE
from tests.repeats.conftest import when_committed

KEY = "0f5d2c1e-of-one-act"


def publication(flood):
    return {"id": flood.event, "create": {"title": "河道水位"}, "name": "water", "table": TABLE,
            "source": "区水务局", "time_column": "时间", "place_column": "站点"}


@pytest.mark.parametrize("key", [None, KEY])
def test_a_publication_that_is_committed_is_answered_as_done(
    flood, ask, breaking, mend, key
) -> None:
    asked = publication(flood)
    ask("officer", "govdata_notice_read")  # its token's use is noted
    with when_committed("govdata_emergency_publish", breaking) as state:
        answer = ask("officer", "govdata_emergency_publish", key, **asked)
    assert state["broken"]
    assert answer.status_code == 200, answer.body
    [shown] = json.loads(answer.body)["result"]["datasets"]
    assert shown["latest"]["number"] == 1
    mend()
    assert [len(one["versions"]) for one in flood.show()["datasets"]] == [1]


@pytest.mark.parametrize("key", [None, KEY])
def test_a_command_that_is_committed_is_answered_as_done(world, ask, breaking, mend, key) -> None:
    case = world.prepared()
    ask("head", "govdata_notice_read")
    fields = {"reason": REASON, "basis": BASIS, "not_severed": NOT_SEVERED}
    asked = {"id": case["id"], "command": "refuse", "fields": fields}
    with when_committed("govdata_case_act", breaking) as state:
        answer = ask("head", "govdata_case_act", key, **asked)
    assert state["broken"], answer.body
    assert answer.status_code == 200, answer.body
    assert json.loads(answer.body)["result"]["outcome"] == "refused"
    mend()
    events = call("officer", "govdata_case_show", id=case["id"])["events"]
    assert [one["command"] for one in events][-1] == "refuse"


def test_an_application_that_is_committed_is_answered_as_done(world, ask, breaking, mend) -> None:
    asked = {"kind": "open_application", "dataset_id": world.entry["id"],
             "form": world.form(), "submit": True}
    ask("citizen", "govdata_notice_read")
    with when_committed("govdata_case_create", breaking):
        answer = ask("citizen", "govdata_case_create", KEY, **asked)
    assert answer.status_code == 200, answer.body
    mend()
    assert call("citizen", "govdata_case_list", mine=True)["count"] == 1


def test_whose_line_broke_has_the_first_answer_under_his_key(flood, ask, breaking, mend) -> None:
    """The answer was lost after the commit: sent again, it is given, and nothing more is done."""
    asked = publication(flood)
    ask("officer", "govdata_notice_read")
    with when_committed("govdata_emergency_publish", breaking):
        lost = ask("officer", "govdata_emergency_publish", KEY, **asked)
    mend()
    again = ask("officer", "govdata_emergency_publish", KEY, **asked)
    assert again.status_code == 200
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.body == lost.body
    assert [len(one["versions"]) for one in flood.show()["datasets"]] == [1]


def test_a_page_that_broke_off_is_loaded_anew_and_nothing_is_done_twice(
    flood, page, send, breaking, mend
) -> None:
    """Whether he was led on or told that a part of the portal is away: he sends it again."""
    path = f"/emergency-desk/{flood.event}/publish"
    form = {**page("officer", path), "target": "create", "title": "河道水位", "table": TABLE,
            "rhythm": "15", "time_column": "时间", "place_column": "站点"}
    with when_committed("govdata_emergency_publish", breaking) as state:
        first = send("officer", path, **form)
    assert state["broken"]
    assert first.status_code in (302, 503), first.body
    mend()
    again = send("officer", path, **form)
    assert again.status_code == 302
    assert again.headers["Idempotency-Replayed"] == "true"
    assert [len(one["versions"]) for one in flood.show()["datasets"]] == [1]
