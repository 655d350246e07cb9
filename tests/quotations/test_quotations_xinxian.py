"""新县政务数据资源共享开放管理办法（2021年12月28日）, article by article."""

from datetime import date


def test_article_5_first_responsible_person(clause):
    clause("xinxian", "first_responsible_person", "第五条", "第一责任人")


def test_article_9_no_platform_of_its_own(clause):
    values = clause("xinxian", "own_platform", "第九条", "县级层次不设置数据共享平台和开放平台")
    assert values["allowed"] is False


def test_article_11_base_databases(clause):
    values = clause("xinxian", "base_databases", "第十一条", "人口库、法人库、宏观经济库")
    assert len(values["values"]) == 5


def test_article_13_catalogue_change_ten_working_days(term):
    found = term("xinxian", "catalogue_review.change", "第十三条", "之日起10个工作日内更新")
    assert (found.amount, found.unit, found.start) == (10, "working_days", "changed")


def test_reporting_a_changed_catalogue_was_the_portals_own_rule_until_decree_809(rules):
    before = rules.term("xinxian", "catalogue_review.report", date(2025, 7, 31))
    assert (before.own_rule, before.term.amount) == (True, 3)
    since = rules.term("xinxian", "catalogue_review.report", date(2026, 5, 6))
    assert (since.source.id, since.term.amount, since.term.start) == ("national", 10, "changed")


def test_article_14_one_source_per_datum(clause):
    clause("xinxian", "one_source", "第十四条", "一数一源、一源一责")


def test_article_16_how_timely_data_is_updated(clause):
    values = clause("xinxian", "update_timeliness", "第十六条", "每季度第一个月的前10日内")
    assert values == {
        "best": "real_time",
        "otherwise": ("daily", "weekly", "monthly"),
        "special": "quarterly",
        "special_first_days": 10,
    }


def test_article_16_no_data_by_instant_message_or_mail(clause):
    values = clause("xinxian", "forbidden_channels", "第十六条", "严禁通过即时通讯工具或电子邮件")
    assert values["values"] == ("instant_messaging", "email")


def test_article_17_disputes_are_verified_together(clause):
    assert clause("xinxian", "dispute", "第十七条", "数据核实")["steps"] == ("verify_together",)


def test_article_18_correction_review_five_working_days(term):
    found = term("xinxian", "correction_review.decide", "第十八条", "收到申请之日起5个工作日内")
    assert (found.amount, found.unit, found.start) == (5, "working_days", "received")


def test_article_18_extension_of_at_most_ten_working_days_with_the_heads_consent(term):
    quote = "主要负责人同意，延长校核期限不超过10个工作日"
    extension = term("xinxian", "correction_review.decide", "第十八条", quote).extension
    assert (extension.amount, extension.consent_of) == (10, ("head",))
    assert term("xinxian", "correction_review.extend", "第十八条", quote).amount == 10


def test_article_18_citizens_legal_persons_and_others_may_ask(clause):
    values = clause("xinxian", "review_applicants", "第十八条", "公民、法人和其他组织")
    assert values == {"who": ("organisations", "persons"), "through": ("platform",)}


def test_article_18_during_a_review_nobody_is_turned_away(clause):
    clause("xinxian", "review_protection", "第十八条", "受理单位应当照常办理")


def test_article_19_three_share_modes(clause):
    values = clause("xinxian", "share_modes", "第十九条", "服务模式含以下三种")
    assert values["values"] == ("query_interface", "data_call", "customised_data")


def test_article_22_share_types(clause):
    assert len(clause("xinxian", "share_types", "第二十二条", "三种类型")["values"]) == 3


def test_article_23_share_application_ten_working_days(term):
    found = term("xinxian", "share_application.decide", "第二十三条", "在10个工作日内予以答复")
    assert (found.amount, found.unit, found.start) == (10, "working_days", "received")
    assert found.on_lapse == "violation"


def test_article_23_a_refusal_to_share_gives_reason_and_basis(clause):
    values = clause("xinxian", "share_refusal", "第二十三条", "应当说明理由并提供依据")
    assert values["fields"] == ("reason", "basis")


def test_article_23_restricted_sharing_needs_a_basis(clause):
    values = clause("xinxian", "share_restriction", "第二十三条", "凡列入有条件共享类和不予共享类")
    assert values == {"fields": ("basis",), "of": ("conditional", "non_shared")}


def test_article_23_base_data_is_shared_unconditionally(clause):
    values = clause("xinxian", "base_databases_unconditional", "第二十三条", "应当无条件共享")
    assert len(values["values"]) == 4


def test_article_23_asked_through_the_countys_authority(clause):
    values = clause("xinxian", "share_route", "第二十三条", "应向县政务数据主管部门提出需求申请")
    assert values["through"] == ("county_authority", "city_authority")


def test_article_23_what_is_not_shared_is_mediated(clause):
    values = clause("xinxian", "share_mediation", "第二十三条", "会同提供部门协商解决")
    assert values == {"of": ("non_shared",), "by": ("city_authority",)}


def test_article_23_filing_form_and_commitment_letter(clause):
    values = clause("xinxian", "share_filing", "第二十三条", "备案表》并签署")
    assert values["fields"] == ("filing_form", "commitment_letter")


def test_article_24_not_to_third_parties_nor_published(clause):
    clause("xinxian", "no_third_party", "第二十四条", "不得擅自向社会发布和公开")


def test_article_26_three_open_attributes(clause, rules):
    clause("xinxian", "open_attributes", "第二十六条", "无条件开放、有条件开放和不予开放")
    label = rules.label("xinxian", "open_attribute.non_open", date(2026, 5, 6))
    assert label["zh_Hans_CN"] == "不予开放"


def test_article_26_the_closed_catalogue_and_its_basis_are_public(clause):
    values = clause("xinxian", "open_restriction", "第二十六条", "及其相关依据应当向社会公布")
    assert values == {"fields": ("basis",), "of": ("conditional", "non_open"), "published": True}


def test_article_27_what_came_by_sharing_is_not_opened(clause):
    clause("xinxian", "shared_in_not_opened", "第二十七条", "不纳入本部门的开放清单")


def test_article_27_yearly_priorities(clause):
    assert clause("xinxian", "open_plan", "第二十七条", "年度开放重点")["every"] == "yearly"


def test_article_28_what_the_open_list_carries(clause):
    values = clause(
        "xinxian", "open_list_fields", "第二十八条", "数据领域、数据摘要、数据项和数据格式"
    )
    assert len(values["fields"]) == 7


def test_article_29_query_preview_acquire(clause):
    values = clause("xinxian", "open_functions", "第二十九条", "数据查询、预览、获取")
    assert values["values"] == ("query", "preview", "acquire")


def test_article_33_traceable_from_end_to_end(clause):
    clause("xinxian", "audit_trail", "第三十三条", "全程可回溯")


def test_article_36_in_force_on_issue(rules):
    # 本办法自印发之日起实施。 Issued on 2021-12-28.
    xin = rules.at("xinxian", date(2026, 5, 6))
    assert (xin.in_force.first, xin.in_force.article) == (date(2021, 12, 28), "第三十六条")



def test_the_text_is_silent_on_applications_for_conditional_data(rules):
    ruling = rules.term("xinxian", "open_application.decide", date(2026, 5, 6))
    assert (ruling.own_rule, ruling.term.amount) == (True, 10)
