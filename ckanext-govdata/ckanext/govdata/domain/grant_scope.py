"""The check ``grant_scope``: what was asked for hangs together, and never more is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .decision import Examined
from .form import Choices
from .refusal import Refusal


def check(examined: Examined) -> Iterator[Refusal]:
    """What is wrong with the choice of files, columns and days: the check ``grant_scope``."""
    answers, fields = examined.case.answers, examined.fields
    yield from unnamed(fields, examined.choices)
    yield from beyond(answers, fields)
    if not examined.command.form and all_of_it(answers, fields):
        yield Refusal("all_that_was_asked", "grant_columns")


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
