"""Each action that writes honours the key of the request that calls it: ours a program's and a
form's, CKAN's own a program's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
KEEPS_NOTHING = frozenset({"govdata_case_rehearse"})
"""A look at what an act would do uses up no key: the act itself comes under it."""
SHOWN_ONCE = frozenset({"govdata_grant_token_create", "govdata_emergency_hook_create"})
"""These answer a secret, which a page shows once: loaded anew, it must not show it again."""

ENDING = ("_delete", "_purge", "_revoke")
ENDS_ITS_SUBJECT = frozenset({"govdata_department_succeed"})
"""After these nobody stands above the department any more; what CKAN has deleted judges nobody."""


def keyed(actions: Mapping[str, Action]) -> dict[str, Action]:
    """The same actions; those that write are done once under a key.

    The key is that of the action which the request calls, not of those that this one calls.
    """
    return {
        name: one if name in NAMELESS | KEEPS_NOTHING or getattr(one, "side_effect_free", False)
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
        return first_answer.once(
            key, lambda: action(later, data_dict), _still_may(name, context, data_dict))

    return wrapper


def claimed(actions: Mapping[str, Action]) -> dict[str, Action]:
    """The same actions; those of CKAN's own that write are done once under a program's key.

    They commit by themselves, so their key is kept with their commit.
    """
    return {
        name: one if name.startswith("govdata_") or getattr(one, "side_effect_free", False)
        else _once_by_itself(name, one)
        for name, one in actions.items()
    }


def _once_by_itself(name: str, action: Callable[..., object]) -> Callable[..., object]:
    """Also of one that is chained, which takes the one before it first."""

    @wraps(action)
    def wrapper(*arguments: object, **named: object) -> object:
        if not _is_a_programs() or actors.outermost() or len(arguments) < 2:
            return action(*arguments, **named)
        context, data_dict = cast("tuple[Context, DataDict]", arguments[-2:])
        user_id = actors.actor().user_id
        key = request_key.of_call(user_id, name, data_dict) if user_id else None
        if key is None or is_deferred(context):
            return action(*arguments, **named)
        may = _still_may(name, context, data_dict)
        return first_answer.once_by_itself(key, lambda: action(*arguments, **named), may)

    return wrapper


def _is_a_programs() -> bool:
    return has_request_context() and tk.request.path.startswith("/api/")


def _still_may(name: str, context: Context, data_dict: DataDict) -> Callable[[], object]:
    """Asks whether the caller may do it today: what he has lost is no answer of the past's either.

    In a context of its own, since what is asked leaves its findings there. Not asked of what ends
    the very thing by which that is judged: it answers nothing that is secret.
    """
    ours = name.startswith("govdata_")
    if name in ENDS_ITS_SUBJECT or (name.endswith(ENDING) and not ours):
        return bool
    return lambda: tk.check_access(name, cast("Context", dict(context)), data_dict)
