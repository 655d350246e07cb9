"""What departments owe one another and the authority: the catalogue follows the law in time, and
data that differs is negotiated, settled, or decided by the government, in each place."""

from datetime import date, timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest

from ckanext.govdata.cases.time.sweep import sweep
from tests.cases.conftest import World, call, make_body, make_user, seat
from tests.regulations.letters_of_places import PLACES, seated
from tests.snapshots import restored

CHANGED = "2026-11-02"
ARTICLES = {"yaohai": "第十条", "anhui": "第十五条", "huaining": "第十七条", "xinxian": "第十三条"}
"""By which the days of an update are counted; Huaining's fifteen yield to Decree 809's ten."""
DIFFERS = {
    "difference": "本部门登记的线路为12条，该目录为11条。",
    "own_data": "本部门依据线路许可档案登记。",
}
BASIS = "《某条例》2026年修订，自2026年11月2日起施行"


@pytest.fixture(params=PLACES, ids=lambda one: one.id)
def here(request, world, on_day):
    """A department of that place, its authority and a department beside it."""
    on_day("2026-11-04")
    place = request.param
    return place, World(*restored(f"departments of {place.id}", lambda: neighbours(world, place)))


def neighbours(world, place):
    found = seated(world, place)
    make_user("neighbour")
    groups = tk.get_action("organization_show")({}, {"id": found.department["id"]})["groups"]
    beside = make_body("beside", "邻部门", groups=[{"name": groups[0]["name"]}],
                       level=place.level, region=place.region)  # fmt: skip
    seat(beside["id"], "neighbour", "editor")
    make_user("mayor")
    seat(groups[0]["name"], "mayor", "admin")
    return found.department, found.authority, found.entry


def note(world, who="officer", **more):
    form = {"changed_on": CHANGED, "change_basis": BASIS,
            "what_changes": "新增线路类型信息项", **more}  # fmt: skip
    return call(who, "govdata_case_create", kind="catalogue_change", form=form, submit=True,
                dataset_id=world.entry["id"],
                applicant_organization_id=world.department["id"])  # fmt: skip


def update(world):
    change = {"id": world.entry["id"], "notes": "依修订的条例更新。"}
    tk.get_action("package_patch")({"ignore_auth": True, "user": "officer"}, change)


def kinds(who):
    return [one["kind"] for one in call(who, "govdata_notice_list")["results"]]


def codes(given):
    with pytest.raises(tk.ValidationError) as caught:
        given()
    return [one["code"] for one in caught.value.error_dict["reasons"]]


def test_a_change_of_the_law_is_noted_updated_reported_reviewed_and_published(here, on_day):
    place, world = here
    case = note(world)
    clock = case["clocks"]["change"]
    assert (clock["start"], clock["due"]) == (CHANGED, "2026-11-16"), "from the day of the change"
    assert clock["article"] == ARTICLES[place.id]
    assert not clock["own_rule"]
    model.Session.execute(model.Package.__table__.update().values(
        metadata_modified=date(2026, 11, 1)))  # fmt: skip
    model.Session.commit()
    model.Session.expire_all()
    assert codes(lambda: world.act("officer", case["id"], "report")) == ["entry_not_updated"]
    update(world)
    reported = world.act("officer", case["id"], "report")
    assert (reported["state"], reported["holder"]) == ("reported", "authority")
    review = reported["clocks"]["review"]
    assert (review["amount"], review["article"]) == (2, "第十七条")
    assert review["start"] == "2026-11-04", "from the receipt of the updated catalogue"
    assert "reported" in kinds("authority")
    back = world.act("authority", case["id"], "return_change",
                     reason="变更依据没有写明施行日期和具体条款，请补充后再报。")  # fmt: skip
    assert back["state"] == "changing"
    world.act("officer", case["id"], "report")
    assert world.act("authority", case["id"], "publish")["state"] == "published"


RETURNED = "变更依据没有写明施行日期和具体条款，请补充后再报。"


