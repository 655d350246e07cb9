"""A number of a law or an administrative regulation caps those below it, for whom it speaks of."""

from dataclasses import replace
from datetime import date

import pytest
from made_up_places import (
    COUNTY,
    DAY,
    DEPARTMENT,
    NATION,
    PORTAL,
    PROVINCE,
    above,
    book,
    place,
    term,
)

from ckanext.govdata.domain.ceiling import YieldingPart
from ckanext.govdata.domain.clock import Unit
from ckanext.govdata.domain.instrument import (
    Asking,
    Extension,
    Level,
    Rank,
    ShareType,
    Start,
)
from ckanext.govdata.domain.procedure import Applicant


class TestCeilings:
    def test_a_shorter_local_term_stands(self):
        ruling = above(term("share.decide", 9)).term("county", "share.decide", DAY)
        assert (ruling.source.id, ruling.term.amount, ruling.yields) == ("county", 5, ())

    def test_a_longer_one_yields_and_says_so(self):
        ruling = above(term("share.decide", 3)).term("county", "share.decide", DAY)
        [gone] = ruling.yields
        assert (ruling.source.id, ruling.term.amount) == ("national", 3)
        assert (gone.part, gone.source.id, gone.to.id) == (YieldingPart.TERM, "county", "national")
        assert (gone.was, gone.now, gone.article) == (5, 3, "第一条")

    def test_it_caps_nothing_else(self):
        ruling = above(term("share.decide", 3)).term("county", "review.decide", DAY)
        assert ruling.term.amount == 10

    def test_it_caps_only_while_in_force(self):
        rules = above(term("share.decide", 3))
        assert rules.term("county", "share.decide", date(2025, 7, 31)).term.amount == 5

    def test_the_extension_yields_with_the_term(self):
        ruling = above(term("review.decide", 9)).term("province", "review.decide", DAY)
        assert (ruling.source.id, ruling.term.amount) == ("province", 7)
        assert (ruling.term.extension.amount, ruling.term.extension.consent_of) == (2, ("head",))
        longer = ruling.extension()
        assert (longer.source.id, longer.term.amount, longer.own_rule) == ("national", 2, False)

    def test_an_extension_that_is_taken_whole_is_refused_with_the_higher_article(self):
        upper = replace(term("review.decide", 7), article="第九十九条")
        refusal = above(upper).term("province", "review.extend", DAY)
        assert (refusal.code, refusal.article) == ("term_not_extendable", "第九十九条")

    def test_beyond_the_ceilings_own_term_its_consent_is_asked(self):
        upper = term("review.decide", 8, Extension(20, ("authority",), once=True))
        extension = above(upper).term("province", "review.decide", DAY).term.extension
        assert (extension.amount, extension.consent_of) == (7, ("authority",))

    def test_a_local_refusal_to_extend_is_kept(self):
        upper = term("share.decide", 3, Extension(9, ("authority",), once=True))
        ruling = above(upper).term("county", "share.decide", DAY)
        assert (ruling.term.amount, ruling.term.extension) == (3, None)

    def test_where_all_below_are_silent_it_binds_with_its_extension(self):
        upper = term("give.decide", 20, Extension(5, ("authority",), once=True))
        ruling = above(upper).term("county", "give.decide", DAY)
        assert (ruling.source.id, ruling.term.amount, ruling.term.most) == ("national", 20, 25)

    def test_an_outer_limit_supplies_no_term_and_caps_all_the_same(self):
        def limit(amount):
            return replace(term("open.decide", amount), outer_limit=True)

        wide = above(limit(20)).term("county", "open.decide", DAY)
        assert (wide.own_rule, wide.term.amount, wide.outer[0].term.amount) == (True, 10, 20)
        narrow = above(limit(6)).term("county", "open.decide", DAY)
        assert (narrow.source.id, narrow.term.amount) == ("national", 6)
        assert not narrow.term.outer_limit

    @pytest.mark.parametrize(
        "other", [{"start": Start.ACCEPTED}, {"unit": Unit.CALENDAR_DAYS}, {"unit": Unit.MONTHS}]
    )
    def test_numbers_that_count_otherwise_run_beside_each_other(self, other):
        upper = replace(term("share.decide", 1), **other)
        ruling = above(upper).term("county", "share.decide", DAY)
        assert (ruling.source.id, ruling.term.amount, ruling.yields) == ("county", 5, ())
        assert [(one.source.id, one.term) for one in ruling.latest] == [("national", upper)]

    def test_two_ceilings_are_both_kept(self):
        law = place("law", Level.NATIONAL, rank=Rank.LAW, place=False, terms=(
            term("share.decide", 2),))  # fmt: skip
        nation = replace(NATION, extends="law", terms=(term("share.decide", 3),))
        ruling = book(PORTAL, law, nation, PROVINCE, COUNTY).term("county", "share.decide", DAY)
        assert (ruling.source.id, ruling.term.amount) == ("law", 2)
        assert [one.to.id for one in ruling.yields] == ["national", "law"]
        alone = book(PORTAL, law, nation, PROVINCE, COUNTY).term("national", "share.decide", DAY)
        assert alone.source.id == "law"

    @pytest.mark.parametrize("rank", [one for one in Rank if not one.caps])
    def test_no_other_text_caps(self, rank):
        ruling = above(term("share.decide", 3), rank=rank).term("county", "share.decide", DAY)
        assert ruling.term.amount == 5


class TestAsking:
    def test_a_term_for_departments_is_for_nobody_else(self):
        own = replace(term("review.decide", 10), askers=frozenset({Applicant.DEPARTMENT}))
        rules = book(PORTAL, NATION, PROVINCE, replace(COUNTY, terms=(own,)))
        assert rules.term("county", "review.decide", DAY, DEPARTMENT).source.id == "county"
        assert rules.term("county", "review.decide", DAY).source.id == "province"

    def test_a_ceiling_over_departments_is_over_nobody_else(self):
        upper = replace(term("review.decide", 7), askers=frozenset({Applicant.DEPARTMENT}))
        assert above(upper).term("province", "review.extend", DAY).term.amount == 7
        refused = above(upper).term("province", "review.extend", DAY, DEPARTMENT)
        assert refused.code == "term_not_extendable"

    def test_each_share_type_has_its_number(self):
        one, ten = (
            replace(term("give.decide", amount), share_types=frozenset({kind}))
            for amount, kind in ((1, ShareType.UNCONDITIONAL), (10, ShareType.CONDITIONAL))
        )
        rules = above(one, ten)
        for kind, amount in ((ShareType.UNCONDITIONAL, 1), (ShareType.CONDITIONAL, 10)):
            asking = Asking(share_type=kind)
            assert rules.term("county", "give.decide", DAY, asking).term.amount == amount
        nobody = Asking(share_type=ShareType.NON_SHARED)
        assert rules.term("county", "give.decide", DAY, nobody).code == "term_not_set"
