"""Refusal letters, line by line of what law and regulations want them to say: R1 to R18.

Each line is asked of the letter that its addressee reads, page and paper, in each place.
"""

from __future__ import annotations

import re

import pytest

from tests.cases.conftest import world  # noqa: F401 - the fixture
from tests.regulations.letters_of_places import (
    CONDITIONS,
    ELSEWHERE,
    MISUSED,
    OBJECTION,
    OGI,
    SEARCHED,
    TERMS_OF_USE,
    WHY,
)


def test_r1_whoever_decided_issues_it(place, letters):
    for name, issuer in (("withheld", place.department), ("upheld", place.authority),
                         ("ordered", place.authority), ("lapsed", place.department)):  # fmt: skip
        for text in (letters[name].page, letters[name].paper):
            assert text.startswith(issuer)
            assert text.count(f"{issuer}2026年") == 1, "above the day, in the place of the seal"
    letters["withheld"].says("（盖章处）")


def test_r2_number_day_and_readable_name(letters):
    letter = letters["withheld"]
    letter.says(letter.kept["letter_number"], "2026年11月2日")
    assert f"filename*=UTF-8''{'%E7%AD%94%E5%A4%8D%E4%B9%A6'}_KF-" in letter.file


def test_r2_each_letter_has_a_number_of_its_own_which_others_cite(letters):
    receipt, refused, upheld = letters["receipt"], letters["withheld"], letters["upheld"]
    case = refused.kept["reference"]
    numbers = [one.kept["letter_number"] for one in (receipt, refused, upheld)]
    assert numbers == [f"{case}-1", f"{case}-2", f"{case}-3"]
    for letter, number in zip((receipt, refused, upheld), numbers, strict=True):
        letter.says(number)
        assert f"{number.rpartition('-')[0].rpartition('-')[2]}-{number[-1]}.pdf" in letter.file
    upheld.says(f"作出的答复（编号：{case}-2）")
    notice, lapsed = letters["supplement"], letters["lapsed"]
    lapsed.says(f"补正告知书（编号：{notice.kept['letter_number']}）")
    every = [one.kept["letter_number"] for one in letters.values()]
    assert len(set(every)) == len(every)


def test_r3_addressee_and_what_was_asked_for(letters):
    letters["withheld"].says(
        "王小明（先生/女士）：", "您于2026年11月2日向本机关提出的数据开放申请（编号：KF-",
        "公交线路客流", "研究瑶海区公交线路与客流之间的关系", "线路名称、客流量",
        "使用期限：2026年12月2日至2027年9月28日", "获取方式：文件下载",
    )  # fmt: skip


def test_r4_term_article_and_last_day(place, letters):
    letter = letters["withheld"]
    letter.says("答复期限的最后一日为2026年11月16日")
    letter.says(f"（{place.term or '平台自定规则'}）")
    letter.omits("超过答复期限")


def test_r4_late_says_so(letters):
    letters["late"].says("本答复作出时已超过答复期限2日。")


@pytest.mark.parametrize(("name", "item", "said"), [
    ("withheld", "三", "不予开放"), ("absent", "四", "没有所申请的数据，该数据不存在"),
    ("not_ours", "五", "不属于本机关负责开放"), ("conditions", "二", "同意向您开放"),
])  # fmt: skip
def test_r5_which_of_the_seven_replies_it_is(letters, name, item, said):
    letters[name].says(f"（国务院令第711号）第三十六条第{item}项", said)


def test_r5_how_it_was_searched_for_and_who_has_it(letters):
    letters["absent"].says(SEARCHED)
    letters["not_ours"].says(ELSEWHERE)


def test_r6_the_facts_of_this_case(letters):
    letters["withheld"].says(f"经审查，{WHY}")


def test_r7_basis_by_title_number_article_and_text(place, letters):
    letters["withheld"].says(
        f"根据{place.cited}“", place.quoted, f"{OGI}（国务院令第711号）第十五条“",
        "公开会对第三方合法权益造成损害的政府信息，行政机关不得公开", "的规定，本机关决定：",
    )  # fmt: skip
    assert not re.search(r"[a-z_]+:第", letters["withheld"].page), "no code of the portal"


def test_r8_the_places_name_of_the_class(place, letters):
    letters["withheld"].says(f"本地开放属性名称：{place.classed}")


def test_r9_third_party(letters):
    letters["withheld"].says("书面征求其意见，其不同意公开")


def test_r10_what_can_be_severed(letters):
    letters["withheld"].says(f"不能作区分处理的理由（{OGI}第三十七条）")
    letters["partly"].says("作了区分处理", f"{OGI}第三十七条", WHY)
    letters["partly"].says("开放的数据：客流.csv（线路名称）", "不予开放的信息项：客流量")


def test_r10_fewer_rows_are_no_part_that_was_severed(letters):
    letters["rows"].says("下列部分予以开放，其余部分不予开放", "100")
    letters["rows"].omits("第三十七条", "区分处理", "不予开放的信息项：")


