"""What was asked for and what is granted: never more than was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .form import Choices
from .refusal import Refusal


@dataclass(frozen=True)
class Scope:
    """Files and tables, their columns (none named: all of them), rows, and the period.

    Both days of the period count whole.
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
        resource: frozenset(columns.get(resource) or known)
        for resource, known in choices.resources.items()
        if resource in asked
    }
    return replace(choices, resources=left)


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

    Where the decision is silent the application holds, but a grant never begins
    before it was decided. A resource of which the applicant asked for some columns
    stays limited to them.
    """
    resources = tuple(decision.get("grant_resources") or answers["resources"])
    asked = answers.get("columns", {})
    chosen = decision.get("grant_columns", {})
    columns = {
        name: tuple(chosen.get(name) or asked[name])
        for name in resources
        if chosen.get(name) or asked.get(name)
    }
    begins = date.fromisoformat(decision.get("valid_from") or answers["period_from"])
    ends = date.fromisoformat(decision.get("valid_until") or answers["period_until"])
    return Scope(resources, columns, max(begins, day), max(ends, day), decision.get("row_limit"))
