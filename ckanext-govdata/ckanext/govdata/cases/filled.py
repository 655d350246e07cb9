"""Read what was filled in on a page, by the types of the fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..domain.procedure import Field

LISTS = ("resources", "attachments")


def read(fields: Iterable[Field], form: Any) -> dict[str, Any]:
    """The values of a form that was sent; what is not there is left out."""
    found: dict[str, Any] = {}
    for field in fields:
        value = _value(field, form)
        if value not in (None, "", [], {}):
            found[field.name] = value
    return found


def _value(field: Field, form: Any) -> Any:
    if field.type in LISTS:
        return form.getlist(field.name)
    if field.type == "articles":
        own = [line.strip() for line in form.get(f"{field.name}_own", "").splitlines()]
        return [*form.getlist(field.name), *(line for line in own if line)]
    if field.type == "columns":
        prefix = f"{field.name}:"
        return {name[len(prefix) :]: form.getlist(name) for name in form if name.startswith(prefix)}
    return form.get(field.name)
