"""Late data is told of in turn; what was put off is reviewed when the event ends."""

from __future__ import annotations

import json

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests.helpers import call_action

from ckanext.govdata.emergency.alarms import raise_alarms
from ckanext.govdata.ledger.model import ledger
from ckanext.govdata.notices.model import notice
from tests.cases.conftest import BASIS, REASON, away, call, make_body, make_user, seat, site
from tests.emergency.conftest import TABLE

PEOPLE = ("officer", "officer2", "head", "authority", "mayor", "citizen", "stranger", "root")


def told() -> dict[str, int]:
    """How many late notices each user has."""
    rows = model.Session.execute(
        sa.select(notice.c.user_id, sa.func.count())
        .where(notice.c.kind == "emergency_late")
        .group_by(notice.c.user_id)
    )
    found = {model.User.get(user).name: count for user, count in rows}
    return {name: count for name, count in found.items() if name in PEOPLE}


def notices() -> dict[str, set[str]]:
    """Who was told, by the step at which he was."""
    keys = model.Session.scalars(sa.select(notice.c.key).where(notice.c.kind == "emergency_late"))
    found: dict[str, set[str]] = {}
    for key in keys:
        step, user = key.split(":")[-2:]
        name = ("officer", "head", "authority")[int(step)]
        found.setdefault(name, set()).add(model.User.get(user).name)
    return found


@pytest.fixture
def levels(place, clock):
    """A flood in the night of a holiday, with water levels every quarter of an hour."""
    clock.at("2026-10-01T23:50:00+08:00")
    place.event = place.declare()["name"]
    place.levels(rhythm="15")
    return place


def test_officer_head_and_authority_are_told_in_turn_at_night_and_on_holidays(
    levels, clock
) -> None:
    clock.forward(14)
    assert raise_alarms() == 0
    clock.forward(2)
    assert raise_alarms() == 1
    assert set(told()) == {"officer", "officer2"}
    assert raise_alarms() == 0, "each step is taken once"
    clock.forward(15)
    assert raise_alarms() == 1
    assert set(told()) == {"officer", "officer2", "head"}
    clock.forward(15)
    assert raise_alarms() == 1
    assert set(told()) == {"officer", "officer2", "head", "authority"}
    clock.forward(600)
    assert raise_alarms() == 0
    steps = model.Session.scalars(
        sa.select(ledger.c.content)
        .where(ledger.c.action == "emergency_late")
        .order_by(ledger.c.number)
    )
    assert [json.loads(s)["facts"]["told"] for s in steps] == ["officer", "head", "authority"]


def test_an_update_ends_the_alarm_and_its_delay_stays_on_record(levels, clock) -> None:
    clock.forward(20)
    assert levels.show()["datasets"][0]["late"]
    raise_alarms()
    shown = levels.levels(TABLE.replace("9.80", "9.90"), dataset="water")
    assert not shown["datasets"][0]["late"]
    assert shown["datasets"][0]["latest"]["late_minutes"] == 5
    assert raise_alarms() == 0
    clock.forward(16)
    assert raise_alarms() == 1, "the next delay is told again"


def test_a_scheduler_that_was_away_tells_everybody_at_once(levels, clock) -> None:
    clock.forward(200)
    assert raise_alarms() == 3
    assert set(told()) == {"officer", "officer2", "head", "authority"}


def test_whoever_stands_in_is_told_in_place_of_each(levels, clock) -> None:
    """A day of alarms: of the officer, the head and the authority each is on leave."""
    for who in ("deputy", "deputy2"):
        make_user(who)
        seat(levels.authority["id"], who, "member" if who == "deputy2" else "editor")
    away("officer", "head")
    away("head", "officer2")
    away("authority", "deputy")
    for _quarter in range(24 * 4):
        clock.forward(15)
        raise_alarms()
    found = notices()
    assert found["officer"] == {"officer", "officer2", "head"}
    assert found["head"] == {"head", "officer2"}
    assert found["authority"] == {"authority", "deputy"}


def test_whoever_stands_in_for_the_one_who_published_from_an_office_is_told(
    levels, clock
) -> None:
    """The authority published; its officer goes on leave the day after, and midnight comes."""
    make_user("deputy")
    seat(levels.authority["id"], "deputy", "editor")
    levels.levels(TABLE.replace("9.80", "9.90"), "authority", dataset="water", rhythm="15")
    clock.forward(12)
    away("authority", "deputy")
    clock.forward(4)
    assert raise_alarms() == 1
    assert notices()["officer"] == {"officer", "officer2", "authority", "deputy"}


def test_nobody_is_told_after_the_end(levels, clock) -> None:
    call("head", "govdata_emergency_end", id=levels.event, text="险情解除。")
    clock.forward(600)
    assert raise_alarms() == 0
    assert levels.show()["datasets"][0]["next_due"] is None


