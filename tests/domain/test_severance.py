"""What can be severed is given (Regulations on Open Government Information 37)."""

from dataclasses import replace

import pytest
from case_world import CALENDAR, HEAD, choices
from hypothesis import given
from hypothesis import strategies as st
from test_case import MONDAY, REASON, Story

from ckanext.govdata.domain import severance
from ckanext.govdata.domain.decision import Refused, decide
from ckanext.govdata.domain.ground import Ground, Grounds
from ckanext.govdata.domain.scope import Extent

TITLES = {"zh_Hans_CN": "x", "zh_Hant_TW": "x", "en": "x"}
WITHHELD = Ground("law", "第十五条", "《某法》第十五条", TITLES, reconsider_first=True)
MISSING = Ground("law", "第三十六条", "《某法》第三十六条", TITLES)
GROUNDS = Grounds({one.id: one for one in (WITHHELD, MISSING)}, ())
SAID = {"not_severed": "各信息项相互对应，无法作区分处理"}


def answered(basis, resources=None, **fields):
    story = Story()
    story.prepare()
    known = replace(choices(MONDAY), grounds=GROUNDS)
    known = known if resources is None else replace(known, resources=resources)
    given_ = {"reason": REASON["reason"], "basis": [basis.id], **fields}
    answer = decide(story.case, "refuse", given_, HEAD, story.rules, CALENDAR, known)
    return {one.code for one in answer.reasons} if isinstance(answer, Refused) else set()


def test_whoever_withholds_all_of_several_parts_says_why():
    assert answered(WITHHELD) == {"part_not_considered"}
    assert answered(WITHHELD, **SAID) == set()


def test_what_does_not_exist_has_no_parts():
    assert answered(MISSING) == set()


@pytest.mark.parametrize("left", [
    {}, {"r1": frozenset({"name"})}, {"r1": frozenset({"phone"}), "r2": frozenset({"b"})},
])  # fmt: skip
def test_of_one_part_that_may_be_given_or_none_nothing_can_be_severed(left):
    assert answered(WITHHELD, left) == set()


NAMES = st.sets(st.sampled_from("abcd"))


FILES = st.dictionaries(st.sampled_from("rst"), NAMES)


@given(FILES, FILES)
def test_nothing_is_proposed_that_was_not_asked_for_or_is_not_open(asked, open_today):
    extent = Extent(tuple(asked), {name: tuple(of) for name, of in asked.items()})
    for name, columns in severance.proposed(extent, open_today).items():
        assert name in asked
        assert set(columns) == asked[name] & open_today[name]
        assert columns or not open_today[name]
