"""Why a term binds, step by step, and where texts contradict each other."""

from dataclasses import replace
from datetime import date

from made_up_places import (
    COUNTY,
    DAY,
    NATION,
    PORTAL,
    PROVINCE,
    above,
    book,
    term,
)

from ckanext.govdata.domain.instrument import (
    Start,
)
from ckanext.govdata.domain.procedure import Applicant
from ckanext.govdata.domain.rule_steps import conflicts, explain, matters, variants
from ckanext.govdata.domain.rulebook import WHOEVER


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
