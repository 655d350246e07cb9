"""What a row does not say of an entry that the portal has, and so leaves as it is.

An empty cell says nothing; who wants a field empty writes 无 or a stroke, or empties it on the
entry's own page. A remark in the place of a summary is no better one than the entry's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from ..entry.entry_rows import Stored

BLANK, REMARK = "blank", "remark"
_BELONGS_TO = {
    "open_conditions": "open_attribute", "open_basis": "open_attribute",
    "share_conditions": "share_type", "share_basis": "share_type",
    "share_reason": "share_type", "share_scope": "share_type",
}  # fmt: skip
"""Fields that say more of another one: of a new attribute the old conditions are no more."""


class LeftField(NamedTuple):
    """A field of an entry that stays as it is, and why."""

    field: str
    why: str


def leave(
    entry: dict[str, Any],
    found: Stored,
    blank: Collection[str],
    written: Collection[str],
    weak: Mapping[str, str],
) -> list[LeftField]:
    """Take out of the entry what leaves the stored one as it is; what that was."""
    left = [LeftField(name, BLANK) for name in _blank(entry, found, blank)]
    for name, heading in weak.items():
        kept, text = _stored(found, name), entry.get(name)
        if kept and text and text != kept:
            left.append(LeftField(name, REMARK))
            entry.setdefault("imported_columns", {})[heading] = text
    for name, _why in left:
        del entry[name]
    if "imported_columns" in entry:
        entry["imported_columns"] = {
            **{key: text for key, text in columns(found).items() if key not in written},
            **entry["imported_columns"],
        }
    return left


def columns(found: Stored) -> Mapping[str, str]:
    """The other columns that imports kept with the entry."""
    kept = json.loads(found.extras.get("imported_columns") or "{}")
    return kept if isinstance(kept, dict) else {}


def _blank(entry: Mapping[str, Any], found: Stored, blank: Collection[str]) -> Iterator[str]:
    for name in sorted(blank):
        of = _BELONGS_TO.get(name, "")
        is_new = bool(entry.get(of)) and entry[of] != _stored(found, of)
        if name in entry and _stored(found, name) and not is_new:
            yield name


def _stored(found: Stored, name: str) -> object:
    if name == "tags":
        return found.tags
    value = found.columns.get(name) or found.extras.get(name) or ""
    return "" if value in ("[]", "{}") else value
