"""What the API sends an action has the kind of value that the action takes for granted.

CKAN 2.12.0 answers 500 where an object comes for a text or a text for a list. The kinds are
declared in ``config/parameters.yaml``.
"""
from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from .. import config_reader
from ..domain.node import Node
from ..domain.web_address import is_address

Kind: TypeAlias = "str | list[Kind] | dict[str, Kind]"
"""As the declaration writes it: a word, a list of one kind, an object of kinds."""


@dataclass(frozen=True)
class Declaration:
    """The file: kinds of parameters of every action and of single ones, and those needed."""

    everywhere: Mapping[str, Kind]
    actions: Mapping[str, Mapping[str, Kind]]
    needed: Mapping[str, Sequence[str]]


GREATEST = 2**63 - 1
"""The largest number that a column of PostgreSQL holds."""


WORD = re.compile("[A-Za-z0-9_-]*")


class Unfit(Exception):
    """A value of another kind; says which was meant."""


def fitting(action: str, _context: Context, sent: Mapping[str, object]) -> DataDict:
    """What was sent, without numbers and flags left empty.

    Raises ``ValidationError`` that names each parameter of another kind or missing.
    """
    kinds, needed = _declared(action)
    told, wrong = dict(sent), {}
    for name in kinds.keys() & sent.keys():
        try:
            if _is_empty(kinds[name], sent[name]):
                del told[name]
            else:
                _fit(kinds[name], sent[name])
        except Unfit as unfit:
            wrong[name] = [str(unfit)]
    wrong.update({name: [tk._("Missing value")] for name in needed if _at(told, name) is None})
    if wrong:
        raise tk.ValidationError(wrong)
    return told


def _at(told: object, place: str) -> object:
    """What stands at a place such as ``resource.id``; ``None`` where nothing does."""
    for name in place.split("."):
        told = told.get(name) if isinstance(told, Mapping) else None
    return told


@cache
def _declared(action: str) -> tuple[Mapping[str, Kind], Sequence[str]]:
    """The kinds of an action's parameters, and those that it cannot do without."""
    said = declaration()
    return {**said.everywhere, **said.actions.get(action, {})}, said.needed.get(action, ())


@lru_cache(maxsize=1)
def declaration() -> Declaration:
    """``config/parameters.yaml``; raises ``BrokenFile`` with all that is wrong."""
    return config_reader.checked(config_reader.file("parameters.yaml"), _declaration)


def _declaration(top: Node) -> Declaration:
    parts = top.entries(needed=("everywhere", "actions", "needed"))
    return Declaration(
        parts.read("everywhere", _kinds, {}),
        parts.read("actions", lambda node: node.each(lambda _action, one: _kinds(one)), {}),
        parts.read("needed", lambda node: node.each(lambda _action, one: one.texts()), {}),
    )


def _kinds(node: Node) -> dict[str, Kind]:
    return node.each(lambda _name, one: _kind(one))


def _kind(node: Node) -> Kind:
    if isinstance(node.value, dict):
        return _kinds(node)
    if isinstance(node.value, list):
        if len(node.value) != 1:
            node.blame("a list of one kind is wanted here")
        return [_kind(one) for one in node.items()]
    word = node.text()
    if word and word not in _WORDS and "|" not in word:
        node.blame(f"'{word}' is not one of: {', '.join(_WORDS)}, a|b")
    return word


def _is_empty(kind: Kind, value: object) -> bool:
    """Whether nothing is given: a text may be null, to take it away."""
    if value is None:
        return kind not in ("text", "address", "any")
    return value == "" and kind in ("whole", "flag")


def _fit(kind: Kind, value: object) -> None:
    """Raise ``Unfit`` if the value is of another kind."""
    if isinstance(kind, list):
        if not isinstance(value, list):
            raise Unfit(tk._("Must be a list"))
        for one in value:
            _fit(kind[0], one)
    elif isinstance(kind, dict):
        if not isinstance(value, dict):
            raise Unfit(tk._("Must be an object: names and values"))
        for name in kind.keys() & value.keys():
            _fit(kind[name], value[name])
    elif "|" in kind:
        if value not in (None, *kind.split("|")):
            raise Unfit(tk._("Must be one of: {words}").format(words=kind.replace("|", ", ")))
    else:
        _WORDS[kind](value)


def _text(value: object) -> None:
    if value is not None and not isinstance(value, str):
        raise Unfit(tk._("Must be a text"))


def _word(value: object) -> None:
    if not isinstance(value, str) or not WORD.fullmatch(value):
        raise Unfit(tk._("Must be a text of the letters A to Z, digits, - and _"))


def _texts(value: object) -> None:
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in listed):
        raise Unfit(tk._("Must be a text or a list of texts"))


def _address(value: object) -> None:
    if value is not None and not is_address(value):
        raise Unfit(tk._("Must be a whole address: https:// or http://, and a host"))


def _whole(value: object) -> None:
    written = str(value).strip() if isinstance(value, (int, str)) else ""
    fits = written.isascii() and written.isdigit() and len(written) < 20
    if isinstance(value, bool) or not fits or int(written) > GREATEST:
        raise Unfit(tk._("Must be a whole number from 0 to {most}").format(most=GREATEST))


def _flag(value: object) -> None:
    try:
        tk.asbool(value)
    except ValueError:
        raise Unfit(tk._("Must be true or false")) from None


def _object(value: object) -> None:
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        found = None
    if value != "" and not isinstance(found, dict):
        raise Unfit(tk._("Must be an object: names and values"))


def _named(value: object) -> None:
    if not isinstance(value, str | dict):
        raise Unfit(tk._("Must be an object: names and values"))


def _any(_value: object) -> None:
    """The action judges it."""


_WORDS: dict[str, Callable[[object], None]] = {
    "text": _text, "query": _text, "word": _word, "texts": _texts, "address": _address,
    "whole": _whole, "flag": _flag, "object": _object, "named": _named, "any": _any,
}
