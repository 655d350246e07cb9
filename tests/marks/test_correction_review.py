"""Correction review (Anhui 26, Huaining 18, Yaohai 10, Xin 18), by the API, from mark to answer."""

from __future__ import annotations

import json
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.marks import mark_rows
from tests.cases.conftest import call, make_user, seat, site
from tests.marks.conftest import BASIS, ITEMS, REASON, WRONG, Villages, put_up

MORE_TIME = "需向村民委员会和派出所实地核实户数后才能答复。"
pytestmark = pytest.mark.usefixtures("yaohai_in_force")


def told(who: str) -> list[str]:
    """What somebody was told, by kind."""
    return [one["kind"] for one in call(who, "govdata_notice_list")["results"]]


def commands(who: str, case: dict[str, Any]) -> set[str]:
    return {one["name"] for one in call(who, "govdata_case_commands", id=case["id"])}


def test_a_wrong_cell_is_marked_checked_mended_and_answered(villages):
    case = villages.mark()
    assert case["reference"].startswith("JC-瑶海-")
    assert case["state"] == "received"
    assert case["due"] == "2026-12-02", "seven working days (Anhui 26; Yaohai 10: departments)"
    assert case["clocks"]["decide"]["article"] == "第二十六条"
    assert "received" in told("citizen")
    assert "arrived" in told("officer")

    marks = villages.open_marks()
    assert [(one["grain"], one["row"], one["column"], one["count"]) for one in marks] == [
        ("cell", {"村名": "浒湾村"}, "户数", 1)
    ]

    villages.mend()
    shown = villages.act("officer", case, "correct", answer="已按户籍登记更正。")
    assert shown["state"] == "corrected"
    assert shown["outcome"] == "granted"
    assert "corrected" in told("citizen")
    assert villages.open_marks() == []
    letter = call("citizen", "govdata_case_show", id=case["id"])["letters"][-1]
    assert letter["decision"] == "corrected"


def test_it_is_not_corrected_as_long_as_it_reads_as_before(villages):
    case = villages.mark()
    with pytest.raises(tk.ValidationError) as refused:
        villages.act("officer", case, "correct")
    assert refused.value.error_dict["reasons"][0]["code"] == "mark_not_mended"
    assert call("officer", "govdata_case_show", id=case["id"])["state"] == "received"


def test_what_is_right_is_kept_with_reason_and_basis(villages):
    case = villages.mark()
    with pytest.raises(tk.ValidationError) as refused:
        villages.act("officer", case, "keep")
    assert {"reason", "basis"} <= set(refused.value.error_dict)
    shown = villages.act("officer", case, "keep", reason=REASON, basis=BASIS)
    assert (shown["state"], shown["outcome"]) == ("kept", "refused")


def test_through_the_platform_the_clock_runs_from_the_providers_receipt(villages, on_day):
    case = villages.mark(command="submit_to_platform")
    assert (case["state"], case["due"]) == ("passing", "2026-11-25")
    assert "arrived" in told("authority")
    assert "arrived" not in told("officer")
    assert not {"correct", "correct_partly", "keep", "claim"} & commands("officer", case)
    on_day("2026-11-25")
    shown = villages.act("authority", case, "pass_on")
    assert shown["clocks"]["decide"]["start"] == "2026-11-25"
    assert shown["due"] == "2026-12-04"
    assert "passed_on" in told("officer")
    assert "passed_on" in told("citizen")


@pytest.mark.parametrize(
    ("jurisdiction", "head", "authority", "due"),
    [
        ("huaining", True, False, "2026-12-21"),
        ("xinxian", True, False, "2026-12-14"),
        ("anhui", True, True, "2026-12-11"),
        ("yaohai", True, True, "2026-12-11"),
        ("national", False, False, ""),
    ],
)
def test_only_those_consent_to_an_extension_whom_the_article_names(
    villages, jurisdiction, head, authority, due
):
    _place_in(jurisdiction)
    case = villages.mark()
    assert ("extend" in commands("head", case)) is head
    assert ("extend" in commands("authority", case)) is authority
    assert ("ask_extension" in commands("officer", case)) is head
    if not head:
        with pytest.raises(tk.ValidationError) as refused:
            villages.act("head", case, "extend", reason=MORE_TIME)
        assert refused.value.error_dict["reasons"][0]["code"] == "term_not_extendable"
        return
    shown = villages.act("head", case, "extend", reason=MORE_TIME)
    assert shown["due"] == due
    assert "extend" not in commands("head", case), "once"


def _place_in(jurisdiction: str) -> None:
    """The department, and the authority beside it, are of another place."""
    tk.get_action("organization_patch")(site(), {"id": "yaohai", "jurisdiction": jurisdiction})


