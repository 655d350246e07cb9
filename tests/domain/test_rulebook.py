"""Whose rule binds: made-up places, so that every way of falling back can be tried."""

from dataclasses import replace
from datetime import date

import pytest

from ckanext.govdata.domain.ceiling import YieldingPart
from ckanext.govdata.domain.clock import Unit
from ckanext.govdata.domain.instrument import (
    Asking,
    Clause,
    Extension,
    InForce,
    Instrument,
    Level,
    OnLapse,
    Rank,
    ShareType,
    Start,
    Term,
)
from ckanext.govdata.domain.procedure import Applicant
from ckanext.govdata.domain.rule_steps import conflicts, explain, matters, variants
from ckanext.govdata.domain.rulebook import WHOEVER, Rulebook, find_jurisdiction
from ckanext.govdata.domain.rulebook_checks import check_rulebook

WORDS = {"zh_Hans_CN": "甲", "zh_Hant_TW": "甲", "en": "A"}
DAY = date(2026, 5, 1)


def term(name, days, extension=None, start=Start.RECEIVED):
    return Term(name, days, Unit.WORKING_DAYS, start, OnLapse.VIOLATION, "第一条", "", extension)


def place(name, level, extends="", **more):
    return Instrument(name, WORDS, level, document=WORDS, extends=extends, **more)


PORTAL = place("portal", Level.PORTAL, rank=Rank.PORTAL, terms=(term("open.decide", 10),))
NATION = place(
    "national",
    Level.NATIONAL,
    rank=Rank.ADMINISTRATIVE_REGULATION,
    in_force=InForce(date(2025, 8, 1)),
)
PROVINCE = place(
    "province",
    Level.PROVINCE,
    "national",
    region="34",
    in_force=InForce(date(2021, 3, 1)),
    rank=Rank.GOVERNMENT_RULE,
    terms=(term("share.decide", 7), term("review.decide", 7, Extension(7, ("head",), once=True))),
    requires={"refusal": Clause("refusal", "第二条"), "dispute": Clause("dispute", "第三条")},
    names={"conditional": {"en": "of the province"}},
)
COUNTY = place(
    "county",
    Level.COUNTY,
    "province",
    region="340102",
    in_force=InForce(date(2024, 2, 7), date(2027, 2, 7), "第二十七条"),
    terms=(term("share.decide", 5), term("review.decide", 10)),
    requires={"refusal": Clause("refusal", "第九条")},
    names={"conditional": {"en": "of the county"}},
)


def book(*places):
    versions = {}
    for one in places or (PORTAL, NATION, PROVINCE, COUNTY):
        versions[one.id] = (*versions.get(one.id, ()), one)
    return Rulebook(versions)


class TestTerms:
    def test_the_nearest_text_wins(self):
        ruling = book().term("county", "share.decide", DAY)
        assert (ruling.source.id, ruling.term.amount, ruling.own_rule) == ("county", 5, False)

    def test_a_silent_text_leaves_it_to_the_level_above(self):
        silent = replace(COUNTY, terms=())
        ruling = book(PORTAL, NATION, PROVINCE, silent).term("county", "share.decide", DAY)
        assert (ruling.source.id, ruling.term.amount) == ("province", 7)

    def test_where_every_text_is_silent_the_portals_own_rule_is_labelled(self):
        ruling = book().term("county", "open.decide", DAY)
        assert (ruling.source.id, ruling.own_rule, ruling.in_force) == ("portal", True, True)

    def test_the_last_day_in_force_is_in_force(self):
        assert book().term("county", "share.decide", date(2027, 2, 7)).source.id == "county"

    def test_after_the_last_day_the_level_above_applies_and_the_lapse_is_named(self):
        ruling = book().term("county", "share.decide", date(2027, 2, 8))
        assert (ruling.source.id, ruling.term.amount) == ("province", 7)
        assert ruling.lapsed == ("county",)

    def test_before_a_county_had_a_text_the_level_above_applied(self):
        assert book().term("county", "share.decide", date(2022, 5, 1)).source.id == "province"

    def test_before_the_first_text_the_later_rule_is_shown_as_not_in_force(self):
        ruling = book().term("county", "share.decide", date(2019, 5, 1))
        assert (ruling.source.id, ruling.in_force) == ("county", False)

    def test_an_extension_is_a_term_from_the_end_of_the_first(self):
        ruling = book().term("province", "review.extend", DAY)
        assert (ruling.term.amount, ruling.term.start) == (7, Start.EXPIRED)

    def test_a_nearer_text_without_extension_does_not_borrow_one(self):
        refusal = book().term("county", "review.extend", DAY)
        assert (refusal.code, refusal.article) == ("term_not_extendable", "第一条")

    @pytest.mark.parametrize("name", ["", "share", "share.nothing", "nothing.extend"])
    def test_an_unknown_term_is_refused_with_the_known_ones(self, name):
        refusal = book().term("county", name, DAY)
        assert (refusal.code, refusal.field) == ("term_unknown", "term")
        assert "share.decide" in refusal.facts["known"]

    def test_an_unknown_jurisdiction_is_refused(self):
        refusal = book().term("atlantis", "share.decide", DAY)
        assert (refusal.code, refusal.value) == ("jurisdiction_unknown", "atlantis")


