"""The information items of an entry out of the cells of a sheet: one row each, or a list."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from . import cell_list, mapping
from .cell_value import CannotRead
from .mapping import ValueRules

LONGEST_NAME = 50
"""Characters of a name in a list; what is longer is a name that explains itself, or prose."""
_EXPLAINED = re.compile(r"(?P<name>[^(（]{1,50})[(（](?P<description>.+)[)）]", re.DOTALL)
_NO_ITEMS = re.compile(
    r"略|待补充?|同上|同前|(?:详见|詳見|参见|见|見|参照)附[件表录].{0,10}"
    r"|(?:详见|詳見|见|見|参见).{1,12}|[共计計]{1,2}\s*\d+\s*[项項个個条條].{0,6}|\d+\s*[项項个個条條]",
    re.IGNORECASE,
)
"""What stands for a list and names nothing of it: 见附件, 共12项."""
Item = dict[str, Any]


class Listed(NamedTuple):
    """Items of one cell; ``whole``: all of the cell became items, and without a change."""

    items: list[Item]
    whole: bool


_CITED = re.compile(
    r"》\s*(?:[(（][^()（）]{0,40}[)）])?\s*第[\d一二三四五六七八九十百零、,，和及至第条款项]{1,60}[条款项章]"
)
"""A place of a text, which is no list: 《…条例》第一、二条."""
_MERE_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)[\d.,，%]+")
"""What is no name; a year may be a column's."""


def listed(text: str, rules: ValueRules) -> Listed:
    """The items that a cell lists by name, or that our own export wrote there."""
    if given := objects(text):
        return Listed(given, True)
    bare = unicodedata.normalize("NFKC", text).strip(" \t\r\n()（）。.")
    if rules.says_nothing(text) or _NO_ITEMS.fullmatch(bare) or _CITED.search(text):
        return Listed([], False)
    named = [_named(name) for name in cell_list.names(text)]
    if any(len(item["name"]) > LONGEST_NAME or _MERE_NUMBER.fullmatch(item["name"])
           for item in named):  # fmt: skip
        return Listed([], False)
    kept = list({item["name"]: item for item in reversed(named)}.values())[::-1]
    return Listed(kept, _is_whole(text, kept))


def _is_whole(text: str, items: Sequence[Item]) -> bool:
    """Whether the items are what stands there, and no more and no less."""
    parts = [part for part in re.split(r"[,，、;；|｜\r\n]+", text) if part.strip()]
    inside = cell_list.bare(text)
    return (
        len(parts) >= len(items)
        and cell_list.is_balanced(text)
        and text.strip("\"“” \t\r\n\u3000,，、;；").endswith(inside[-1:])
        and text.strip("\"“” \t\r\n\u3000").startswith(inside[:1])
        and all(item["name"] in text and "description" not in item for item in items)
    )


def _named(name: str) -> Item:
    explained = _EXPLAINED.fullmatch(name) if len(name) > LONGEST_NAME else None
    return dict(explained.groupdict()) if explained else {"name": name}


def of_row(
    cells: Mapping[str, str],
    rules: ValueRules,
    became: Callable[[str, str, object], None],
    refused: Callable[[str, str, str], None],
) -> Item:
    """The item of one row. ``became`` is told field, cell and value, ``refused`` field, cell and
    code of what cannot be read."""
    item: Item = {}
    noted = ""
    for name, text in cells.items():
        target = name.removeprefix("item_")
        try:
            value, length = _value(target, text, rules)
        except CannotRead as error:
            refused(name, text, error.code)
            continue
        item[target] = value
        noted = length or noted
        became(name, text, value)
    given = str(item.get("length") or "")
    if noted and (not given or noted.startswith(f"{given},")):
        item["length"] = noted
    return item


def _value(target: str, text: str, rules: ValueRules) -> tuple[object, str]:
    if target in ("sensitive", "opened", "key"):  # 无 is an answer there
        found = mapping.flag(text, rules)
        return ("" if found is None else found), ""
    if says_nothing(target, text, rules):
        return "", ""
    if target == "type":
        return mapping.item_type(text, rules)
    return text if target == "description" else cell_list.one_line(text), ""


def says_nothing(field: str, text: str, rules: ValueRules) -> bool:
    """Whether a cell of an item says nothing; an item may be called Na, as sodium is."""
    named = field.removeprefix("item_") in ("name", "name_en") and text.strip().lower() == "na"
    return not named and rules.says_nothing(text)


def objects(text: str) -> list[Item]:
    """A JSON list of objects, as our own export writes it; empty for anything else."""
    found = _parsed(text) if text.startswith("[") else None
    if not isinstance(found, list):
        return []
    every = cast("list[Any]", found)
    return every if all(isinstance(item, dict) for item in every) else []


def columns(text: str) -> dict[str, str]:
    """A JSON object of texts, as our own export writes other columns; empty for anything else."""
    found = _parsed(text) if text.startswith("{") else None
    if not isinstance(found, dict):
        return {}
    return {str(key): str(value) for key, value in cast("dict[Any, Any]", found).items()}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