def test_at_the_counter_an_officer_records_it_and_the_name_is_sealed(villages):
    form = {**WRONG, "citizen_name": "陈桂花", "citizen_contact": "安徽省合肥市浒湾村12号"}
    case = villages.mark("officer", "record", form)
    assert case["reference"].startswith("JC-瑶海-")
    said = json.dumps(case, ensure_ascii=False)
    assert "陈桂花" not in said
    assert "浒湾村12号" not in said
    assert "陈**" in said
    for table, column in (("govdata_case_event", "fields"), ("govdata_case", "draft"),
                          ("govdata_ledger", "content"), ("govdata_notice", "facts"),
                          ("govdata_case_letter", "content")):  # fmt: skip
        kept = model.Session.scalars(sa.text(f"SELECT {column} FROM {table}")).all()
        assert "陈桂花" not in "".join(kept), table
    villages.mend()
    shown = villages.act("officer", case, "correct")
    assert shown["state"] == "corrected"


def test_what_was_recorded_at_the_counter_is_withdrawn_there_at_the_citizens_word(villages):
    form = {**WRONG, "citizen_name": "陈桂花", "citizen_contact": "13900000000"}
    case, own = villages.mark("officer", "record", form), villages.mark()
    word = {"citizens_word": "2026年3月5日本人到窗口口头表示不再要求更正。"}
    for one, said in ((case, {}), (own, word)):  # not without his word; nor for who has an account
        with pytest.raises(tk.ValidationError):
            villages.act("officer", one, "withdraw_at_counter", **said)
    offered = {
        who["id"]: {one["name"] for one in call("officer", "govdata_case_commands", id=who["id"])}
        for who in (case, own)
    }
    assert "withdraw_at_counter" in offered[case["id"]]
    assert "withdraw_at_counter" not in offered[own["id"]]
    assert villages.act("officer", case, "withdraw_at_counter", **word)["state"] == "withdrawn"
    assert call("citizen", "govdata_case_show", id=own["id"])["state"] == "received"


def test_at_the_counter_of_the_authority_too(villages):
    form = {**WRONG, "citizen_name": "陈桂花", "citizen_contact": "13900000000"}
    case = villages.mark("authority", "record", form)
    assert case["state"] == "received"
    assert "correct" in commands("officer", case)


def test_a_citizen_records_nothing_for_others(villages):
    form = {**WRONG, "citizen_name": "陈桂花", "citizen_contact": "13900000000"}
    with pytest.raises(tk.ValidationError) as refused:
        villages.mark("citizen", "record", form)
    assert refused.value.error_dict["reasons"][0]["code"] == "wrong_role"


def test_one_answer_closes_all_marks_of_the_cell_and_no_other(villages):
    first, second = villages.mark("citizen"), villages.mark("other")
    another = villages.mark("other", **villages.cell("田铺村"))
    assert {(one["row"]["村名"], one["count"]) for one in villages.open_marks()} == {
        ("浒湾村", 2), ("田铺村", 1)
    }  # fmt: skip
    villages.mend()
    villages.act("officer", first, "correct", all_alike=True)
    for who, case, state in (
        ("citizen", first, "corrected"), ("other", second, "corrected"),
        ("other", another, "received"),
    ):  # fmt: skip
        shown = call(who, "govdata_case_show", id=case["id"])
        assert shown["state"] == state
        if state == "corrected":
            assert shown["letters"], "each has an answer of his own"
    assert "corrected" in told("other")


def test_a_cell_is_under_review_since_its_first_mark_and_until_its_first_due_day(villages, on_day):
    villages.mark("citizen")
    on_day("2026-11-25")
    villages.mark("other")
    [shown] = villages.open_marks()
    assert (shown["since"], shown["due"], shown["count"]) == ("2026-11-23", "2026-12-02", 2)


def test_a_mark_that_is_answered_is_no_mark_of_the_others_any_more(villages):
    first, second = villages.mark("citizen"), villages.mark("other")
    kept = mark_rows.of_case(model.Session, second["id"])
    assert mark_rows.alike(model.Session, kept) == [first["id"]]
    villages.act("officer", first, "keep", reason=REASON, basis=BASIS)
    assert mark_rows.alike(model.Session, kept) == []


def test_what_somebody_else_answers_at_this_moment_is_left_to_him(villages):
    first, second = villages.mark("citizen"), villages.mark("other")
    villages.mend()
    with model.meta.engine.connect() as colleague, colleague.begin():
        lock = sa.text("SELECT id FROM govdata_case WHERE id = :id FOR UPDATE")
        colleague.execute(lock, {"id": second["id"]})
        villages.act("officer", first, "correct", all_alike=True)
    assert call("citizen", "govdata_case_show", id=first["id"])["state"] == "corrected"
    assert call("other", "govdata_case_show", id=second["id"])["state"] == "received"


def test_an_answer_that_would_not_be_true_of_a_later_mark_leaves_it_open(villages):
    first = villages.mark("citizen")
    villages.mend()
    later = villages.mark("other", form={**WRONG, "wrong": "应为127户，172户写错了。"})
    villages.act("officer", first, "correct", all_alike=True)
    assert call("other", "govdata_case_show", id=later["id"])["state"] == "received"


