"""安徽省政务数据资源管理办法（省政府令第299号）, article by article."""

from datetime import date


def test_article_13_fields_of_a_catalogue_entry(clause):
    values = clause(
        "anhui",
        "catalogue_fields",
        "第十三条",
        "明确政务数据的分类、责任主体、格式、属性、更新时限、共享类型、共享方式、使用要求等内容",
    )
    assert len(values["fields"]) == 8


def test_article_14_individual_catalogue_needs_the_provinces_consent(clause):
    values = clause("anhui", "individual_catalogue", "第十四条", "经省人民政府数据资源主管部门同意")
    assert values["consent_of"] == ("province",)


def test_article_15_catalogue_change_ten_working_days(term):
    found = term("anhui", "catalogue_review.change", "第十五条", "应当自变更之日起10个工作日内更新")
    assert (found.amount, found.unit, found.start) == (10, "working_days", "changed")


def test_article_15_then_three_working_days_to_report_with_the_basis(term):
    found = term("anhui", "catalogue_review.report", "第十五条", "并在3个工作日内")
    assert (found.amount, found.unit, found.start) == (3, "working_days", "updated")


def test_article_16_one_source_per_datum(clause):
    assert clause("anhui", "one_source", "第十六条", "一数一源、一源多用") == {}


def test_article_18_base_databases(clause):
    values = clause("anhui", "base_databases", "第十八条", "人口、法人、电子证照、空间地理")
    assert values["values"] == ("population", "legal_person", "certificate", "spatial")


def test_articles_10_and_11_project_catalogue_at_application_and_acceptance(clause):
    values = clause(
        "anhui", "project_catalogue", "第十条、第十一条", "应当预编形成项目数据资源目录"
    )
    assert values["when"] == ("application", "acceptance")


def test_article_22_share_types(clause):
    values = clause(
        "anhui", "share_types", "第二十二条", "分为无条件共享、有条件共享、不予共享等类型"
    )
    assert values["values"] == ("unconditional", "conditional", "non_shared")


def test_article_22_restricted_sharing_needs_reason_and_basis(clause):
    values = clause(
        "anhui",
        "share_restriction",
        "第二十二条",
        "应当说明理由，并提供相应的法律、行政法规或者党中央、国务院政策依据",
    )
    assert values == {"fields": ("reason", "basis"), "of": ("conditional", "non_shared")}


def test_article_24_all_materials_are_listed_at_registration(clause):
    values = clause(
        "anhui",
        "application_materials",
        "第二十四条",
        "应当提出申请共享政务数据所需的全部材料名录",
    )
    assert values["fields"] == ("application_materials",)


def test_article_25_share_application_seven_working_days_from_receipt(term):
    found = term(
        "anhui", "share_application.decide", "第二十五条", "自收到申请之日起7个工作日内答复"
    )
    assert (found.amount, found.unit, found.start) == (7, "working_days", "received")
    assert found.on_lapse == "violation"


def test_articles_21_and_25_a_refusal_to_share_gives_its_reason_and_its_basis(clause):
    quote = "不得拒绝其他部门提出的共享申请"
    values = clause("anhui", "share_refusal", "第二十一条、第二十五条", quote)
    assert values["fields"] == ("reason", "basis")


def test_article_26_correction_review_seven_working_days(term):
    found = term(
        "anhui",
        "correction_review.decide",
        "第二十六条",
        "自收到复核申请之日起7个工作日内进行校核，并答复申请人",
    )
    assert (found.amount, found.unit, found.start) == (7, "working_days", "received")


def test_article_26_extension_of_at_most_seven_working_days_with_the_heads_consent(term):
    quote = "负责人同意，延长期限不超过7个工作日"
    first = term("anhui", "correction_review.decide", "第二十六条", quote)
    assert first.extension.amount == 7
    assert first.extension.consent_of == ("head", "authority")
    assert first.extension.once
    second = term("anhui", "correction_review.extend", "第二十六条", quote)
    assert (second.amount, second.unit, second.start) == (7, "working_days", "expired")


def test_article_26_anybody_may_ask_the_provider_or_the_platform(clause):
    values = clause(
        "anhui",
        "review_applicants",
        "第二十六条",
        "可以向数据提供部门或者通过江淮大数据中心平台申请复核",
    )
    assert values["who"] == ("departments", "organisations", "persons")
    assert values["through"] == ("provider", "platform")


def test_article_26_during_a_review_nobody_is_turned_away(clause):
    clause("anhui", "review_protection", "第二十六条", "受理单位不得以复核数据为由拒绝、推诿")


def test_article_27_disputes_are_negotiated_then_decided(clause):
    values = clause("anhui", "dispute", "第二十七条", "不能形成一致意见的")
    assert values["steps"] == ("negotiate", "authority_decides")


def test_article_34_opening_priorities(clause):
    values = clause(
        "anhui",
        "opening_priorities",
        "第三十四条",
        "与民生紧密相关、社会迫切需要、行业增值潜力显著和产业战略意义重大",
    )
    assert len(values["values"]) == 4


def test_article_35_may_shall_and_may_not_be_opened(clause):
    clause(
        "anhui",
        "opening_principle",
        "第三十五条",
        "可以开放的，应当开放；未明确开放的，应当安全有序开放；禁止开放的，不得开放",
    )


def test_article_35_four_types_of_emergency(clause):
    values = clause(
        "anhui",
        "emergency_types",
        "第三十五条",
        "突发自然灾害、事故灾难、公共卫生事件和社会安全事件",
    )
    assert values["values"] == (
        "natural_disaster",
        "accident_disaster",
        "public_health",
        "social_security",
    )


def test_article_36_three_open_attributes(clause, rules):
    values = clause(
        "anhui", "open_attributes", "第三十六条", "无条件开放类、有条件开放类和非开放类"
    )
    assert values["values"] == ("unconditional", "conditional", "non_open")
    label = rules.label("anhui", "open_attribute.non_open", date(2026, 5, 6))
    assert label["zh_Hans_CN"] == "非开放类"


def test_article_36_non_open_data_may_be_reclassified(clause):
    values = clause("anhui", "reclassification", "第三十六条", "脱密脱敏处理或者权利人同意开放")
    assert values["grounds"] == ("desensitised", "right_holder_consents")


def test_article_41_incidents_and_drills(clause):
    values = clause("anhui", "security_incident", "第四十一条", "告知可能受到影响的部门")
    assert values["steps"] == ("contain", "record", "inform_affected", "report")
    clause("anhui", "emergency_drills", "第四十一条", "定期组织开展应急演练")


def test_article_42_assessment(clause):
    clause("anhui", "assessment", "第四十二条", "进行考核评估")


def test_article_43_rectification(clause):
    values = clause("anhui", "rectification", "第四十三条", "通知限期整改")
    assert values["steps"] == ("notice", "report_up", "order", "discipline")


def test_article_46_in_force_since_the_first_of_march_2021(rules):
    quote = "本办法自2021年3月1日起施行"
    anhui = rules.at("anhui", date(2026, 5, 6))
    assert f"{anhui.in_force.first:%Y年%-m月%-d日}" in quote
    assert (anhui.in_force.last, anhui.in_force.article) == (None, "第四十六条")


def test_the_text_is_silent_on_applications_for_conditional_data(rules):
    ruling = rules.term("anhui", "open_application.decide", date(2026, 5, 6))
    assert (ruling.own_rule, ruling.term.amount, ruling.term.article) == (True, 10, "")
