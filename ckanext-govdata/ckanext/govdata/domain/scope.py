"""What was asked for and what is granted: never more than was asked."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from .form import Choices
from .refusal import Refusal


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


def narrow(choices: Choices, answers: Mapping[str, Any]) -> Choices:
    """The choices of somebody who decides: only what the applicant asked for."""
    asked = answers.get("resources")
    if asked is None:
        return choices
    columns = answers.get("columns", {})
    left = {
        resource: known & frozenset(columns.get(resource, ()))
        for resource, known in choices.resources.items()
        if resource in asked
    }
    return replace(choices, resources=left)


SAME = ("resources", "columns", "purpose")
"""What makes an application another one: which data, and what for."""


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two applications for an entry are the same: they ask for the same for the same
    purpose, in whatever order or spacing. Who answers the telephone, until when and how it is
    delivered can be changed in the one that is there (decision 504)."""
    return all(_alike(one.get(name)) == _alike(other.get(name)) for name in SAME)


def _alike(value: Any) -> Any:
    """A value as it is compared."""
    if isinstance(value, Mapping):
        table = cast("Mapping[str, Any]", value)
        return {name: _alike(listed) for name, listed in table.items() if listed}
    if isinstance(value, str):
        return "".join(unicodedata.normalize("NFKC", value).casefold().split())
    return frozenset(value or ())


def unnamed(fields: Mapping[str, Any], choices: Choices) -> Iterator[Refusal]:
    """Where files are chosen and not which of their columns, or columns of files that are not.

    A file whose entry declares no open items has no columns to choose: it is named itself.
    """
    for files, columns in (("resources", "columns"), ("grant_resources", "grant_columns")):
        if files not in fields:
            continue
        chosen = fields.get(columns, {})
        for name in fields[files]:
            if choices.resources.get(name) and not chosen.get(name):
                yield Refusal("columns_not_named", columns, name)
        for name in chosen:
            if name not in fields[files]:
                yield Refusal("columns_without_file", columns, name)


def all_of_it(answers: Mapping[str, Any], decision: Mapping[str, Any]) -> bool:
    """Whether a decision in part gives everything that was asked for."""
    if "grant_resources" not in decision or decision.get("row_limit"):
        return False
    same = set(decision["grant_resources"]) == set(answers.get("resources", ()))
    asked, given = answers.get("columns", {}), decision.get("grant_columns", {})
    same = same and {k: set(v) for k, v in asked.items()} == {k: set(v) for k, v in given.items()}
    period = (decision.get("valid_from"), decision.get("valid_until"))
    return same and period == (answers.get("period_from"), answers.get("period_until"))


def beyond(answers: Mapping[str, Any], granted: Mapping[str, Any]) -> Iterator[Refusal]:
    """Where a decision gives longer than was asked for."""
    asked, given = answers.get("period_until"), granted.get("valid_until")
    if asked and given and given > asked:
        yield Refusal("beyond_what_was_asked", "valid_until", given, facts={"asked": asked})
    asked, given = answers.get("period_from"), granted.get("valid_from")
    if asked and given and given < asked:
        yield Refusal("beyond_what_was_asked", "valid_from", given, facts={"asked": asked})


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
