"""Which term binds in each place, for whom and when: against a table written by hand from the
texts, of which no row asks the rulebook. The table is the specification."""

import random
from datetime import date, timedelta
from itertools import product

import pytest

from ckanext.govdata.domain.instrument import Asking, ShareType
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.domain.rule_steps import ASKERS

NATIONAL_BEGINS, YAOHAI_ENDS = date(2025, 8, 1), date(2027, 2, 7)
FIRST, LAST = date(2024, 2, 7), date(2029, 12, 31)
PLACES = ("national", "anhui", "henan", "hefei", "anqing", "xinyang", "yaohai", "huaining",
          "xinxian")  # fmt: skip
TEN = ("national", 10, "received", "第二十一条")
"""The limit beside a shorter term that counts from acceptance."""


def own(amount, start="received", silence="violation"):
    return ("portal", amount, 0, start, "", silence, ())


def text(source, amount, article, more=0, start="received", silence="violation", latest=()):
    return (source, amount, more, start, article, silence, latest)


def opening(place, period, _asker, _share_type):
    yaohai = text("yaohai", 10, "第十七条")
    return yaohai if place == "yaohai" and period != "after Yaohai" else own(10)


def checking(place, period, _asker, _share_type):
    """Yaohai 15 lets the regulations on open government information bind, too."""
    if place == "yaohai" and period != "after Yaohai":
        return text("open_government_information", 7, "第三十条", silence="goes_on")
    return own(7, silence="goes_on")


def providing(place, period, _asker, _share_type):
    yaohai = text("yaohai", 10, "第十七条")
    return yaohai if place == "yaohai" and period != "after Yaohai" else own(10, "decided")


def sharing(place, period, _asker, share_type):
    if share_type == "non_shared":
        return own(10)
    if share_type == "unconditional":
        return own(10) if period == "before 809" else text("national", 1, "第二十一条")
    anhui = text("anhui", 7, "第二十五条")
    if place == "yaohai" and period != "after Yaohai":
        latest = () if period == "before 809" else (TEN,)
        return text("yaohai", 5, "第十四条", 0, "accepted", "consent", latest)
    if place in ("anhui", "hefei", "anqing", "yaohai"):
        return anhui
    if place == "huaining":
        return text("huaining", 5, "第十七条")
    if place == "xinxian":
        return text("xinxian", 10, "第二十三条")
    return own(10) if period == "before 809" else text("national", 10, "第二十一条", 10)


def correction(place, period, asker, _share_type):
    department, since = asker == "department", period != "before 809"
    capped = department and since
    if place == "yaohai" and period != "after Yaohai" and department:
        return text("yaohai", 10, "第十条")
    if place in ("anhui", "hefei", "anqing", "yaohai"):
        return text("anhui", 7, "第二十六条", 3 if capped else 7)
    if place == "huaining":
        return text("huaining", 10, "第十八条", 0 if capped else 10)
    if place == "xinxian":
        return text("xinxian", 5, "第十八条", 5 if capped else 10)
    return text("national", 10, "第二十六条") if capped else own(10)


def change(place, period, _asker, _share_type):
    before = period == "before 809"
    if place == "yaohai" and period != "after Yaohai":
        return text("yaohai", 10, "第十条", 0, "changed")
    if place in ("anhui", "hefei", "anqing", "yaohai"):
        return text("anhui", 10, "第十五条", 0, "changed")
    if place == "huaining":
        if before:
            return text("huaining", 15, "第九条", 0, "changed")
        return text("national", 10, "第十七条", 0, "changed")
    if place == "xinxian":
        return text("xinxian", 10, "第十三条", 0, "changed")
    return own(10, "changed") if before else text("national", 10, "第十七条", 5, "changed")


def report(place, period, _asker, _share_type):
    before = period == "before 809"
    latest = () if before else (("national", 10, "changed", "第十七条"),)
    if place in ("anhui", "hefei", "anqing", "yaohai"):
        return text("anhui", 3, "第十五条", 0, "updated", latest=latest)
    if place == "huaining":
        return text("huaining", 3, "第九条", 0, "updated", latest=latest)
    return own(3, "updated") if before else text("national", 10, "第十七条", 5, "changed")