def test_a_returned_update_wins_no_days(here, on_day):
    """Decree 809 article 17: the days count from the change, whoever reviews it in between."""
    _place, world = here
    case = note(world)
    update(world)
    world.act("officer", case["id"], "report")
    on_day("2026-11-05")
    back = world.act("authority", case["id"], "return_change", reason=RETURNED)
    clock = back["clocks"]["change"]
    assert clock["runs"]
    assert (clock["start"], clock["due"], clock["own_rule"]) == (CHANGED, case["due"], False)
    assert (back["due"], clock["article"]) == (case["due"], case["clocks"]["change"]["article"])
    again = world.act("officer", case["id"], "report")["clocks"]["review"]
    assert (again["start"], again["own_rule"]) == ("2026-11-05", False)
    on_day("2026-11-17")
    late = world.act("authority", case["id"], "return_change", reason=RETURNED)
    assert late["overdue"], "the last day has passed meanwhile"


def test_only_the_heads_finding_that_nothing_changed_ends_the_duty(here, browse):
    _place, world = here
    case = note(world)
    with pytest.raises(tk.ValidationError):
        world.act("head", case["id"], "withdraw", answer="撤回")
    finding = {"finding": "经核对，修订的条例不涉及本部门职责和该目录的信息项。"}
    assert codes(lambda: world.act("officer", case["id"], "withdraw", **finding)) == ["wrong_role"]
    offered = 'form[action$="/withdraw"]'
    assert not browse("officer", f"/zh_Hans_CN/cases/{case['id']}").select(offered)
    assert browse("head", f"/zh_Hans_CN/cases/{case['id']}").select(offered)
    assert world.act("head", case["id"], "withdraw", **finding)["state"] == "withdrawn"
    assert "withdrawn" in kinds("authority")
    told = call("authority", "govdata_case_show", id=case["id"])["events"][-1]
    assert told["fields"]["finding"] == finding["finding"]


def test_who_does_not_update_in_time_is_late_and_the_authority_is_told(here, on_day):
    _place, world = here
    case = note(world)
    after = date.fromisoformat(case["due"]) + timedelta(days=1)
    on_day(after)
    sweep(model.Session, after)
    assert "overdue" in kinds("authority")
    assert call("officer", "govdata_case_show", id=case["id"])["overdue"]


def test_what_is_reviewed_late_is_reviewed_all_the_same(here, on_day):
    _place, world = here
    case = note(world)
    update(world)
    due = world.act("officer", case["id"], "report")["due"]
    late = date.fromisoformat(due) + timedelta(days=1)
    on_day(late)
    sweep(model.Session, late)
    back = world.act("authority", case["id"], "return_change",
                     reason="变更依据没有写明施行日期和具体条款，请补充后再报。")  # fmt: skip
    assert back["state"] == "changing"


def test_nobody_else_notes_a_change_and_none_that_is_yet_to_come(here):
    _place, world = here
    with pytest.raises(tk.ValidationError):
        call("neighbour", "govdata_case_create", kind="catalogue_change", submit=True,
             form={"changed_on": CHANGED}, dataset_id=world.entry["id"])  # fmt: skip
    with pytest.raises(tk.ValidationError):
        call("citizen", "govdata_case_create", kind="catalogue_change", submit=True,
             form={"changed_on": CHANGED}, dataset_id=world.entry["id"])  # fmt: skip
    assert codes(lambda: note(world, changed_on="2026-12-01")) == ["changed_in_future"]


def differ(world, who="neighbour", **more):
    return call(who, "govdata_case_create", kind="data_dispute", dataset_id=world.entry["id"],
                form=DIFFERS, submit=True, **more)  # fmt: skip


def test_departments_whose_data_differs_agree_among_themselves(here, browse):
    _place, world = here
    page = browse("neighbour", f"/zh_Hans_CN/dataset/{world.entry['name']}")
    assert "与本部门数据不一致" in page.text
    case = differ(world)
    assert (case["state"], case["holder"]) == ("negotiating", "officer")
    proposed = world.act("officer", case["id"], "propose_result",
                         what_holds="以线路许可档案为准，12条。")  # fmt: skip
    assert proposed["holder"] == "applicant"
    world.act("neighbour", case["id"], "reject_result", answer="还应写明更正时间。")
    world.act("officer", case["id"], "propose_result",
              what_holds="以线路许可档案为准，三日内更正。")  # fmt: skip
    assert world.act("neighbour", case["id"], "agree")["state"] == "agreed"


PROPOSED = {"what_holds": "以线路许可档案为准，12条。",
            "reason": "许可档案是该项数据的法定来源，依档案更正目录中的数据。"}  # fmt: skip