def test_who_follows_the_entry_is_told_that_it_was_mended(villages):
    make_user("follower")
    make_user("stranger")
    for who in ("follower", "citizen", "officer"):
        call(who, "follow_dataset", id=villages.entry["id"])
    case = villages.mark()
    villages.mend()
    villages.act("officer", case, "correct")
    assert told("follower") == ["data_mended"]
    assert told("stranger") == []
    for who in ("citizen", "officer"):
        assert "data_mended" not in told(who), "he has marked it, or mended it: he knows"


def test_nobody_is_sent_to_an_entry_that_was_withdrawn(villages):
    make_user("follower")
    call("follower", "follow_dataset", id=villages.entry["id"])
    case = villages.mark()
    villages.mend()
    tk.get_action("package_patch")(site(), {"id": villages.entry["id"], "private": True})
    villages.act("officer", case, "correct")
    assert told("follower") == []
    assert "corrected" in told("citizen"), "whoever marked it has his answer"


def test_a_row_that_was_marked_as_a_whole_is_mended_by_any_of_its_cells(villages):
    case = villages.mark(resource_id=villages.file, row={"村名": "浒湾村"})
    with pytest.raises(tk.ValidationError) as refused:
        villages.act("officer", case, "correct")
    assert refused.value.error_dict["reasons"][0]["code"] == "mark_not_mended"
    villages.mend()
    assert villages.act("officer", case, "correct")["state"] == "corrected"


def test_who_took_the_wrong_cell_under_a_grant_is_told_and_nobody_else(world):
    """By whichever of its names the column was granted."""
    from ckanext.govdata.access import rows

    named = {"name": "家庭户数", "name_en": "户数"}
    items = [{**one, **named} if one["name"] == "户数" else one for one in ITEMS]
    entry = put_up(world.department["id"], "conditional", information_items=items)
    taken = Villages(world, entry, entry["resources"][0]["id"])
    grants = {}
    for who, columns in (("citizen", ["村名", "家庭户数"]), ("other", ["村名"])):
        world.entry = entry
        case = world.apply(who, resources=[taken.file], columns={taken.file: columns})
        world.act("officer", case["id"], "accept")
        world.act("officer", case["id"], "propose", proposal="approve", note="拟同意")
        world.act("head", case["id"], "approve")
        grants[who] = call(who, "govdata_grant_list")[0]["id"]
        rows.record(grants[who], "data_read", model.User.by_name(who).id,
                    {"resource": taken.file, "offset": "0"})  # fmt: skip
    case = taken.mark("officer2", "record", {
        **WRONG, "citizen_name": "陈桂花", "citizen_contact": "13900000000",
    }, column="户数")  # fmt: skip
    taken.mend()
    tk.get_action("package_patch")(site(), {"id": entry["id"], "notes": "已更正户数。"})
    taken.act("officer", case, "correct")
    assert "data_mended" in told("citizen")
    assert "data_mended" not in told("other"), "he was never given this column"


def test_a_letter_that_anybody_can_verify_names_no_row_of_data_that_is_not_open(world):
    entry = put_up(world.department["id"], "conditional")
    taken = Villages(world, entry, entry["resources"][0]["id"])
    world.entry = entry
    days = {"period_from": now.today().isoformat(), "period_until": "2027-03-01"}
    case = world.apply(resources=[taken.file], columns={taken.file: ["村名", "户数"]}, **days)
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", proposal="approve", note="拟同意")
    world.act("head", case["id"], "approve")
    marked = taken.mark()
    taken.act("officer", marked, "keep", reason=REASON, basis=BASIS)
    both = call("citizen", "govdata_case_show", id=marked["id"])["letters"]
    assert [dict(one["also"])["place"] for one in both] == ["行政村.csv · 户数"] * 2


def test_a_department_marks_what_another_provides(villages):
    seat(villages.world.authority["id"], "officer2", "editor")
    assert villages.mark("other")["state"] == "received"


def test_the_public_list_names_nobody_and_nothing_of_what_was_typed(villages):
    case = villages.mark()
    villages.act("officer", case, "keep", reason=REASON, basis=BASIS)
    found = tk.get_action("govdata_decision_list")({}, {"kind": "correction_review"})
    said = json.dumps(found, ensure_ascii=False)
    assert case["reference"] in said
    assert REASON in said
    for hidden in ("王小明", "全名 citizen", WRONG["wrong"], WRONG["why"], "浒湾村"):
        assert hidden not in said


def test_the_auditors_figures_count_marks_and_applications_apart(villages):
    villages.mark()
    villages.world.apply()
    figures = call("auditor", "govdata_audit_show")
    received = {one["kind"]: one["cases"]["received"] for one in figures["procedures"]}
    assert (received["open_application"], received["correction_review"]) == (1, 1)
    assert figures["cases"]["received"] == 1, "applications alone"
