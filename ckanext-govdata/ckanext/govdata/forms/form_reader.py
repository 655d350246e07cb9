"""Read what was filled in on a page, by the types of the fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..domain.field_type import TYPES
from ..domain.procedure import Field


def read(fields: Iterable[Field], form: Any) -> dict[str, Any]:
    """The values of a form that was sent; what is not there is left out."""
    found = {field.name: TYPES[field.type].read(field.name, form) for field in fields}
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}
