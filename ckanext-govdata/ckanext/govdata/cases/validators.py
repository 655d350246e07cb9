"""CKAN's validators of what depends on an entry."""

from __future__ import annotations

from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from . import change_warning


def govdata_confirm_consequences(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """In a form: what ends or moves grants and open cases is ticked, by its numbers."""
    found = change_warning.of_form(context.get("package"), data)
    if change_warning.asks(found):
        errors.setdefault((change_warning.FIELD,), []).append(change_warning.mark(found))
