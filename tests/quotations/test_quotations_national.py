"""政务数据共享条例 (Decree 809) and 政府信息公开条例 (Decree 711): each number with its article,
and what it does to the texts below.

The official texts are not at hand: the configuration names articles and numbers, and quotes none.
"""

from datetime import date

import pytest

from ckanext.govdata.domain.ceiling import YieldingPart
from ckanext.govdata.domain.instrument import Asking, Rank, ShareType, Validity
from ckanext.govdata.domain.procedure import Applicant

DAY = date(2026, 5, 6)
DEPARTMENT = Asking(Applicant.DEPARTMENT)


def national(rules, name, day=DAY, **asking):
    ruling = rules.term("national", name, day, Asking(**asking))
    assert ruling.source.id == "national"
    return ruling.term


def test_article_44_in_force_since_august_2025_without_an_end(rules):
    text = rules.at("national", DAY)
    assert (text.number, text.rank) == ("国务院令第809号", Rank.ADMINISTRATIVE_REGULATION)
    assert (text.in_force.first, text.validity) == (date(2025, 8, 1), Validity.REPEALED)
    assert rules.term("national", "correction_review.decide", date(2025, 7, 31)).own_rule


def test_article_17_catalogue_ten_days_and_five_more_with_the_authoritys_consent(rules):
    term = national(rules, "catalogue_review.change")
    assert (term.amount, term.start, term.article) == (10, "changed", "第十七条")
    extension = term.extension
    assert (extension.amount, extension.consent_of, extension.once) == (5, ("authority",), True)


def test_article_17_the_report_is_within_the_same_ten_days(rules):
    term = national(rules, "catalogue_review.report")
    assert (term.amount, term.start, term.article) == (10, "changed", "第十七条")


def test_article_17_review_and_publication_two_days(rules):
    term = national(rules, "catalogue_review.review")
    assert (term.amount, term.start, term.article) == (2, "received", "第十七条")


def test_article_17_is_not_the_term_of_each_step_of_a_review(rules):
    for place in rules.ids():
        step = rules.term(place, "catalogue_review.step", DAY)
        assert (step.own_rule, step.term.amount) == (True, 5)


def test_article_21_unconditional_one_day(rules):
    term = national(rules, "share_application.decide", share_type=ShareType.UNCONDITIONAL)
    assert (term.amount, term.start, term.article) == (1, "received", "第二十一条")
    assert term.extension is None


def test_article_21_conditional_ten_days_and_ten_more_with_the_authoritys_consent(rules):
    term = national(rules, "share_application.decide", share_type=ShareType.CONDITIONAL)
    assert (term.amount, term.start, term.article) == (10, "received", "第二十一条")
    assert (term.extension.amount, term.extension.consent_of) == (10, ("authority",))


def test_article_21_moves_yaohais_five_days_no_later_than_ten_from_receipt(rules):
    ruling = rules.term("yaohai", "share_application.decide", DAY)
    [latest] = ruling.latest
    assert (ruling.term.amount, ruling.term.start) == (5, "accepted")
    assert (latest.term.amount, latest.term.start, latest.source.id) == (10, "received", "national")


def test_article_22_data_within_twenty_days_of_the_decision(rules):
    term = national(rules, "share_application.provide")
    assert (term.amount, term.start, term.article) == (20, "decided", "第二十二条")


def test_article_23_a_shorter_local_term_stands(rules):
    anhui = rules.term("anhui", "share_application.decide", DAY)
    assert (anhui.source.id, anhui.term.amount, anhui.yields) == ("anhui", 7, ())


@pytest.mark.parametrize(
    ("place", "amount", "more"), [("anhui", 7, 3), ("huaining", 10, 0), ("xinxian", 5, 5)]
)
def test_article_26_a_departments_correction_takes_ten_days_at_most(rules, place, amount, more):
    term = rules.term(place, "correction_review.decide", DAY, DEPARTMENT).term
    assert (term.amount, term.extension.amount if term.extension else 0) == (amount, more)


def test_article_26_binds_departments_only(rules):
    for asker in (Applicant.PERSON, Applicant.ORGANISATION):
        ruling = rules.term("huaining", "correction_review.extend", DAY, Asking(asker))
        assert (ruling.source.id, ruling.term.amount) == ("huaining", 10)


