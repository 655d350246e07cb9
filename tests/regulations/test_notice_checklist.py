"""Receipt, supplement, extension and lapse, line by line of what law and regulations want them to
say: C1 to C8, S1 to S6, E1 to E3, L1 to L5. Each is asked of page and paper, in each place.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import ckan.plugins.toolkit as tk
import pytest

from ckanext.govdata.cases.engine import declared_procedures
from ckanext.govdata.domain.instrument import Extension
from ckanext.govdata.rules import in_force
from ckanext.govdata.rules.rule_files import load_rulebook
from tests.cases.conftest import call, on_day, world  # noqa: F401 - fixtures
from tests.regulations.letters_of_places import FIRST_DAY, OGI, Writing, seated

PIPL = "《中华人民共和国个人信息保护法》"


def test_c1_number_department_day_and_hour(place, letters):
    receipt = letters["receipt"]
    receipt.says("数据开放申请收件回执", receipt.kept["reference"],
                 f"平台自定规则，不晚于{OGI}第三十一条规定的双方确认之日",
                 f"{place.department}于2026年11月2日")  # fmt: skip
    assert receipt.page.partition("2026年11月2日")[2][2] == ":", "the minute stands behind the day"
    assert "%E5%9B%9E%E6%89%A7_KF-" in receipt.file  # 回执


def test_c2_what_was_asked_for(letters):
    letters["receipt"].says("公交线路客流", "研究瑶海区公交线路与客流之间的关系")
    letters["receipt"].says("线路名称、客流量", "使用期限：", "获取方式：文件下载")


def test_c3_term_with_article_counted_from_the_next_day(place, letters):
    rule = place.term or "平台自定规则"
    letters["receipt"].says("自收到申请之日的次日起计算", f"最后一日为2026年11月16日（{rule}）")


def test_c3_the_laws_outer_limit(letters):
    letters["receipt"].says(f"法定期限至2026年11月30日（{OGI}第三十三条）")


@pytest.mark.parametrize(("received", "told"), [("2026-11-02", False), ("2026-12-28", True)])
def test_c3_provisional_while_the_years_notice_is_missing(
    received, told, place, world, app, on_day  # noqa: F811 - fixtures
):  # fmt: skip
    on_day(received)
    writing = Writing(seated(world, place), place, app)
    case = writing.world.apply()
    writing.read("receipt", case["id"], "submitted")
    assert ("放假安排尚未公布" in writing.found["receipt"].paper) is told


def test_c4_supplement_once_until(letters):
    letters["receipt"].says("一次性告知需要补正的全部事项", f"{OGI}第三十条")


def test_c5_consultation_is_not_counted(letters):
    letters["receipt"].says("15个工作日内提出意见", f"{OGI}第三十二条",
                            f"不计入{OGI}第三十三条规定的期限")  # fmt: skip


def test_c6_silence_is_neither_consent_nor_refusal(letters):
    letters["receipt"].says("既不视为同意开放，也不视为不予开放", "投诉", "行政复议", "行政诉讼")


def test_c7_who_handles_the_personal_data_and_what_one_may_ask(place, letters):
    letters["receipt"].says(f"由{place.department}为办理和答复本申请而处理",
                            "保存期限依照档案管理规定确定",
                            "投诉", f"{PIPL}第十七条", f"{PIPL}第三十五条",
                            f"{PIPL}第六十五条")  # fmt: skip


def test_c8_service_on_the_portal_paper_on_request(letters):
    letters["receipt"].says("以电子方式送达", "需要纸质文书的，可以向本机关提出")


def test_s1_once_and_with_the_article(letters):
    letters["supplement"].says("补正告知书", f"依照{OGI}第三十条一次性告知")


def test_s1_asked_again_it_is_refused(place, world, app, on_day):  # noqa: F811 - fixtures
    on_day(FIRST_DAY)
    here = Writing(seated(world, place), place, app).world
    case = here.apply()
    here.act("officer", case["id"], "request_supplement", missing_items="缺安全承诺书")
    here.act("citizen", case["id"], "supply", **here.supplied())
    with pytest.raises(tk.ValidationError):
        here.act("officer", case["id"], "request_supplement", missing_items="又缺一份")


def test_s2_every_missing_item(letters):
    letters["supplement"].says("1. 安全承诺书未加盖公章", "2. 缺少数据使用人员名单")


def test_s3_a_period_as_a_day(letters):
    last = letters["lapsed"].kept["facts"]["due.supplement"]["day"]
    day = date.fromisoformat(last)
    letters["supplement"].says(f"请于{day.year}年{day.month}月{day.day}日前（含当日）")


def test_s4_what_becomes_of_the_term(place, letters):
    letters["supplement"].says("平台自定规则", "自收到补正的申请之日起重新计算")
    letters["supplement"].omits("第十七条")


def test_s5_what_follows_and_how_to_give_a_reason(letters):
    letters["supplement"].says(
        "无正当理由逾期不补正的，终止办理（平台自定规则）；属于政府信息公开申请的，视为放弃申请",
        "有正当理由的，可以在期限届满后", "申请恢复办理（平台自定规则）",
    )  # fmt: skip


def test_s6_issuer_contact_number_day_and_no_refusal(place, letters):
    notice = letters["supplement"]
    notice.says(place.department, "联系电话：0551-62620001", notice.kept["reference"],
                "2026年11月2日", "本告知不是不予开放的决定")  # fmt: skip
    notice.omits("申请行政复议")


def test_e1_no_text_of_the_four_places_extends_the_term_of_opening(
    place, world, app, on_day  # noqa: F811 - fixtures
):  # fmt: skip
    on_day(FIRST_DAY)
    case = Writing(seated(world, place), place, app).prepared()
    offered = [one["name"] for one in call("head", "govdata_case_commands", id=case["id"])]
    assert "extend" not in offered


@pytest.fixture
def extended(place, world, app, on_day, monkeypatch):  # noqa: F811 - fixtures
    """A case whose term was extended, as another city's text would have it."""
    book = load_rulebook()
    versions = {name: tuple(map(_extendable, levels)) for name, levels in book.versions.items()}
    monkeypatch.setattr(in_force, "rulebook", lambda *_any: replace(book, versions=versions))
    on_day(FIRST_DAY)
    writing = Writing(seated(world, place), place, app)
    case = writing.prepared()
    reason = "数据量大，涉及多个业务系统，逐条核验尚需时日"
    writing.world.act("head", case["id"], "extend", reason=reason)
    writing.read("extended", case["id"], "extended")
    return writing.found["extended"], case


