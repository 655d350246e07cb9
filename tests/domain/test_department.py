"""What a department must say, and where it may stand."""

from __future__ import annotations

from typing import Any

import pytest
from stdnum.cn import uscc

from ckanext.govdata import vocabularies
from ckanext.govdata.domain.department import DepartmentRules, Parent, check_department
from ckanext.govdata.domain.text import Fault

RULES = DepartmentRules(
    {name: frozenset(v.codes) for name, v in vocabularies.every().items()},
    vocabularies.divisions(),
    frozenset({"anhui", "huaining"}),
    uscc.is_valid,
)
GOOD = {
    "title": "怀宁县教育局",
    "short_name": "县教育局",
    "uscc": "11340822003158765A",
    "level": "county",
    "region": "340822",
    "role": "department",
    "jurisdiction": "huaining",
    "catalogue_prefix": "307001",
    "contact_phone": "0556-4611234",
}
GOOD["uscc"] = GOOD["uscc"][:17] + uscc.calc_check_digit(GOOD["uscc"][:17])


def faults(parent: Parent | None = None, below: tuple[str, ...] = (), **fields: Any):
    return [(p.field, p.fault) for p in check_department({**GOOD, **fields}, RULES, parent, below)]


def test_a_good_department():
    assert faults() == []
    assert faults(Parent("p", "county", "340822")) == []
    assert faults(Parent("p", "city", "3408")) == []
    assert check_department({"title": "某局"}, RULES) == [], "a department may say little"


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("uscc", GOOD["uscc"][:17] + ("A" if GOOD["uscc"][17] != "A" else "B"), Fault.BAD_USCC),
        ("uscc", "123", Fault.BAD_USCC),
        ("region", "990000", Fault.UNKNOWN_PLACE),
        ("region", "34082", Fault.UNKNOWN_PLACE),
        ("region", "3408", Fault.OTHER_LEVEL),
        ("level", "village", Fault.UNKNOWN_VALUE),
        ("role", "king", Fault.UNKNOWN_VALUE),
        ("jurisdiction", "atlantis", Fault.UNKNOWN_VALUE),
        ("catalogue_prefix", "107001", Fault.BAD_CODE),
        ("catalogue_prefix", "3070", Fault.BAD_CODE),
        ("title", "a<b>c", Fault.HTML),
        ("title", "局" * 201, Fault.TOO_LONG),
        ("first_responsible_person", "张\x00三", Fault.CONTROL_CHARACTERS),
        ("description", "x\x1b", Fault.CONTROL_CHARACTERS),
    ],
)
def test_bad_values(field: str, value: str, fault: Fault):
    assert faults(**{field: value}) == [(field, fault)]


def test_nobody_stands_below_himself():
    assert faults(Parent("a", "county", "340822"), ("a", "b")) == [("parent", Fault.CYCLE)]


def test_a_level_is_not_above_its_parents():
    assert faults(Parent("p", "township", "340822100"))[0] == ("parent", Fault.ABOVE_PARENT)
    assert faults(Parent("p", "county", "340822")) == []


def test_a_place_lies_within_its_parents():
    assert faults(Parent("p", "city", "3401")) == [("region", Fault.OUTSIDE_PARENT)]


def test_every_level_has_its_length_of_code():
    for level, region in (("province", "41"), ("city", "4115"), ("county", "340102")):
        assert faults(level=level, region=region) == []