def test_article_26_leaves_huaining_no_extension_and_is_named_for_it(rules):
    refusal = rules.term("huaining", "correction_review.extend", DAY, DEPARTMENT)
    assert (refusal.code, refusal.article) == ("term_not_extendable", "第二十六条")


def test_article_26_is_the_source_of_what_is_left_of_anhuis_extension(rules):
    ruling = rules.term("anhui", "correction_review.extend", DAY, DEPARTMENT)
    assert (ruling.source.id, ruling.term.article, ruling.term.amount) == (
        "national", "第二十六条", 3,
    )  # fmt: skip


def test_article_17_huainings_fifteen_days_yield(rules):
    ruling = rules.term("huaining", "catalogue_review.change", DAY)
    [gone] = ruling.yields
    assert (ruling.source.id, ruling.term.article) == ("national", "第十七条")
    assert (gone.part, gone.source.id, gone.was, gone.now) == (
        YieldingPart.TERM, "huaining", 15, 10,
    )  # fmt: skip
    assert (gone.to.id, gone.article) == ("national", "第十七条")


def test_article_29_records_of_use_are_kept_three_years(rules):
    ruling = rules.clause("yaohai", "use_records", DAY)
    assert (ruling.clause.article, ruling.clause.values) == ("第二十九条", {"least_years": 3})


def test_open_government_information_article_33_is_the_outer_limit_of_every_answer(rules):
    for place in rules.ids():
        ruling = rules.term(place, "open_application.decide", DAY)
        [limit] = ruling.outer
        assert limit.term.article == "第三十三条"
        assert (limit.term.amount, limit.term.extension.amount) == (20, 20)
        assert limit.term.extension.consent_of == ("openness_office",)
        assert (ruling.term.amount, ruling.term.extension) == (10, None)


def test_open_government_information_article_30_what_is_missing_within_seven_days(rules):
    ruling = rules.term("anhui", "open_application.check", DAY)
    [limit] = ruling.outer
    assert (limit.term.amount, limit.term.article) == (7, "第三十条")
    assert ruling.own_rule
    assert ruling.term.amount <= limit.term.amount


def test_open_government_information_article_32_a_third_party_has_fifteen_days(rules):
    ruling = rules.term("anhui", "open_application.consult", DAY)
    assert (ruling.source.id, ruling.term.article) == ("open_government_information", "第三十二条")
    assert (ruling.term.amount, ruling.term.on_lapse) == (15, "goes_on")


def test_nobody_is_put_under_a_text_that_is_no_place(rules):
    assert set(rules.instruments()) - set(rules.ids()) == {
        "open_government_information", "anhui_big_data", "henan_digital_economy",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("place", "chain"),
    [
        ("yaohai", "yaohai hefei anhui anhui_big_data national open_government_information"),
        ("huaining", "huaining anqing anhui anhui_big_data national open_government_information"),
        ("xinxian", "xinxian xinyang henan henan_digital_economy national "
                    "open_government_information"),
    ],
)  # fmt: skip
def test_unread_levels_stand_in_the_chain_and_set_nothing(rules, place, chain):
    found = rules.chain(place, DAY)
    assert [one.id for one in found] == chain.split()
    for one in found:
        if not (one.document and one.text_at_hand):
            assert (one.terms, one.requires, one.names) == ((), {}, {})


def test_validity_is_named_by_rule_or_unknown(rules):
    validity = {name: rules.at(name, DAY).validity for name in rules.instruments()}
    assert validity["yaohai"] is Validity.NAMED
    assert validity["huaining"] is validity["hefei"] is Validity.BY_RULE
    assert validity["xinxian"] is Validity.UNKNOWN
    assert validity["anhui"] is Validity.REPEALED


def test_an_end_by_the_provinces_rule_is_presumed_and_ends_nothing(rules):
    assert rules.at("hefei", DAY).in_force.presumed_last == date(2025, 10, 23)
    assert rules.at("huaining", DAY).in_force.presumed_last.year == 2026
    late = rules.term("huaining", "share_application.decide", date(2027, 5, 6))
    assert (late.source.id, late.lapsed) == ("huaining", ())
