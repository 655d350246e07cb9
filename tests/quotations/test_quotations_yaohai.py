"""合肥市瑶海区政务数据资源共享开放管理办法（瑶政办〔2024〕2号）, article by article."""

from datetime import date

from ckanext.govdata.domain.clock import count_deadline
from ckanext.govdata.domain.instrument import Asking
from ckanext.govdata.domain.procedure import Applicant
from ckanext.govdata.rules.rule_files import load_calendar

DEPARTMENT = Asking(Applicant.DEPARTMENT)


def test_article_8_fields_of_a_catalogue_entry(clause):
    assert len(clause("yaohai", "catalogue_fields", "第八条", "更新时限")["fields"]) == 8


def test_article_9_project_catalogue(clause):
    values = clause("yaohai", "project_catalogue", "第九条", "应当预编形成项目数据资源目录")
    assert values["when"] == ("application", "acceptance")


def test_article_10_catalogue_change_ten_working_days(term):
    found = term("yaohai", "catalogue_review.change", "第十条", "情形发生之日起10个工作日内更新")
    assert (found.amount, found.unit, found.start) == (10, "working_days", "changed")


def test_article_10_correction_review_ten_working_days(term):
    quote = "自收到校核信息之日起10个工作日内"
    found = term("yaohai", "correction_review.decide", "第十条", quote, asking=DEPARTMENT)
    assert (found.amount, found.unit, found.start) == (10, "working_days", "received")


def test_article_10_knows_no_extension(rules):
    refusal = rules.term("yaohai", "correction_review.extend", date(2026, 5, 6), DEPARTMENT)
    assert (refusal.code, refusal.article) == ("term_not_extendable", "第十条")


def test_article_10_speaks_of_departments_so_others_have_the_provinces_term(rules):
    for asker in (Applicant.PERSON, Applicant.ORGANISATION):
        ruling = rules.term("yaohai", "correction_review.decide", date(2026, 5, 6), Asking(asker))
        assert (ruling.source.id, ruling.term.article) == ("anhui", "第二十六条")
        assert (ruling.term.amount, ruling.term.extension.amount) == (7, 7)


def test_article_10_using_departments_ask_for_a_review(clause):
    values = clause("yaohai", "review_applicants", "第十条", "政务数据使用方")
    assert values == {"who": ("departments",), "through": ("platform",)}


def test_reporting_a_changed_catalogue_is_left_to_the_province(rules):
    ruling = rules.term("yaohai", "catalogue_review.report", date(2026, 5, 6))
    assert (ruling.source.id, ruling.term.amount, ruling.term.article) == ("anhui", 3, "第十五条")


def test_article_12_share_types(clause):
    values = clause("yaohai", "share_types", "第十二条", "无条件共享、有条件共享、不予共享三类")
    assert values["values"] == ("unconditional", "conditional", "non_shared")


def test_article_13_what_is_not_shared_needs_a_basis(clause):
    values = clause("yaohai", "share_restriction", "第十三条", "凡列入不予共享类的政务数据，必须有")
    assert values == {"fields": ("basis",), "of": ("non_shared",)}


def test_article_13_base_data_is_shared_through_the_platform(clause):
    values = clause(
        "yaohai", "shared_through_platform", "第十三条", "人口、法人单位、空间地理等数据"
    )
    assert values["values"] == ("population", "legal_person", "spatial")


def test_article_14_share_application_five_working_days_from_acceptance(term):
    found = term("yaohai", "share_application.decide", "第十四条", "自受理申请之日起5个工作日内")
    assert (found.amount, found.unit, found.start) == (5, "working_days", "accepted")


def test_article_14_silence_is_consent(term):
    quote = "超过5个工作日不答复也不说明理由的，视同提供部门同意"
    assert term("yaohai", "share_application.decide", "第十四条", quote).on_lapse == "consent"


def test_article_14_a_refusal_to_share_gives_reason_and_basis(clause):
    values = clause(
        "yaohai", "share_refusal", "第十四条", "不同意共享的，向数据需求部门说明理由并提供依据"
    )
    assert values["fields"] == ("reason", "basis")


def test_article_15_open_attributes_by_their_own_names(clause, rules):
    values = clause(
        "yaohai", "open_attributes", "第十五条", "无条件开放、依申请开放和依法不予开放三类"
    )
    assert values["values"] == ("unconditional", "conditional", "non_open")
    names = {
        value: rules.label("yaohai", f"open_attribute.{value}", date(2026, 5, 6))["zh_Hans_CN"]
        for value in values["values"]
    }
    assert names == {
        "unconditional": "无条件开放",
        "conditional": "依申请开放",
        "non_open": "依法不予开放",
    }