def test_r11_reconsideration_names_body_and_days(place, letters):
    for name in ("withheld", "absent", "conditions", "partly", "lapsed"):
        letters[name].says("60日内", f"向{place.government}申请行政复议",
                           "《中华人民共和国行政复议法》第二十条")  # fmt: skip


def test_r12_reconsideration_first_for_what_is_withheld(letters):
    for name in ("withheld", "partly", "late"):
        letters[name].says("应当先申请行政复议", "第二十三条", "15日内",
                           "《中华人民共和国行政诉讼法》第四十五条")  # fmt: skip
        letters[name].omits("6个月")


def test_r12_otherwise_both_ways_are_open(letters):
    for name in ("absent", "not_ours", "conditions"):
        letters[name].says("6个月内直接向", "《中华人民共和国行政诉讼法》第四十六条")
        letters[name].omits("应当先申请")


def test_r13_complaint(place, letters):
    letters["withheld"].says(
        f"可以向上一级行政机关或者政府信息公开工作主管部门投诉、举报（{OGI}第五十一条）"
    )
    own = place.id in ("yaohai", "anhui")  # the county texts of the others say nothing of opening
    assert ("反映，由其依照规定通知整改（" in letters["withheld"].page) == own


def test_who_has_it_answered_anew_cites_the_power_and_no_ground_of_refusal(place, letters):
    letter = letters["ordered"]
    letter.says("您不服", OBJECTION.rstrip("。"), "依照平台自定的异议规则",
                "该期限由本机关指定（平台自定规则）")  # fmt: skip
    letter.omits("第十七条", "第十五条")
    for power in place.power:
        letter.says(f"）{power.partition(':')[2]}“", "责令限期改正")
    letter.says("异议处理期限的最后一日为")
    if not place.power:
        assert not letter.kept["basis"]
    letters["spent"].says("答复期限的最后一日为", "（平台自定规则）")
    letters["spent"].omits("第十七条）。")


def test_who_has_it_answered_anew_says_what_becomes_of_the_first_reply(letters):
    """Its terms run on: who waits for the new reply may lose both ways against the first."""
    letters["ordered"].says(
        "原答复在重新答复作出前仍然有效", "期限自收到原答复之日起计算，不因此中止",
        "重新答复将另行告知救济途径",
    )  # fmt: skip


def test_the_receipt_names_the_rights_over_ones_own_data_by_their_articles(letters):
    """Personal Information Protection Law 17 and 35, 45 to 47, 65; while the file has to be kept
    nothing is owed to be deleted (47 paragraph 2)."""
    law = "《中华人民共和国个人信息保护法》第{}条".format
    letters["receipt"].says(
        law("十七"), law("三十五"), f"查阅、复制（{law('四十五')}）", f"更正（{law('四十六')}）",
        f"保存期限届满前不予删除，除存储和采取必要的安全保护措施外不作其他处理，"
        f"届满后可以要求删除（{law('四十七')}）", f"投诉、举报（{law('六十五')}）",
    )  # fmt: skip
    letters["receipt"].omits(law("五十"))


@pytest.mark.parametrize("name", ["grant_suspended", "grant_revoked"])
def test_the_end_of_a_grant_is_a_letter_with_reason_basis_and_remedies(place, letters, name):
    letter = letters[name]
    granted = letters["granted"].kept["letter_number"]
    letter.says(place.department, f"作出答复（编号：{granted}）", MISUSED, TERMS_OF_USE,
                "公交线路客流", "自2026年11月2日起", "60日内",
                f"向{place.government}申请行政复议", "6个月内直接向")  # fmt: skip
    letter.omits("答复期限的最后一日")


def test_r14_the_portals_objection_is_its_own_rule_and_absent_once_spent(place, letters):
    letters["withheld"].says(f"向{place.authority}提出一次异议", "平台自定规则，不影响")
    for name in ("spent", "upheld", "ordered"):
        letters[name].omits("提出一次异议")
    letters["upheld"].says(OBJECTION.rstrip("。"), "依照平台自定的异议规则",
                           "期限自收到该答复书之日起计算，不因异议中止")  # fmt: skip
    letters["upheld"].omits("60日内", "6个月")


def test_r15_contact_free_of_charge_help(letters):
    letters["withheld"].says(
        "联系科室：政务公开科，联系电话：0551-62620001", f"不收取费用（{OGI}第四十二条）",
        f"必要的帮助（{OGI}第四十三条）",
    )  # fmt: skip
    letters["upheld"].says("联系电话：0551-62620002")


def test_r16_review_of_a_countys_paper(place, letters):
    said = "规范性文件，可以在申请行政复议时一并申请审查（《中华人民共和国行政复议法》第十三条）"
    if place.paper:
        letters["withheld"].says(said)
    else:
        letters["withheld"].omits("一并申请审查")
    letters["absent"].omits("一并申请审查")


def test_r17_digest_and_where_to_check_it(letters):
    letter = letters["withheld"]
    letter.says(letter.kept["digest"])
    assert "/letters/verify" in letter.paper
    assert letter.kept["genuine"]


def test_r18_a_condition_carries_remedies(letters):
    letters["conditions"].says(f"开放附有下列条件：{CONDITIONS}。", "申请行政复议", "提起行政诉讼")
