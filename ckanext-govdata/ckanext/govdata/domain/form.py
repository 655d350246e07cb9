"""Check what somebody filled in against the fields that a command asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from .field_base import Choices
from .field_type import TYPES
from .procedure import Field
from .refusal import Refusal
from .typed_value import Bad, is_empty


def clean(
    asked: Iterable[Field],
    values: Mapping[str, object],
    choices: Choices,
    *,
    optional: frozenset[str] = frozenset(),
) -> tuple[dict[str, Any], tuple[Refusal, ...]]:
    """The values in their proper types, and everything that is wrong with them.

    A value for a field that is not asked for is a problem, not ignored.
    """
    fields = {item.name: item for item in asked}
    cleaned: dict[str, Any] = {}
    problems = [Refusal("unknown_field", name) for name in values if name not in fields]
    for item in fields.values():
        value = values.get(item.name)
        if is_empty(value):
            if item.required and item.name not in optional:
                problems.append(Refusal("missing", item.name))
            continue
        try:
            cleaned[item.name] = TYPES[item.type].clean(item, value, choices)
        except Bad as bad:
            problems.append(Refusal(bad.code, item.name, bad.value, facts=bad.facts))
    problems += _order(fields.values(), cleaned)
    return cleaned, tuple(problems)


def keep(
    asked: Iterable[Field], values: Mapping[str, object], choices: Choices | None = None
) -> tuple[dict[str, Any], tuple[Refusal, ...]]:
    """A draft: what was typed so far, right or wrong, as long as it is not too much.

    What can only be chosen and not typed (files, columns, attachments, grants) is among the
    ``choices``; a draft that was stored is read without them.
    """
    fields = {item.name: item for item in asked}
    kept: dict[str, Any] = {}
    problems: list[Refusal] = []
    for name, value in values.items():
        if name not in fields:
            problems.append(Refusal("unknown_field", name))
        elif not is_empty(value):
            try:
                kept[name] = TYPES[fields[name].type].keep(value)
                if choices and TYPES[fields[name].type].chosen:
                    TYPES[fields[name].type].clean(fields[name], kept[name], choices)
            except Bad as bad:
                problems.append(Refusal(bad.code, name, bad.value, facts=bad.facts))
    return kept, tuple(problems)


def among(choices: Choices, asked: Iterable[Field], answers: Mapping[str, object]) -> Choices:
    """The choices of somebody who decides: only what the application's own fields named.

    Where it named no files, all of them are among the choices.
    """
    left: Mapping[str, frozenset[str]] = choices.resources
    for item in sorted(asked, key=lambda one: one.type != "resources"):
        named: Any = answers.get(item.among) if item.among else None
        if item.among and item.type == "resources" and named is not None:
            left = {name: columns for name, columns in left.items() if name in named}
        elif item.among and item.type == "columns":
            of_file: Mapping[str, Iterable[str]] = named or {}
            left = {
                name: columns & frozenset(of_file.get(name, ())) for name, columns in left.items()
            }
    return choices if left is choices.resources else replace(choices, resources=left)


def widened(choices: Choices, asked: Iterable[Field], draft: Mapping[str, object]) -> Choices:
    """The choices with what a draft has already: a file that is gone since may stay in the draft
    until it is handed in, so that its other pages can be saved."""
    resources = {name: set(columns) for name, columns in choices.resources.items()}
    others = {"attachments": set(choices.attachments), "references": set(choices.references)}
    for item in asked:
        had: Any = draft.get(item.name) or ()
        if item.type == "columns":
            for name in had:
                resources.setdefault(name, set()).update(had[name])
        elif item.type == "resources":
            for name in had:
                resources.setdefault(name, set())
        elif TYPES[item.type].chosen:
            others[TYPES[item.type].chosen].update([had] if isinstance(had, str) else had)
    return replace(
        choices,
        resources={name: frozenset(columns) for name, columns in resources.items()},
        attachments=frozenset(others["attachments"]),
        references=frozenset(others["references"]),
    )


def readable(asked: Iterable[Field], draft: object) -> dict[str, Any]:
    """What can be shown of a draft as it was stored, by whatever version: the rest is left out."""
    if not isinstance(draft, Mapping):
        return {}
    values = cast("Mapping[str, Any]", draft)
    kept, problems = keep(asked, values)
    wrong = {problem.field for problem in problems}
    return {name: value for name, value in kept.items() if name not in wrong}


def _order(fields: Iterable[Field], cleaned: Mapping[str, Any]) -> Iterable[Refusal]:
    """A day that must not come before another one."""
    for item in fields:
        first, last = cleaned.get(item.after), cleaned.get(item.name)
        if item.after and first and last and last < first:
            yield Refusal("before", item.name, last, facts={"other": item.after})
