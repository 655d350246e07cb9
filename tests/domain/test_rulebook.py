"""Whose rule binds, by place and day: versions, clauses, the tree, and what files may not say."""

from dataclasses import replace
from datetime import date

import pytest
from made_up_places import (
    COUNTY,
    DAY,
    NATION,
    PORTAL,
    PROVINCE,
    book,
    term,
)

from ckanext.govdata.domain.instrument import (
    InForce,
    Rank,
    Start,
)
from ckanext.govdata.domain.rulebook import find_jurisdiction
from ckanext.govdata.domain.rulebook_checks import check_rulebook


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
