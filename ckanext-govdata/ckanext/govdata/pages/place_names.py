"""What attributes are called in their place: 依申请开放 in Yaohai (15), 不予开放 in Xin (26)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import ckan.plugins.toolkit as tk

from .. import now, vocabularies
from ..departments import tree
from ..domain.locales import Label
from ..rules import in_force
from ..speech import phrases

VOCABULARIES = {"open_attribute": "open_attributes", "share_type": "share_types"}
"""Attributes that places call by names of their own, with the general terms."""


def of_entry(attribute: str, value: str, department_id: str) -> str:
    """An entry's attribute as the place of its department calls it."""
    if not value or not department_id:
        return in_place(attribute, value, "")
    return in_place(attribute, value, tree.jurisdiction_of(department_id))


def of_entries(attribute: str, pairs: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The same of many entries, by whatever key: value and department; one statement."""
    places = tree.jurisdictions_of(owner for _value, owner in pairs.values() if owner)
    return {
        key: in_place(attribute, value, places.get(owner, ""))
        for key, (value, owner) in pairs.items()
    }


def in_place(attribute: str, value: str, jurisdiction: str) -> str:
    """What a jurisdiction calls a value; the general term where it has no name for it, or where
    several places are meant."""
    label = _label(jurisdiction, f"{attribute}.{value}", now.today()) if jurisdiction else {}
    if label:
        return phrases.label(label)
    return vocabularies.vocabulary(VOCABULARIES[attribute]).label(value, tk.h.lang())


@lru_cache(maxsize=1024)
def _label(jurisdiction: str, name: str, day: date) -> Label:
    return in_force.rulebook().label(jurisdiction, name, day)


def narrowed_to(chosen: Mapping[str, Sequence[str]]) -> str:
    """The one jurisdiction to which a list is narrowed; empty where it may hold several."""
    if names := chosen.get("organization"):
        known = [found for name in names if (found := tree.get(name))]
        return _only({tree.jurisdiction_of(one.id) for one in known})
    rules = in_force.rulebook()
    places = {rules.versions[one][-1].region: one for one in reversed(list(rules.ids()))}
    return _only({places.get(region, "") for region in chosen.get("region") or ()})


def _only(jurisdictions: set[str]) -> str:
    return jurisdictions.pop() if len(jurisdictions) == 1 else ""
