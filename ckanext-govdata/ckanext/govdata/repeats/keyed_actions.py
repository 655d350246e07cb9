"""Each action of ours that writes honours the key of the request that calls it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from typing import cast

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict
from flask import has_request_context

from ..ledger import actors
from ..transaction import is_deferred
from . import first_answer, request_key

NAMELESS = frozenset({"govdata_search_demand_create", "govdata_search_click"})
"""Of who calls these nothing is kept, so no key either."""
SHOWN_ONCE = frozenset({"govdata_grant_token_create", "govdata_emergency_hook_create"})
"""These answer a secret, which a page shows once: loaded anew, it must not show it again."""


def keyed(actions: Mapping[str, Action]) -> dict[str, Action]:
    """The same actions; those that write are done once under a key.

    The key is that of the action which the request calls, not of those that this one calls.
    """
    return {
        name: one if name in NAMELESS or getattr(one, "side_effect_free", False)
        else _once(name, one)
        for name, one in actions.items()
    }


def _once(name: str, action: Action) -> Action:
    @wraps(action)
    def wrapper(context: Context, data_dict: DataDict) -> object:
        asked = has_request_context() and actors.outermost() == name and not is_deferred(context)
        user_id = actors.actor().user_id if asked else ""
        key = request_key.of_call(user_id, name, data_dict) if user_id else None
        if key is None or (name in SHOWN_ONCE and not tk.request.path.startswith("/api/")):
            return action(context, data_dict)
        later = cast("Context", {**context, "defer_commit": True})
        return first_answer.once(key, lambda: action(later, data_dict))

    return wrapper
