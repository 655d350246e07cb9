"""Information items 信息项 and the columns of a table: what may be handed out, by name.

An item is given only where it is declared open and not sensitive; a column belongs to the items
whose ``name`` or ``name_en`` it bears, whatever the width or case of its letters, and is given only
where none of them is closed. A column that no item declares belongs to nobody and is handed to
nobody but the entry's own people, except of an open entry that declares no items at all.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from .catalogue import is_true
from .text import visible

Item = Mapping[str, Any]
LONGEST = 63
"""Bytes of the longest name of a column in PostgreSQL."""
_WIDE = str.maketrans({'"': "＂", ":": "：", "\\": "＼", "%": "％"})


def is_open(item: Item) -> bool:
    """Whether the item is declared open, and not sensitive (Yaohai 20; Anhui 36)."""
    return is_true(item.get("opened")) and not is_true(item.get("sensitive"))


def open_names(items: Iterable[Item]) -> list[str]:
    """The names of the items that may be given, in the entry's order."""
    return [str(item["name"]) for item in items if item.get("name") and is_open(item)]


def sensitive_names(items: Iterable[Item]) -> list[str]:
    """The names of the items that are declared sensitive, which no grant gives."""
    return [str(item["name"]) for item in items
            if item.get("name") and is_true(item.get("sensitive"))]


def all_open(items: Iterable[Item]) -> bool:
    """Whether the entry declares nothing that may not be given; also where it declares nothing."""
    return all(is_open(item) for item in items)


def columns_of(names: Iterable[str], items: Iterable[Item]) -> tuple[str, ...]:
    """What the columns of these items may be called; of items that are open today only, and not
    what a closed item is called too: nobody knows whose column it is."""
    wanted = {folded(name) for name in names}
    found: dict[str, None] = {}
    closed: set[str] = set()
    for item in items:
        called = [str(item[key]) for key in ("name", "name_en") if item.get(key)]
        if not is_open(item):
            closed.update(map(folded, called))
        elif called and folded(called[0]) in wanted:
            found |= dict.fromkeys(map(folded, called))
    return tuple(name for name in found if name not in closed)


def given_to_all(items: Iterable[Item]) -> tuple[str, ...] | None:
    """What columns of an entry that is open to everybody may be called; ``None``: all of them,
    for the entry declares no items, so nothing says otherwise (decision 503)."""
    listed = list(items)
    return columns_of(open_names(listed), listed) if listed else None


def said_closed(columns: Iterable[str], items: Iterable[Item]) -> list[str]:
    """The columns that an item declares sensitive or not open; of which nothing is said, not."""
    closed = {
        folded(str(item[key]))
        for item in items
        if is_true(item.get("sensitive"))
        or (item.get("opened") not in (None, "") and not is_true(item["opened"]))
        for key in ("name", "name_en") if item.get(key)
    }  # fmt: skip
    return [column for column in columns if folded(column) in closed]


def undeclared(columns: Iterable[str], items: Iterable[Item]) -> list[str]:
    """The columns of a table that no item of the entry declares."""
    known = {folded(str(item[key])) for item in items for key in ("name", "name_en")
             if item.get(key)}
    return [column for column in columns if folded(column) not in known]


def kept_back(
    columns: Iterable[str], items: Iterable[Item], *, to_all: bool
) -> dict[str, str]:
    """The columns of a table that its readers do not get, each with why: ``undeclared``,
    ``sensitive`` or ``not_open``. ``to_all``: the entry is open to everybody, else on conditions.
    """
    named, listed = list(columns), list(items)
    given = given_to_all(listed) if to_all else columns_of(open_names(listed), listed)
    if given is None:
        return {}
    unknown = set(undeclared(named, listed))
    sensitive = {
        folded(str(item[key]))
        for item in listed if is_true(item.get("sensitive"))
        for key in ("name", "name_en") if item.get(key)
    }  # fmt: skip
    return {
        name: "undeclared" if name in unknown
        else "sensitive" if folded(name) in sensitive else "not_open"
        for name in named if folded(name) not in given
    }  # fmt: skip


def names_of(column: str, items: Iterable[Item]) -> list[str]:
    """All names of what a column is called: those of its items, and its own."""
    found = [column]
    for item in items:
        called = [str(item[key]) for key in ("name", "name_en") if item.get(key)]
        if folded(column) in map(folded, called):
            found += called
    return found


def folded(name: str) -> str:
    """A column's name as it is compared, without signs that nobody sees; a long one as it is cut
    for a table."""
    plain = visible(unicodedata.normalize("NFKC", name)).strip()
    return (plain if len(plain) <= LONGEST // 4 else cut(plain)).casefold()


def cut(plain: str) -> str:
    """A name in NFKC that is too long for a column's id: its beginning, and a sign of the whole,
    so that two that begin alike stay two."""
    wide = widened(plain).encode("utf-8", "replace")
    if len(wide) <= LONGEST:
        return plain
    sign = hashlib.sha256(plain.casefold().encode("utf-8", "replace")).hexdigest()[:8]
    begin = wide[: LONGEST - 9].decode("utf-8", "ignore")
    return f"{unicodedata.normalize('NFKC', begin).rstrip()}~{sign}"


def widened(name: str) -> str:
    """The name with the wide twins, which compare equal, of signs that a column's id cannot have:
    quotation marks, an underscore in front, what CKAN takes for a parameter."""
    wide = name.translate(_WIDE)
    return "＿" + wide[1:] if wide.startswith("_") else wide