def coordinated(world):
    case = differ(world)
    referred = world.act("neighbour", case["id"], "refer", answer="协商未能一致。")
    assert referred["holder"] == "authority"
    with pytest.raises(tk.ValidationError):
        world.act("officer", case["id"], "coordinate", **PROPOSED)
    shown = world.act("authority", case["id"], "coordinate", **PROPOSED)
    assert (shown["state"], shown["holder"]) == ("coordinated", "applicant")
    return case


def test_what_the_authority_proposes_holds_where_both_agree(here):
    """Decree 809 article 28: it coordinates; its opinion alone is final against nobody."""
    _place, world = here
    case = coordinated(world)
    for who in ("authority", "officer"):
        with pytest.raises(tk.ValidationError):
            world.act(who, case["id"], "settle")
    world.act("neighbour", case["id"], "accept_coordination")
    for who in ("authority", "neighbour"):
        with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
            world.act(who, case["id"], "settle")
    assert world.act("officer", case["id"], "settle")["state"] == "settled"
    for who in ("neighbour", "authority"):
        assert "settled" in kinds(who), who


@pytest.mark.parametrize("who", ["neighbour", "officer"])
def test_either_of_them_may_bring_it_before_the_government(here, who):
    _place, world = here
    case = coordinated(world)
    up = world.act(who, case["id"], "pass_up", answer="不同意协调意见，依据的法规不同。")
    assert (up["state"], up["holder"]) == ("governing", "government")


def test_what_the_authority_cannot_settle_the_government_decides(here):
    """Decree 809 article 28."""
    _place, world = here
    case = differ(world)
    world.act("officer", case["id"], "refer", answer="协商未能一致。")
    up = world.act("authority", case["id"], "pass_up", answer="双方依据的法规不同。")
    assert up["holder"] == "government"
    with pytest.raises(tk.ValidationError):
        world.act("authority", case["id"], "rule", what_holds="以档案为准",
                  reason="许可档案是该项数据的法定来源，依档案更正。")  # fmt: skip
    ruled = world.act("mayor", case["id"], "rule", what_holds="以许可档案为准。",
                      reason="许可档案是该项数据的法定来源，依档案更正目录中的数据。")  # fmt: skip
    assert ruled["state"] == "ruled"


def test_citizens_and_the_department_itself_raise_no_dispute(here, browse):
    _place, world = here
    assert "与本部门数据不一致" not in browse("citizen", f"/dataset/{world.entry['name']}").text
    for who in ("citizen", "officer"):
        with pytest.raises(tk.ValidationError):
            differ(world, who)


def test_what_the_authority_finds_to_differ_it_verifies_with_the_provider(here, browse):
    """Xin 17: it is told what was found to differ, and begins that from the entry's page."""
    _place, world = here
    differ(world)
    assert "arrived" in kinds("authority")
    path = f"/zh_Hans_CN/dataset/{world.entry['name']}"
    assert "与本部门数据不一致" in browse("authority", path).text
    case = differ(world, "authority", applicant_organization_id=world.authority["id"])
    shown = world.act("officer", case["id"], "propose_result", what_holds="经核实为12条，已更正。")
    assert shown["holder"] == "applicant"
    assert world.act("authority", case["id"], "agree")["state"] == "agreed"


FACTS = {
    "violation_found": "catalogue",
    "facts": "自2026年10月以来，目录未按照规定更新，经两次提醒仍未处理。",
    "demanded": "更新目录并书面报告。",
}


def notify(world, place, who="authority", **more):
    form = {**FACTS, "power": list(place.power), **more}
    return call(who, "govdata_case_create", kind="violation_notice", submit=True, form=form,
                department_id=world.department["id"],
                applicant_organization_id=world.authority["id"])  # fmt: skip


def test_what_is_against_the_rules_is_notified_put_right_and_checked(here):
    place, world = here
    if place.power:
        assert codes(lambda: notify(world, place, power=[])) == ["missing"]
        lapsed = ["《中华人民共和国政府信息公开条例》第十五条"]
        assert codes(lambda: notify(world, place, power=lapsed)), "a ground of refusal is no power"
    case = notify(world, place)
    assert (case["state"], case["holder"]) == ("notified", "head")
    assert case["clocks"]["mend"]["own_rule"], "the texts leave the length to whoever notifies"
    assert "arrived" in kinds("head")
    assert case["answers"].get("power", []) == [] or place.power
    done = world.act("head", case["id"], "report_mended", measures="目录已更新。")
    assert done["holder"] == "applicant"
    back = world.act("authority", case["id"], "insist", answer="附件目录仍未更新。")
    assert back["clocks"]["mend"]["due"] == case["clocks"]["mend"]["due"], "no days are won by it"
    world.act("head", case["id"], "report_mended", measures="附件目录已更新。")
    assert world.act("authority", case["id"], "accept_mended")["state"] == "closed"