def since_2025(answer):
    return lambda _place, period, *_who: None if period == "before 809" else answer


def always(answer):
    return lambda *_any: answer


TABLE = {
    "open_application.decide": opening,
    "open_application.check": checking,
    "open_application.provide": providing,
    "open_application.reopen": always(own(15, "expired", "withdrawn")),
    "open_application.serve": always(own(5, "requested", "goes_on")),
    "department_assessment.comment": always(own(10, "requested", "goes_on")),
    "violation_notice.mend": always(own(15, "requested")),
    "violation_notice.order": always(own(15, "requested")),
    "open_application.suspend": always(own(30, "decided", "goes_on")),
    "open_application.defend": always(own(5, "served", "goes_on")),
    "open_application.supplement": always(own(15, "requested", "withdrawn")),
    "open_application.object": always(own(15, "decided", "withdrawn")),
    "open_application.review": always(own(15, "requested")),
    "open_application.consult": always(
        text("open_government_information", 15, "第三十二条", 0, "served", "goes_on")
    ),
    "share_application.check": always(own(2)),
    "share_application.supplement": always(own(10, "requested", "withdrawn")),
    "share_application.decide": sharing,
    "share_application.provide": since_2025(text("national", 20, "第二十二条", 0, "decided")),
    "correction_review.pass_on": always(own(2)),
    "correction_review.decide": correction,
    "catalogue_review.change": change,
    "catalogue_review.report": report,
    "catalogue_review.review": since_2025(text("national", 2, "第十七条")),
    "catalogue_review.step": always(own(5)),
    "reclassification.decide": always(own(10)),
    "individual_catalogue.decide": always(own(10)),
    "data_dispute.negotiate": always(own(10)),
    "data_dispute.decide": always(own(10, "requested")),
    "demand.decide": always(own(10)),
}


def period_of(day):
    if day < NATIONAL_BEGINS:
        return "before 809"
    return "Yaohai in force" if day <= YAOHAI_ENDS else "after Yaohai"


def expected(place, name, day, asking):
    return TABLE[name](place, period_of(day), asking.asker.value, asking.share_type.value)


def found(rules, place, name, day, asking):
    ruling = rules.term(place, name, day, asking)
    if isinstance(ruling, Refusal):
        assert ruling.code == "term_not_set"
        return None
    term = ruling.term
    latest = tuple(
        (one.source.id, one.term.amount, one.term.start.value, one.term.article)
        for one in ruling.latest
    )
    more = term.extension.amount if term.extension else 0
    return (ruling.source.id, term.amount, more, term.start.value, term.article,
            term.on_lapse.value, latest)  # fmt: skip


WHO = [Asking(asker, share_type) for asker, share_type in product(ASKERS, ShareType)]


def test_the_table_has_every_term_and_every_place(rules):
    numbers = {term.name for versions in rules.versions.values() for one in versions
               for term in one.terms}  # fmt: skip
    assert set(TABLE) == numbers
    assert set(PLACES) == set(rules.ids())


@pytest.mark.parametrize("day", [
    NATIONAL_BEGINS - timedelta(days=1), NATIONAL_BEGINS, date(2026, 11, 28), YAOHAI_ENDS,
    YAOHAI_ENDS + timedelta(days=1),
])  # fmt: skip
@pytest.mark.parametrize("place", PLACES)
def test_every_term_for_everybody_around_the_days_on_which_the_law_changes(rules, place, day):
    for name, asking in product(TABLE, WHO):
        there = found(rules, place, name, day, asking)
        assert there == expected(place, name, day, asking), (name, asking)


def test_ten_thousand_cases(rules):
    chance, days = random.Random("ranks"), (LAST - FIRST).days
    differ = []
    for _ in range(10_000):
        place, name, asking = chance.choice(PLACES), chance.choice(list(TABLE)), chance.choice(WHO)
        day = FIRST + timedelta(days=chance.randint(0, days))
        if found(rules, place, name, day, asking) != expected(place, name, day, asking):
            differ.append((place, name, day, asking))
    assert differ == []
