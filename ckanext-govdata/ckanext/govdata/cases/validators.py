"""CKAN's validators of what depends on an entry."""

from __future__ import annotations

from typing import Any

from . import warning


def govdata_confirm_consequences(key: Any, data: Any, errors: Any, context: Any) -> None:
    """In a form: what ends or moves grants and open cases is ticked, by its numbers."""
    found = warning.of_form(context.get("package"), data)
    if warning.asks(found):
        errors.setdefault((warning.FIELD,), []).append(warning.mark(found))