def test_what_is_not_put_right_in_time_the_government_orders_and_then_names(here, on_day):
    place, world = here
    case = notify(world, place)
    with pytest.raises(tk.ValidationError):
        world.act("authority", case["id"], "report_up", answer="逾期未整改。")
    late = date.fromisoformat(case["due"]) + timedelta(days=1)
    on_day(late)
    up = world.act("authority", case["id"], "report_up", answer="逾期未整改。")
    assert up["holder"] == "government"
    why = {"reason": "经通知整改逾期仍未更新目录，应当责令限期改正。",
           "order_power": list(place.power)}  # fmt: skip
    with pytest.raises(tk.ValidationError):
        world.act("authority", case["id"], "order", **why)
    ordered = world.act("mayor", case["id"], "order", **why)
    assert (ordered["state"], ordered["holder"]) == ("ordered", "head")
    with pytest.raises(tk.ValidationError):
        world.act("mayor", case["id"], "criticise", **why)
    on_day(date.fromisoformat(ordered["due"]) + timedelta(days=1))
    assert world.act("mayor", case["id"], "criticise", **why)["state"] == "criticised"
    assert "criticised" in kinds("head")


def test_nobody_but_the_authority_notifies_and_none_itself(here):
    place, world = here
    for who in ("officer", "neighbour", "citizen"):
        with pytest.raises(tk.ValidationError):
            notify(world, place, who)
    form = {**FACTS, "power": list(place.power)}
    own = {"department_id": world.authority["id"],
           "applicant_organization_id": world.authority["id"]}  # fmt: skip
    with pytest.raises(tk.ValidationError) as caught:
        call("authority", "govdata_case_create", kind="violation_notice", form=form, submit=True,
             **own)  # fmt: skip
    assert "department_id" in caught.value.error_dict


def test_the_authority_begins_it_on_the_page_of_the_department(here, browse):
    _place, world = here
    path = f"/zh_Hans_CN/organization/{world.department['name']}"
    assert "通知整改" in browse("authority", path).text
    for who in ("citizen", "officer"):
        assert "通知整改" not in browse(who, path).text


ASSESSED = {
    "assessed_year": 2026, "catalogue_work": "目录按期更新。", "providing_work": "数据按期更新。",
    "application_work": "申请均按期答复。", "safety_work": "未发生安全事件。", "proposed": "good",
}  # fmt: skip


def assess(world, who="authority", **more):
    return call(who, "govdata_case_create", kind="department_assessment", submit=True,
                form=ASSESSED, department_id=world.department["id"],
                applicant_organization_id=world.authority["id"], **more)  # fmt: skip


def test_the_authority_assesses_hears_the_department_and_reports_to_the_government(here):
    """Anhui 42, Huaining 26, Yaohai 23."""
    _place, world = here
    case = assess(world)
    assert case["holder"] == "head"
    with pytest.raises(tk.ValidationError):
        world.act("authority", case["id"], "fix", final_grade="good", considered="已考虑部门意见。")
    world.act("head", case["id"], "comment", remarks="更新率应当为百分之百，请核实。")
    fixed = world.act("authority", case["id"], "fix", final_grade="excellent",
                      considered="经核实采纳。")  # fmt: skip
    assert fixed["state"] == "fixed"
    for who in ("head", "mayor"):
        assert "fixed" in kinds(who), who
        events = call(who, "govdata_case_show", id=case["id"])["events"]
        assert events[-1]["fields"]["final_grade"] == "excellent"
    for who in ("officer", "neighbour"):
        with pytest.raises(tk.ValidationError):
            assess(world, who)
    with pytest.raises(tk.NotAuthorized):
        call("citizen", "govdata_case_show", id=case["id"])


def test_a_department_that_says_nothing_holds_up_no_assessment(here, on_day):
    _place, world = here
    case = assess(world)
    after = date.fromisoformat(case["lapses"]) + timedelta(days=1)
    on_day(after)
    sweep(model.Session, after)
    shown = call("authority", "govdata_case_show", id=case["id"])
    assert (shown["state"], shown["events"][-1]["name"]) == ("commented", "uncommented")
