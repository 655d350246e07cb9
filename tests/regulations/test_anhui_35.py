"""安徽省政务数据资源管理办法第三十五条, clause by clause, on a running portal."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest

from ckanext.govdata import now
from ckanext.govdata.domain.emergency.emergency_event import EmergencyKind
from tests.cases.conftest import call
from tests.emergency.conftest import TABLE, clock, flood, place

__all__ = ["clock", "flood", "place"]
ORDER = (
    "法律、法规、规章和国家规定可以开放的，应当开放；未明确开放的，应当安全有序开放；"
    "禁止开放的，不得开放"
)
OVERRIDE = {"bans": ["conditional"], "reason": "群众转移急需，经区长批准开放。"}


def test_what_may_be_opened_is_opened(clause, flood, app) -> None:
    """What may be opened is opened: at once, to everybody, without anybody's leave."""
    clause("anhui", "opening_principle", "第三十五条", ORDER)
    address = flood.levels()["datasets"][0]["url"]
    assert app.get(address).status_code == 200


def test_what_is_not_clearly_open_is_opened_safely_and_in_order(clause, flood, app) -> None:
    """What is not clearly open waits for a named head with a reason, and is reviewed afterwards."""
    clause("anhui", "opening_principle", "第三十五条", ORDER)
    entry = flood.entry()
    with pytest.raises(tk.ValidationError) as refused:
        flood.publish(package=entry["id"], table=TABLE)
    assert refused.value.error_dict["reasons"][0]["code"] == "unclear"
    flood.publish("head", package=entry["id"], table=TABLE, override=OVERRIDE)
    ended = call("head", "govdata_emergency_end", id=flood.event)
    assert len(ended["acts"][-1]["facts"]["reviews"]) == 1
    assert app.get(ended["datasets"][0]["url"]).status_code == 403


def test_what_is_prohibited_is_not_opened(clause, flood) -> None:
    """What is prohibited is opened by nobody, whatever reason he gives."""
    clause("anhui", "opening_principle", "第三十五条", ORDER)
    entry = flood.entry(open_attribute="non_open")
    for who in ("officer", "head", "authority", "mayor"):
        with pytest.raises(tk.ValidationError) as refused:
            flood.publish(who, package=entry["id"], table=TABLE, override={
                "bans": ["non_open"], "reason": "群众转移急需，经区长批准开放。"})
        assert refused.value.error_dict["reasons"][0]["code"] == "prohibited"
        assert "35" in refused.value.error_dict["reasons"][0]["article"]
    assert flood.show()["datasets"] == []


def test_the_four_kinds_of_emergency(clause, place) -> None:
    """The four kinds that the article names, and no fifth."""
    values = clause("anhui", "emergency_types", "第三十五条",
                    "突发自然灾害、事故灾难、公共卫生事件和社会安全事件")
    assert set(values["values"]) == {kind.value for kind in EmergencyKind}
    for number, kind in enumerate(EmergencyKind):
        declared = place.declare(kind=kind.value, subtype="", name=f"event-{number}")
        assert declared["kind"] == kind.value
    with pytest.raises(tk.ValidationError) as refused:
        place.declare(kind="sports_event", subtype="")
    assert "35" in refused.value.error_dict["reasons"][0]["article"]


def test_the_government_and_departments_that_handle_the_event(place) -> None:
    """The government and the departments that handle the event, each in its own place."""
    for who in ("head", "mayor"):
        assert place.declare(who, title=f"{who}的事件")["regions"][0]["code"] == "340102"
    for other in ("stranger", "authority"):
        with pytest.raises(tk.ValidationError):
            place.declare(other)
    with pytest.raises(tk.ValidationError) as refused:
        place.declare(duty="")
    assert "35" in refused.value.error_dict["duty"][0]
    with pytest.raises(tk.ValidationError):
        place.declare(regions=["340822"])


def test_what_harms_or_directly_concerns_the_public(place) -> None:
    """造成或者可能造成严重社会危害、直接影响社会公众切身利益"""
    with pytest.raises(tk.ValidationError) as refused:
        place.declare(threshold="")
    assert "threshold" in refused.value.error_dict
    declared = place.declare(threshold="direct_interest")
    assert declared["threshold_label"]
    assert declared["duty"] == place.asked()["duty"]
    assert declared["acts"][0]["facts"]["threshold"] == "direct_interest"


def test_lawfully_with_its_basis_stated(place) -> None:
    """依法"""
    with pytest.raises(tk.ValidationError):
        place.declare(basis="")
    for word in ("演练", "a", "安徽省人民政府令第299号 第四十六条"):
        with pytest.raises(tk.ValidationError) as refused:
            place.declare(basis=word)
        assert refused.value.error_dict["reasons"][0]["code"] == "basis_unreal", word
    assert place.declare()["basis"] == "瑶海区防汛抗旱应急预案"


def test_timely_the_data_is_there_with_the_answer(flood, app) -> None:
    """及时"""
    before = now.now()
    shown = flood.levels()
    assert app.get(shown["datasets"][0]["url"]).status_code == 200
    assert shown["datasets"][0]["latest"]["at"] >= before.isoformat()


def test_accurately_with_source_and_digest(flood) -> None:
    """准确"""
    latest = flood.levels()["datasets"][0]["latest"]
    assert latest["source"] == "区水务局"
    assert len(latest["digest"]) == 64
    counted = {
        "source": "区水务局", "time_column": "时间", "place_column": "站点",
        "figures": ["转移（万人）"], "table": TABLE.replace("水位", "转移（万人）"),
    }  # fmt: skip
    flood.publish("officer", create={"title": "转移人员"}, name="people", **counted)
    lower = {**counted, "table": counted["table"].replace("9.80", "1.80")}
    with pytest.raises(tk.ValidationError) as fallen:
        flood.publish("officer", dataset="people", **lower)
    assert fallen.value.error_dict["reasons"][0]["code"] == "total_fell"


def test_updated_dynamically_as_needed(flood, clock) -> None:
    """Each dataset has its own rhythm; when the next update is due is shown to everybody."""
    one = flood.levels(rhythm="15")["datasets"][0]
    assert (one["rhythm"], one["late"]) == (15, False)
    clock.forward(16)
    assert flood.show()["datasets"][0]["late"]
    flood.levels(dataset="water", note="无变化")
    one = flood.show()["datasets"][0]
    assert ([v["number"] for v in one["versions"]], one["late"]) == ([2, 1], False)


def test_where_other_laws_say_otherwise_they_prevail(flood) -> None:
    """Other laws prevail: personal data stays closed although an emergency runs."""
    with pytest.raises(tk.ValidationError) as refused:
        flood.publish("mayor", create={"title": "转移人员"},
                      table="编号,身份证号\n1,11010519491231002X\n",
                      override={"bans": ["id_number"], "reason": "群众转移急需，经区长批准。"})
    assert refused.value.error_dict["reasons"][0]["code"] == "prohibited"