def test_article_15_department_and_openness_office_review_the_attribute(clause):
    values = clause(
        "yaohai", "attribute_review", "第十五条", "应当经过政务部门和政务公开机构审查确定"
    )
    assert values["by"] == ("department", "openness_office")


def test_article_15_public_interest_may_open_what_was_closed(clause):
    values = clause("yaohai", "reclassification", "第十五条", "不开放可能对公共利益造成重大影响")
    assert values["grounds"] == ("right_holder_consents", "public_interest")


def test_article_15_lets_open_government_information_bind_along_with_it(clause, rules):
    values = clause("yaohai", "also_under", "第十五条", "《中华人民共和国政府信息公开条例》")
    assert values["texts"] == ("open_government_information",)
    check = rules.term("yaohai", "open_application.check", date(2026, 5, 6))
    assert (check.source.id, check.term.article, check.term.amount) == (
        "open_government_information", "第三十条", 7,
    )  # fmt: skip
    after = rules.term("yaohai", "open_application.check", date(2027, 2, 8))
    assert after.own_rule


def test_article_17_the_data_is_opened_within_the_ten_days_of_the_answer(rules):
    """One term for both: 自收到申请之日起10个工作日内……向申请方开放其所需数据."""
    day = date(2026, 5, 6)
    answer, opened = (rules.term("yaohai", f"open_application.{one}", day).term
                      for one in ("decide", "provide"))  # fmt: skip
    assert (opened.amount, opened.start, opened.article) == (10, "received", "第十七条")
    assert opened.quote == answer.quote
    assert opened.extension is None


def test_article_16_yearly_open_plan(clause):
    assert clause("yaohai", "open_plan", "第十六条", "年度工作计划")["every"] == "yearly"


def test_article_17_open_application_ten_working_days(term):
    found = term(
        "yaohai",
        "open_application.decide",
        "第十七条",
        "自收到申请之日起10个工作日内通过开放平台向申请方开放其所需数据",
    )
    assert (found.amount, found.unit, found.start) == (10, "working_days", "received")
    assert (found.on_lapse, found.extension) == ("violation", None)


def test_article_17_over_national_day_2026(term):
    found = term("yaohai", "open_application.decide", "第十七条", "10个工作日")
    deadline = count_deadline(load_calendar(), date(2026, 9, 24), found.amount, found.unit)
    assert deadline.due == date(2026, 10, 15)


def test_article_17_a_refusal_gives_reason_and_basis(clause):
    values = clause("yaohai", "refusal", "第十七条", "不同意开放的，说明理由并提供依据")
    assert values["fields"] == ("reason", "basis")


def test_article_19_incidents(clause):
    clause("yaohai", "security_incident", "第十九条", "及时通报区数据资源管理局、网信办和公安")


def test_article_20_shared_data_is_not_published_without_the_providers_consent(clause):
    clause("yaohai", "no_third_party", "第二十条", "未经提供部门同意，不得向社会公开发布")


def test_article_22_first_responsible_person(clause):
    clause("yaohai", "first_responsible_person", "第二十二条", "第一责任人")


def test_article_23_assessment(clause):
    clause("yaohai", "assessment", "第二十三条", "考核结果")


def test_article_24_rectification(clause):
    values = clause("yaohai", "rectification", "第二十四条", "逾期不改正的，给予通报批评")
    assert values["steps"] == ("notice", "report_up", "order", "criticism", "discipline")


def test_article_27_in_force_for_three_years(rules):
    # 本办法自发布之日起施行，有效期三年。 Issued on 2024-02-07.
    yaohai = rules.at("yaohai", date(2026, 5, 6))
    first, last = yaohai.in_force.first, yaohai.in_force.last
    assert (first, last) == (date(2024, 2, 7), first.replace(year=first.year + 3))
    assert yaohai.in_force.article == "第二十七条"


def test_article_27_afterwards_the_province_applies(rules):
    sharing = rules.term("yaohai", "share_application.decide", date(2027, 2, 8))
    assert (sharing.source.id, sharing.term.amount, sharing.term.start) == ("anhui", 7, "received")
    assert sharing.term.on_lapse == "violation"
    opening = rules.term("yaohai", "open_application.decide", date(2027, 2, 8))
    assert (opening.own_rule, opening.lapsed) == (True, ("yaohai",))
