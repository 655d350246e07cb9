"""Gather what every slice offers to CKAN.

A slice is a package beside this file, one per thing that a person would name.
Its inner modules carry CKAN's own names; what is found there is offered, and a
name that two slices define stops the start.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

SLICES: tuple[str, ...] = (
    "catalogue",
    "demo",
    "emergency",
    "health",
    "scheduler",
    "pages",
    "rules",
    "ledger",
    "supervision",
    "identity",
    "access",
    "cases",
    "notices",
    "search",
    "subscriptions",
)
PREFIX = "govdata_"


def modules(kind: str) -> Iterator[ModuleType]:
    """Each slice's module of that kind (``action``, ``auth``, ``views``, …), if it has one."""
    for name in SLICES:
        path = f"{__package__}.{name}.{kind}"
        if find_spec(path):
            yield import_module(path)


@lru_cache
def functions(kind: str, prefix: str = PREFIX) -> dict[str, Callable[..., Any]]:
    """Public functions of that kind by name; only those defined in the module itself.

    Every page asks for some of them: the modules are searched once.
    """
    found: dict[str, Callable[..., Any]] = {}
    for module in modules(kind):
        for name, member in inspect.getmembers(module, inspect.isroutine):
            if not name.startswith(prefix) or member.__module__ != module.__name__:
                continue
            if name in found:
                raise RuntimeError(f"{kind} {name} is defined by two slices")
            found[name] = member
    return found


def check() -> None:
    """Run ``check`` of each slice's ``start`` module: broken configuration stops the start."""
    for module in modules("start"):
        module.check()


def listed(kind: str, attribute: str) -> list[Any]:
    """All that the slices' modules of that kind list under ``attribute``."""
    return [item for module in modules(kind) for item in getattr(module, attribute)]
