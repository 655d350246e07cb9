"""Who is acting: the user of the outermost action, else of the request, else the command line."""

from __future__ import annotations

import functools
import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from inspect import getmembers, isfunction
from typing import Any, cast

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.logic.action import create, delete, patch, update
from ckan.types import Context, DataDict
from flask import g, has_request_context

Action = Callable[..., Any]
REFUSED = "govdata_refused"
"""In a session: its changes were not kept, and wait to be rolled back."""


@dataclass(frozen=True)
class LedgerActor:
    """Whoever causes a change.

    ``user_id`` is empty where nobody signed in. ``trusted``: the portal itself or its operator's
    command line acts, and no user's powers are asked. ``way`` says by what: an action's name, a
    page, the command line with the system's account.
    """

    user_id: str
    trusted: bool
    way: dict[str, str]


@dataclass(frozen=True)
class _Call:
    """The outermost action under way: its name, its context's user and whether it was trusted."""

    action: str
    user: str
    trusted: bool


_call: ContextVar[_Call | None] = ContextVar("govdata_call", default=None)


def actor() -> LedgerActor:
    """Who acts now."""
    call = _call.get()
    inside = has_request_context()
    way = {"by": call.action} if call else {}
    if not inside:
        way["command_line"] = _system_account()
    # not ``current_user``: to find out who that is notes the use of his token, in a commit of its
    # own, and this may be asked within one
    signed_in = getattr(g, "_login_user", None) if inside else None
    if signed_in is not None and getattr(signed_in, "is_authenticated", False):
        user_id = str(signed_in.id)
    else:
        user_id = _id_of(call.user) if call else ""
    return LedgerActor(user_id, call.trusted if call else not inside, way)


def outermost() -> str:
    """The name of the action that was called first; empty where none is under way."""
    call = _call.get()
    return call.action if call else ""


@contextmanager
def called(action: str, context: Context) -> Iterator[None]:
    """Within this block the action is under way, if no other is.

    What it wrote in vain, because it could not be kept, is rolled back.
    """
    if _call.get() is not None:
        yield
        return
    user = str(context.get("user") or "")
    token = _call.set(_Call(action, user, bool(context.get("ignore_auth"))))
    try:
        yield
    except Exception:
        if model.Session.info.pop(REFUSED, False):
            model.Session.rollback()
        raise
    finally:
        _call.reset(token)


def noted(ours: dict[str, Action]) -> dict[str, Action]:
    """The plugin's actions and CKAN's own that write, each of which says who calls it."""
    stock = {name: _passed_on(name) for name in _writing() if name not in ours}
    return {**stock, **{name: _said(name, one) for name, one in ours.items()}}


def _said(name: str, function: Action) -> Action:
    if getattr(function, "side_effect_free", False):
        return function

    @functools.wraps(function)
    def wrapper(*arguments: object, **named: object) -> object:
        context = named.get("context", arguments[-2] if len(arguments) > 1 else None)
        with called(name, cast("Context", context or {})):
            return function(*arguments, **named)

    return wrapper


def _passed_on(name: str) -> Action:
    @tk.chained_action
    def stock(original: Action, context: Context, data_dict: DataDict) -> object:
        return original(context, data_dict)

    return _said(name, stock)


def _writing() -> list[str]:
    """The names of CKAN's own actions that write."""
    found = []
    for module in (create, update, patch, delete):
        for name, function in getmembers(module, isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and not getattr(function, "side_effect_free", False):
                found.append(name)
    return found


def _id_of(name: str) -> str:
    user = model.User.get(name) if name else None
    return user.id if user else ""


def _system_account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid())