def test_the_notice_can_be_read(levels, clock) -> None:
    clock.forward(20)
    raise_alarms()
    found = call("officer", "govdata_notice_list")
    assert "2026-10-02 00:05" in found["results"][0]["words"]
    assert found["results"][0]["address"]


def test_what_was_put_off_is_reviewed_when_the_event_ends(flood) -> None:
    flood.levels()
    ordinary = flood.entry(open_attribute="unconditional", open_conditions="", open_basis="")
    flood.publish(package=ordinary["id"], table=TABLE)
    conditional = flood.entry()
    override = {"bans": ["conditional"], "reason": "群众转移急需，经区长批准开放。"}
    flood.publish("head", package=conditional["id"], table=TABLE, override=override)
    shown = call("mayor", "govdata_emergency_end", id=flood.event, text="险情解除。")
    assert len(shown["acts"][-1]["facts"]["reviews"]) == 2
    listed = call("head", "govdata_case_list", kind="catalogue_review")
    assert {c["dataset_id"] for c in listed["results"]} == {
        shown["datasets"][0]["package_id"],
        conditional["id"],
    }
    assert {(c["state"], bool(c["due"])) for c in listed["results"]} == {("department", True)}
    assert all(c["reference"].startswith("SH-") for c in listed["results"])


def test_what_was_let_through_is_closed_at_the_end_until_the_review_opens_it(flood, app) -> None:
    entry = flood.entry()
    override = {"bans": ["conditional"], "reason": "群众转移急需，经区长批准开放。"}
    shown = flood.publish("head", package=entry["id"], table=TABLE, override=override)
    address = shown["datasets"][0]["url"]
    assert app.get(address).status_code == 200
    shown = call("head", "govdata_emergency_end", id=flood.event)
    assert app.get(address).status_code == 403
    assert not shown["datasets"][0]["readable"]
    assert shown["datasets"][0]["latest"]["digest"], "what was published stays citable"
    case = shown["acts"][-1]["facts"]["reviews"][0]
    _review(case, "unconditional")
    assert app.get(address).status_code == 200
    stored = tk.get_action("package_show")({"user": ""}, {"id": entry["id"]})
    assert stored["open_attribute"] == "unconditional"


def test_a_review_may_close_what_was_published_in_a_hurry(flood, app) -> None:
    address = flood.levels()["datasets"][0]["url"]
    shown = call("head", "govdata_emergency_end", id=flood.event)
    assert app.get(address).status_code == 200
    case = shown["acts"][-1]["facts"]["reviews"][0]
    with pytest.raises(tk.ValidationError):
        call("authority", "govdata_case_act", id=case, command="settle", fields={})
    _review(case, "non_open")
    assert app.get(address).status_code == 403


def test_who_let_data_through_does_not_decide_its_review(flood) -> None:
    case = _let_through(flood, "mayor")
    call("head", "govdata_case_act", id=case, command="confirm",
         fields={"attribute": "unconditional", "note": "经复核。"})
    assert _barred("mayor", case) == {"return", "settle"}
    for command in ("settle", "return"):
        with pytest.raises(tk.ValidationError) as error:
            _settle("mayor", case, command)
        assert [one["code"] for one in error.value.error_dict["reasons"]] == ["did_propose"]
    assert _barred("authority", case) == set()
    assert _settle("authority", case)["state"] == "reviewed", "the body that reviews can"


def test_another_of_the_authority_decides_it_and_a_head_is_barred_wherever_he_goes(flood) -> None:
    case = _let_through(flood, "head")
    call("head", "govdata_case_act", id=case, command="confirm",
         fields={"attribute": "unconditional", "note": "经复核。"})
    for organization, user, role in (
        (flood.department, "officer", "admin"), (flood.authority, "head", "admin"),
        (flood.authority, "officer2", "editor")):
        tk.get_action("organization_member_create")(
            site(), {"id": organization["id"], "username": user, "role": role})
    assert _barred("head", case) == {"return", "settle"}
    assert _settle("officer2", case, "return")["state"] == "department"
    call("officer", "govdata_case_act", id=case, command="confirm",
         fields={"attribute": "unconditional", "note": "另一位负责人复核。"})
    assert _barred("head", case) == {"return", "settle"}, "another's proposal does not free him"
    assert _settle("officer2", case)["state"] == "reviewed"


def test_a_later_version_without_a_warning_does_not_hide_who_let_one_through(flood) -> None:
    entry = flood.entry(open_attribute="unconditional", open_conditions="", open_basis="")
    override = {"bans": ["name"], "reason": "值班联系人姓名已经本人同意公开。"}
    table = "站点,联系人,水位\n巢湖,值班室,9.80\n"
    shown = flood.publish("mayor", package=entry["id"], table=table, override=override)
    name = shown["datasets"][0]["name"]
    flood.publish(dataset=name, table="站点,水位\n巢湖,9.90\n", note="删去一列")
    shown = call("mayor", "govdata_emergency_end", id=flood.event, text="险情解除。")
    (case,) = shown["acts"][-1]["facts"]["reviews"]
    call("head", "govdata_case_act", id=case, command="confirm",
         fields={"attribute": "unconditional", "note": "经复核。"})
    assert _barred("mayor", case) == {"return", "settle"}