def _extendable(level):
    longer = Extension(5, ("head",), once=True)
    kind = declared_procedures.procedures()["open_application"]
    terms = (
        replace(one, extension=longer)
        if one.name == kind.term("decide") and not one.outer_limit else one
        for one in level.terms
    )  # fmt: skip
    return replace(level, terms=tuple(terms))


def test_e2_who_consented(extended):
    extended[0].says("延期告知书", "经部门负责人同意")


def test_e3_before_the_first_last_day_with_the_new_one_and_the_reason_once(extended):
    letter, case = extended
    assert letter.kept["day"] < case["due"] < letter.kept["due"]
    letter.says("因数据量大，涉及多个业务系统，逐条核验尚需时日，")
    letter.says("延长后的最后一日为2026年11月23日", "只延期这一次")


def test_e4_it_is_not_adverse(extended):
    extended[0].omits("行政复议")


def test_l1_a_letter_of_the_department(place, letters):
    lapsed = letters["lapsed"]
    lapsed.says("终止办理告知书", lapsed.kept["reference"], "（盖章处）")
    assert lapsed.paper.startswith(place.department)


def test_l2_the_notice_its_items_period_and_that_nothing_came(letters):
    letters["lapsed"].says("本机关于2026年11月2日在本平台送达补正告知书", "安全承诺书未加盖公章")
    letters["lapsed"].says("补正期限至2026年11月23日")
    letters["lapsed"].says("未收到补正，也未收到不能按期补正的正当理由")


def test_l3_what_it_means_and_whose_rule_it_is(letters):
    letters["lapsed"].says("依照平台自定规则终止办理", f"视为放弃申请，不再处理（{OGI}第三十条）")


def test_l4_a_good_reason_later(letters):
    letters["lapsed"].says("有正当理由未能按期补正的，可以在", "不收取费用")


def test_l5_reconsideration_or_suit(place, letters):
    letters["lapsed"].says(f"60日内向{place.government}申请行政复议", "6个月内直接向")
    letters["lapsed"].omits("应当先申请")
