"""What a department must say, and where it may stand in the tree."""
from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from .catalogue import Problem, shortened
from .division import LEVELS, Divisions
from .text import Fault, line_fault, text_fault

LINES: Mapping[str, int] = {
    "title": 200,
    "short_name": 100,
    "uscc": 40,
    "region": 20,
    "jurisdiction": 100,
    "catalogue_prefix": 40,
    "first_responsible_person": 100,
    "contact_office": 200,
    "contact_phone": 100,
}
CHOICES: Mapping[str, str] = {"level": "department_levels", "role": "department_roles"}
STATEMENTS = frozenset({*LINES, *CHOICES}) - {"title"}
"""Fields that only a department has, and no other organization of a CKAN."""
DESCRIPTION_LENGTH = 20_000
_PREFIX = re.compile(r"3[0-9]{5,20}", re.ASCII)


@dataclass(frozen=True)
class DepartmentRules:
    """What a department is judged by."""

    vocabularies: Mapping[str, Collection[str]]
    divisions: Divisions
    jurisdictions: Collection[str]
    """Ids of the configured jurisdictions; empty when none is known yet, then any id is good."""
    is_uscc: Callable[[str], bool]
    """Whether a text is a unified social credit code (GB 32100)."""


@dataclass(frozen=True)
class Parent:
    """The department above: its id, level and region as stored."""

    id: str
    level: str = ""
    region: str = ""


def check_department(
    department: Mapping[str, object],
    rules: DepartmentRules,
    parent: Parent | None = None,
    below: Collection[str] = (),
) -> list[Problem]:
    """All that is wrong with a department.

    ``below`` are the ids of the department itself and of all that stand under it: none of them
    can be its parent.
    """
    return [
        *_form(department, rules),
        *_place(department, rules),
        *_standing(department, parent, below),
    ]


def _form(department: Mapping[str, object], rules: DepartmentRules) -> Iterator[Problem]:
    for name, limit in LINES.items():
        value = department.get(name)
        found = line_fault(value, limit)
        if found:
            yield Problem(name, found[0], shortened(value), detail=found[1])
    found = text_fault(department.get("description"), DESCRIPTION_LENGTH)
    if found:
        yield Problem("description", found[0], detail=found[1])
    for name, vocabulary in CHOICES.items():
        value = department.get(name)
        if value and value not in rules.vocabularies[vocabulary]:
            yield Problem(name, Fault.UNKNOWN_VALUE, shortened(value))
    uscc, jurisdiction = department.get("uscc"), department.get("jurisdiction")
    if uscc and not rules.is_uscc(str(uscc)):
        yield Problem("uscc", Fault.BAD_USCC, shortened(uscc))
    if jurisdiction and rules.jurisdictions and jurisdiction not in rules.jurisdictions:
        known = ", ".join(sorted(rules.jurisdictions))
        yield Problem("jurisdiction", Fault.UNKNOWN_VALUE, shortened(jurisdiction), detail=known)
    prefix = department.get("catalogue_prefix")
    if prefix and not _PREFIX.fullmatch(str(prefix)):
        yield Problem("catalogue_prefix", Fault.BAD_CODE, shortened(prefix))


def _place(department: Mapping[str, object], rules: DepartmentRules) -> Iterator[Problem]:
    region, level = str(department.get("region") or ""), str(department.get("level") or "")
    if not region:
        return
    if region not in rules.divisions:
        yield Problem("region", Fault.UNKNOWN_PLACE, shortened(region))
    elif level in LEVELS and len(region) != LEVELS[level]:
        yield Problem("region", Fault.OTHER_LEVEL, region, detail=str(LEVELS[level]))


def _standing(
    department: Mapping[str, object], parent: Parent | None, below: Collection[str]
) -> Iterator[Problem]:
    if parent is None:
        return
    if parent.id in below:
        yield Problem("parent", Fault.CYCLE, shortened(parent.id))
        return
    level, region = str(department.get("level") or ""), str(department.get("region") or "")
    order = list(LEVELS)
    both_known = level in LEVELS and parent.level in LEVELS
    if both_known and order.index(level) < order.index(parent.level):
        yield Problem("parent", Fault.ABOVE_PARENT, level, detail=parent.level)
    if region and parent.region and not region.startswith(parent.region):
        yield Problem("region", Fault.OUTSIDE_PARENT, region, detail=parent.region)
