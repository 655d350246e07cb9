"""CKAN's validators of what depends on an entry."""

from __future__ import annotations

from typing import Any

from . import change_warning


def govdata_confirm_consequences(key: Any, data: Any, errors: Any, context: Any) -> None:
    """In a form: what ends or moves grants and open cases is ticked, by its numbers."""
    found = change_warning.of_form(context.get("package"), data)
    if change_warning.asks(found):
        errors.setdefault((change_warning.FIELD,), []).append(change_warning.mark(found))
