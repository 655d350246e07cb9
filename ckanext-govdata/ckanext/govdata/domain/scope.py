"""What was asked for and what is granted: never more than was asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Scope:
    """Files and tables, the items that are given of each (none named: none), rows, the period.

    A file of an entry that declares no items is given as it is, by its name; a table is not. Both
    days of the period count whole.
    """

    resources: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    valid_from: date
    valid_until: date
    row_limit: int | None = None


def granted(answers: Mapping[str, Any], decision: Mapping[str, Any], day: date) -> Scope:
    """The scope of the grant that a decision of ``day`` opens.

    Where the decision is silent about files the application holds; of each file those columns
    are given that were named, and none that were not. A grant never begins before it was decided.
    """
    part = "grant_resources" in decision
    resources = tuple(decision["grant_resources"] if part else answers["resources"])
    named = decision.get("grant_columns", {}) if part else answers.get("columns", {})
    columns = {name: tuple(named[name]) for name in resources if named.get(name)}
    begins = date.fromisoformat(decision.get("valid_from") or answers["period_from"])
    ends = date.fromisoformat(decision.get("valid_until") or answers["period_until"])
    return Scope(resources, columns, max(begins, day), max(ends, day), decision.get("row_limit"))


def still_open(scope: Scope, open_today: Mapping[str, Collection[str]]) -> Scope:
    """The scope without columns that were closed since they were asked for."""
    columns = {
        name: tuple(one for one in listed if one in open_today.get(name, ()))
        for name, listed in scope.columns.items()
    }
    left = tuple(name for name in scope.resources if columns.get(name, True))
    return replace(scope, resources=left, columns={n: c for n, c in columns.items() if c})
