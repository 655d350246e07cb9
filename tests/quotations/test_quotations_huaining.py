"""怀宁县政务数据资源管理暂行办法（怀政办发〔2021〕5号）, article by article."""

from datetime import date


def test_article_5_first_responsible_person(clause):
    clause("huaining", "first_responsible_person", "第五条", "第一责任人，即“数长”")


def test_article_7_fields_of_a_catalogue_entry(clause):
    values = clause("huaining", "catalogue_fields", "第七条", "共享类型、共享方式、使用要求等内容")
    assert len(values["fields"]) == 8


def test_article_9_catalogue_change_fifteen_working_days(term):
    """As the county wrote it; since Decree 809 it yields to ten (``test_national.py``)."""
    quote, day = "应当于变更之日起15个工作日内更新", date(2025, 7, 31)
    found = term("huaining", "catalogue_review.change", "第九条", quote, day)
    assert (found.amount, found.unit, found.start) == (15, "working_days", "changed")


def test_article_9_then_three_working_days_to_report(term):
    found = term("huaining", "catalogue_review.report", "第九条", "并在3个工作日内")
    assert (found.amount, found.unit, found.start) == (3, "working_days", "updated")


def test_article_10_one_source_per_datum(clause):
    clause("huaining", "one_source", "第十条", "不得重复采集、多头采集")


def test_article_12_base_databases(clause):
    values = clause(
        "huaining", "base_databases", "第十二条", "人口、法人、电子证照、空间地理、宏观经济和信用"
    )
    assert len(values["values"]) == 6


def test_article_14_not_to_third_parties(clause):
    clause("huaining", "no_third_party", "第十四条", "不得以任何形式提供给第三方")


def test_article_15_restricted_sharing_needs_reason_and_basis(clause):
    values = clause("huaining", "share_restriction", "第十五条", "应当说明理由并提供法律")
    assert values == {"fields": ("reason", "basis"), "of": ("conditional", "non_shared")}


def test_article_15_share_types(clause):
    values = clause("huaining", "share_types", "第十五条", "无条件共享、有条件共享和不予共享三种")
    assert len(values["values"]) == 3


def test_article_16_all_materials_are_listed_at_registration(clause):
    clause("huaining", "application_materials", "第十六条", "所需提供的全部材料")


def test_article_17_share_application_five_working_days_from_receipt(term):
    found = term(
        "huaining", "share_application.decide", "第十七条", "收到共享申请之日起5个工作日内予以授权"
    )
    assert (found.amount, found.unit, found.start) == (5, "working_days", "received")
    assert found.on_lapse == "violation"


def test_articles_14_and_17_refusal_within_five_working_days_with_reason_and_basis(clause, term):
    quote = "不予共享政务数据的，应当在5个工作日内说明理由"
    asked = clause("huaining", "share_refusal", "第十四条、第十七条", quote)
    assert asked["fields"] == ("reason", "basis")
    assert term("huaining", "share_application.decide", "第十七条", quote).amount == 5


def test_article_18_correction_review_ten_working_days(term):
    found = term(
        "huaining", "correction_review.decide", "第十八条", "在收到申请复核之日起10个工作日内"
    )
    assert (found.amount, found.unit, found.start) == (10, "working_days", "received")


def test_article_18_extension_of_at_most_ten_working_days_with_the_heads_consent(term):
    quote = "经政务数据提供部门负责人同意，延长复核期限不超过10个工作日"
    extension = term("huaining", "correction_review.decide", "第十八条", quote).extension
    assert (extension.amount, extension.consent_of) == (10, ("head",))
    assert term("huaining", "correction_review.extend", "第十八条", quote).amount == 10


def test_article_18_who_may_ask_for_a_review(clause):
    values = clause("huaining", "review_applicants", "第十八条", "自然人、法人和其他组织")
    assert values["who"] == ("departments", "organisations", "persons")


def test_article_19_disputes(clause):
    values = clause("huaining", "dispute", "第十九条", "由县政府政务数据资源主管部门协调处理")
    assert values["steps"] == ("negotiate", "authority_decides")


def test_article_23_opening_priorities(clause):
    assert (
        len(clause("huaining", "opening_priorities", "第二十三条", "与民生紧密相关")["values"]) == 4
    )


def test_article_24_three_open_attributes(clause):
    values = clause(
        "huaining", "open_attributes", "第二十四条", "无条件开放类、有条件开放类和非开放类"
    )
    assert values["values"] == ("unconditional", "conditional", "non_open")


def test_article_26_assessment(clause):
    clause("huaining", "assessment", "第二十六条", "进行评价")


def test_article_30_incidents_and_drills(clause):
    assert len(clause("huaining", "security_incident", "第三十条", "保持相关记录")["steps"]) == 4
    clause("huaining", "emergency_drills", "第三十条", "定期组织开展应急演练")


def test_article_31_rectification(clause):
    values = clause("huaining", "rectification", "第三十一条", "逾期未改正的,给予通报批评")
    assert values["steps"] == ("notice", "order", "criticism", "discipline")


def test_last_sentence_in_force_on_issue_in_2021_on_a_day_not_in_the_text(rules):
    # 本办法自发布之日起施行。 The document's number gives the year alone.
    huaining = rules.at("huaining", date(2026, 5, 6))
    assert (huaining.in_force.first.year, huaining.in_force.year_only) == (2021, True)


def test_what_the_county_leaves_out_is_the_provinces(rules):
    day = date(2026, 5, 6)
    assert rules.clause("huaining", "review_protection", day).source.id == "anhui"
    assert rules.clause("huaining", "emergency_types", day).source.id == "anhui"


def test_the_text_is_silent_on_applications_for_conditional_data(rules):
    ruling = rules.term("huaining", "open_application.decide", date(2026, 5, 6))
    assert (ruling.own_rule, ruling.term.amount) == (True, 10)