def _let_through(flood, who: str) -> str:
    """The review of conditional data that this person published."""
    override = {"bans": ["conditional"], "reason": "群众转移急需，经区长批准开放。"}
    flood.publish(who, package=flood.entry()["id"], table=TABLE, override=override)
    shown = call("mayor", "govdata_emergency_end", id=flood.event, text="险情解除。")
    return shown["acts"][-1]["facts"]["reviews"][0]


def _barred(who: str, case: str) -> set[str]:
    """What this person keeps out of; each is told why, and has no button."""
    barred = call(who, "govdata_case_show", id=case)["barred"]
    assert all(one["why"] for one in barred)
    offered = {one["name"] for one in call(who, "govdata_case_commands", id=case)}
    commands = {one["command"] for one in barred}
    assert not offered & commands
    return commands


def _settle(who: str, case: str, command: str = "settle"):
    settled = {"attribute": "unconditional", "reason": REASON, "basis": BASIS}
    fields = settled if command == "settle" else {"note": "请补充。"}
    return call(who, "govdata_case_act", id=case, command=command, fields=fields)


def test_nobody_applies_for_a_review(flood) -> None:
    entry = flood.entry()
    with pytest.raises(tk.ValidationError):
        call(
            "citizen",
            "govdata_case_create",
            kind="catalogue_review",
            dataset_id=entry["id"],
            form={},
            submit=True,
        )


def test_a_drill_leaves_nothing_in_public_and_nothing_to_review(place, app) -> None:
    place.event = place.declare(drill=True)["name"]
    shown = place.levels()
    package = shown["datasets"][0]["package_id"]
    with pytest.raises(tk.NotAuthorized):
        tk.get_action("package_show")({"user": ""}, {"id": package})
    assert app.get(shown["datasets"][0]["url"]).status_code == 404
    found = tk.get_action("package_search")({"user": ""}, {"q": "河道水位"})
    assert found["count"] == 0
    shown = call("head", "govdata_emergency_end", id=place.event)
    assert shown["acts"][-1]["facts"]["reviews"] == []


def _review(case: str, attribute: str) -> None:
    call(
        "head",
        "govdata_case_act",
        id=case,
        command="confirm",
        fields={"attribute": attribute, "note": "建议如此"},
    )
    call(
        "authority",
        "govdata_case_act",
        id=case,
        command="settle",
        fields={"attribute": attribute, "reason": REASON, "basis": BASIS},
    )


def test_in_yaohai_the_openness_office_reviews_the_open_attribute(flood, app) -> None:
    """Yaohai 15: by the department and the openness office; where there is none, the authority."""
    openness = make_body("yaohai-zwgk", "瑶海区政务公开办公室", groups=[{"name": "yaohai"}],
                         role="openness_office")  # fmt: skip
    make_user("openness")
    tk.get_action("organization_member_create")(
        site(), {"id": openness["id"], "username": "openness", "role": "admin"})
    flood.levels()
    shown = call("head", "govdata_emergency_end", id=flood.event)
    (case,) = shown["acts"][-1]["facts"]["reviews"]
    proposal = {"attribute": "non_open", "note": "含未核实的内容。"}
    may = {one["name"] for one in call("head", "govdata_case_commands", id=case)}
    assert {"confirm", "confirm_openly"} & may == {"confirm_openly"}
    call("head", "govdata_case_act", id=case, command="confirm_openly", fields=proposal)
    desk = call("openness", "govdata_case_list", desk=True)["results"]
    assert [one["id"] for one in desk] == [case]
    token = call_action("api_token_create", context={"user": "openness"}, user="openness", name="t")
    page = app.get(f"/zh_Hans_CN/cases/{case}", headers={"Authorization": token["token"]}).body
    assert "依法不予开放" in page, "as the place's text calls it, and not by the general name"
    settled = {"attribute": "non_open", "reason": REASON, "basis": BASIS}
    no_ground = {**settled, "basis": ["yaohai:第十七条"]}
    with pytest.raises(tk.ValidationError) as refused:
        call("openness", "govdata_case_act", id=case, command="settle_openly", fields=no_ground)
    assert [one["code"] for one in refused.value.error_dict["reasons"]] == ["no_ground"]
    with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
        call("authority", "govdata_case_act", id=case, command="settle_openly", fields=settled)
    found = call("openness", "govdata_case_act", id=case, command="settle_openly", fields=settled)
    assert found["state"] == "reviewed"
    entry = tk.get_action("package_show")(site(), {"id": shown["datasets"][0]["package_id"]})
    assert entry["open_attribute"] == "non_open"