def above(*given, **more):
    """A national text that sets these terms, over the province and the county."""
    nation = replace(NATION, terms=given, **more)
    return book(PORTAL, nation, PROVINCE, COUNTY)


DEPARTMENT = Asking(Applicant.DEPARTMENT)


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


class TestSteps:
    def verdicts(self, rules, name, asking=WHOEVER, day=DAY):
        found = explain(rules, "county", name, day, asking)
        return {step.source.id: step.verdict.value for step in found[1]}

    def test_each_text_says_its_part(self):
        assert self.verdicts(above(term("share.decide", 9)), "share.decide") == {
            "county": "binds", "province": "behind", "national": "within", "portal": "silent",
        }  # fmt: skip
        assert self.verdicts(above(term("share.decide", 3)), "share.decide") == {
            "county": "yields", "province": "behind", "national": "caps", "portal": "silent",
        }  # fmt: skip
        assert self.verdicts(book(), "open.decide") == {
            "county": "silent", "province": "silent", "national": "silent", "portal": "binds",
        }  # fmt: skip

    def test_who_is_not_spoken_of_is_told_so(self):
        upper = replace(term("share.decide", 3), askers=frozenset({Applicant.DEPARTMENT}))
        assert self.verdicts(above(upper), "share.decide")["national"] == "others"

    def test_limits_that_count_otherwise(self):
        upper = replace(term("share.decide", 9), start=Start.ACCEPTED)
        assert self.verdicts(above(upper), "share.decide")["national"] == "latest"
        outer = replace(term("open.decide", 20), outer_limit=True)
        assert self.verdicts(above(outer), "open.decide")["national"] == "outer"

    def test_texts_that_are_not_there(self):
        unread = replace(PROVINCE, terms=(), requires={}, names={}, text_at_hand=False)
        rules = book(PORTAL, NATION, unread, COUNTY)
        assert self.verdicts(rules, "share.decide")["province"] == "unread"
        empty = replace(unread, document={})
        rules = book(PORTAL, NATION, empty, COUNTY)
        assert self.verdicts(rules, "share.decide")["province"] == "no_text"
        assert self.verdicts(rules, "share.decide", day=date(2024, 5, 1))["national"] == "not_yet"
        after = self.verdicts(book(), "share.decide", day=date(2027, 3, 1))
        assert (after["county"], after["province"]) == ("lapsed", "binds")

    def test_an_extension_is_explained_by_its_term(self):
        found = explain(above(term("review.decide", 9)), "province", "review.extend", DAY, WHOEVER)
        assert found[0].term.amount == 2
        assert [step.verdict.value for step in found[1]] == ["yields", "caps", "silent"]

    def test_what_cannot_be_explained_is_refused(self):
        assert explain(book(), "atlantis", "share.decide", DAY, WHOEVER).code
        assert explain(book(), "county", "share.nothing", DAY, WHOEVER).code == "term_unknown"


class TestConflicts:
    def test_what_gave_way_names_both(self):
        [found] = conflicts(above(term("share.decide", 3)), "county", DAY)[:1]
        assert (found.name, found.lower.id, found.upper.id) == (
            "review.decide", "county", "province",
        )  # fmt: skip
        assert not found.yields, "the province's rule is no ceiling: both stand"
        [other] = conflicts(above(term("share.decide", 3)), "county", DAY)[1:]
        assert [one.now for one in other.yields] == [3]

    def test_for_whom_it_is_so(self):
        upper = replace(term("share.decide", 3), askers=frozenset({Applicant.DEPARTMENT}))
        found = {one.name: one for one in conflicts(above(upper), "county", DAY)}
        assert matters(found["share.decide"].askings) == (
            frozenset({Applicant.DEPARTMENT}), frozenset(),
        )  # fmt: skip

    def test_a_shorter_term_is_no_conflict(self):
        short = replace(COUNTY, terms=(term("share.decide", 5),))
        assert conflicts(book(PORTAL, NATION, PROVINCE, short), "county", DAY) == ()
        assert conflicts(book(), "atlantis", DAY) == ()

    def test_the_ways_in_which_a_term_differs(self):
        upper = replace(term("share.decide", 3), askers=frozenset({Applicant.DEPARTMENT}))
        [others, departments] = variants(above(upper), "county", "share.decide", DAY)
        assert (others[0].term.amount, departments[0].term.amount) == (5, 3)
        assert len(variants(book(), "county", "share.decide", DAY)) == 1


