"""Whether a value is what a type declares: the types that answers and rows are declared with."""
from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

SCALARS = (str, int, float, bool, bytes)


def answer_of(action: Callable[..., Any]) -> Any:
    """The declared return type of an action, under all its decorators."""
    while hasattr(action, "__wrapped__"):
        action = action.__wrapped__
    return eval(str(action.__annotations__["return"]), dict(action.__globals__))


def members(kind: Any) -> tuple[Any, ...]:
    """The types between which a union chooses; a type that is none, alone."""
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def is_named(kind: Any) -> bool:
    """Whether a type says what there is: a ``TypedDict``, a scalar or nothing, or lists of them.

    Inside a ``TypedDict`` there are mappings too, by a key that nobody declares beforehand; but
    nowhere ``Any``.
    """
    if len(members(kind)) > 1:
        return all(map(is_named, members(kind)))
    if get_origin(kind) is list:
        return all(map(is_named, get_args(kind)))
    if is_typeddict(kind):
        return not any(map(_is_open, get_type_hints(kind).values()))
    return kind in (*SCALARS, None, type(None)) or get_origin(kind) is Literal


def _is_open(kind: Any) -> bool:
    """Whether ``Any`` stands somewhere in a type."""
    inner = get_type_hints(kind).values() if is_typeddict(kind) else get_args(kind)
    return kind is Any or any(map(_is_open, inner))


def faults(value: Any, kind: Any, where: str = "answer") -> Iterator[str]:
    """In what a value is not as declared; nothing where it is."""
    if kind in (Any, object):
        return
    choices, origin = members(kind), get_origin(kind)
    if len(choices) > 1:
        found = [list(faults(value, one, where)) for one in choices]
        yield from min(found, key=len)
    elif is_typeddict(kind):
        yield from _of_keys(value, kind, where)
    elif origin is Literal:
        if value not in get_args(kind):
            yield f"{where}: {value!r} is none of {get_args(kind)}"
    elif origin in (list, dict):
        yield from _of_members(value, kind, where)
    elif not _is(value, kind):
        yield f"{where}: {type(value).__name__} is no {getattr(kind, '__name__', kind)}"


def _of_keys(value: Any, kind: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: {type(value).__name__} is no {kind.__name__}"
        return
    declared = get_type_hints(kind)
    for key in sorted(kind.__required_keys__ - value.keys()):
        yield f"{where}.{key} of {kind.__name__} is not there"
    for key in sorted(value.keys() - declared.keys()):
        yield f"{where}.{key} is not declared by {kind.__name__}"
    for key in value.keys() & declared.keys():
        yield from faults(value[key], declared[key], f"{where}.{key}")


def _of_members(value: Any, kind: Any, where: str) -> Iterator[str]:
    if not isinstance(value, get_origin(kind)):
        yield f"{where}: {type(value).__name__} is no {get_origin(kind).__name__}"
        return
    inner = get_args(kind)
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from faults(one, inner[0], f"{where}[{number}]")
        return
    for key, one in value.items():
        yield from faults(key, inner[0], f"key of {where}")
        yield from faults(one, inner[1], f"{where}[{key!r}]")


def _is(value: Any, kind: Any) -> bool:
    """A scalar of exactly that type: a flag is no number, but a whole number may be a float."""
    if kind in (None, type(None)):
        return value is None
    return type(value) is kind or (kind is float and type(value) is int)