class TestVersions:
    NEW = replace(
        COUNTY,
        number="new",
        in_force=InForce(date(2027, 2, 8)),
        terms=(term("share.decide", 4),),
    )

    def test_each_day_has_its_version(self):
        rules = book(PORTAL, NATION, PROVINCE, COUNTY, self.NEW)
        assert rules.term("county", "share.decide", date(2027, 2, 7)).term.amount == 5
        assert rules.term("county", "share.decide", date(2027, 2, 8)).term.amount == 4

    def test_a_successor_ends_the_warning(self):
        assert book().lapsing(date(2026, 12, 1), 180)
        assert not book(PORTAL, NATION, PROVINCE, COUNTY, self.NEW).lapsing(date(2026, 12, 1), 180)

    def test_the_warning_begins_in_time_and_stays_after_the_end(self):
        rules = book()
        assert rules.lapsing(date(2026, 8, 10), 180) == ()
        [warning] = rules.lapsing(date(2026, 8, 11), 180)
        assert (warning.jurisdiction.id, warning.days_left) == ("county", 180)
        assert rules.lapsing(date(2027, 2, 10), 180)[0].days_left == -3


class TestClauses:
    def test_the_nearest_clause_wins(self):
        assert book().clause("county", "refusal", DAY).clause.article == "第九条"
        assert book().clause("county", "dispute", DAY).source.id == "province"

    def test_all_levels_can_be_asked(self):
        found = book().clauses("county", "refusal", DAY)
        assert [ruling.source.id for ruling in found] == ["county", "province"]
        assert book().clauses("county", "refusal", date(2027, 3, 1))[0].source.id == "province"
        assert book().clauses("atlantis", "refusal", DAY) == ()

    def test_an_unknown_clause_is_refused(self):
        assert book().clause("county", "nothing", DAY).code == "clause_unknown"
        assert book().clause("atlantis", "refusal", DAY).code == "jurisdiction_unknown"

    def test_names_come_from_the_nearest_text_in_force(self):
        assert book().label("county", "conditional", DAY)["en"] == "of the county"
        assert book().label("county", "conditional", date(2028, 1, 1))["en"] == "of the province"
        assert book().label("county", "nothing", DAY) == {}

    def test_what_there_is(self):
        assert book().ids() == ("national", "province", "county")
        assert book().clause_names() == ("dispute", "refusal")
        assert "review.extend" in book().term_names()


class TestTree:
    TREE = {
        "province": ("", "anhui"),
        "city": ("province", ""),
        "district": ("city", "yaohai"),
        "bureau": ("district", ""),
        "stray": ("", ""),
        "a": ("b", ""),
        "b": ("a", ""),
    }

    @pytest.mark.parametrize(
        ("organisation", "jurisdiction", "path"),
        [
            ("bureau", "yaohai", ("bureau", "district")),
            ("district", "yaohai", ("district",)),
            ("city", "anhui", ("city", "province")),
            ("stray", "national", ("stray",)),
            ("a", "national", ("a", "b")),
            ("unknown", "national", ()),
        ],
    )
    def test_the_nearest_place_up_the_tree(self, organisation, jurisdiction, path):
        assert find_jurisdiction(organisation, self.TREE) == (jurisdiction, path)


class TestChecks:
    def codes(self, *places):
        return {(p.code, p.value) for p in check_rulebook(places)}

    def test_a_whole_book_has_no_problem(self):
        assert self.codes(PORTAL, NATION, PROVINCE, COUNTY) == set()

    def test_portal_and_nation_must_be_there(self):
        assert self.codes(PROVINCE) >= {("level_missing", "portal"), ("level_missing", "national")}

    @pytest.mark.parametrize("above", ["atlantis", "portal"])
    def test_an_unknown_level_above(self, above):
        lost = replace(PROVINCE, extends=above)
        assert self.codes(PORTAL, NATION, lost) == {("extends_unknown", above)}

    def test_a_higher_text_is_not_put_under_a_lower_one(self):
        rule = replace(COUNTY, rank=Rank.LOCAL_REGULATION)
        assert self.codes(PORTAL, NATION, PROVINCE, rule) == {("extends_lower", "province")}

    def test_a_circle(self):
        circle = replace(PROVINCE, extends="county")
        assert self.codes(PORTAL, NATION, circle, COUNTY) == {
            ("extends_circular", "county"),
            ("extends_circular", "province"),
        }

    def test_two_versions_at_once(self):
        for later in (InForce(date(2027, 2, 7)), InForce()):
            other = replace(COUNTY, number="x", in_force=later)
            assert ("versions_overlap", "x") in self.codes(PORTAL, NATION, PROVINCE, COUNTY, other)

    def test_a_circle_never_hangs_the_look_up(self):
        circle = replace(PROVINCE, extends="county")
        assert book(PORTAL, NATION, circle, COUNTY).term("county", "share.decide", DAY)
