"""What strangers see of an entry 公开范围: of one that is not open, only what is chosen.

Its title, provider, open items, basis and period stay public, because the catalogue says what
there is and why it is closed (Anhui 36, Yaohai 15, Xin 26); its files, their names and ids do not.
An allow-list: a field that nobody thought of is not shown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from .catalogue import is_true

CLOSED = "non_open"
WITH_FILES = frozenset({"unconditional", "conditional"})
"""Attributes under which the files of an entry are public by name: to fetch, or to apply for."""
CORE = frozenset({
    *("id", "name", "title", "type", "state", "private", "owner_org", "organization"),
    *("metadata_created", "metadata_modified", "isopen", "num_resources", "num_tags"),
})
"""Keys of CKAN's own that say nothing of what stands in the data."""
LISTS = (
    *("resources", "tags", "groups", "extras"),
    *("relationships_as_subject", "relationships_as_object"),
)
"""Keys that CKAN's clients expect; where they are not shown they are empty."""
ITEMS = "information_items"


def is_closed(entry: Mapping[str, object]) -> bool:
    """Whether the entry is stated not to be open, so that strangers see but its outline."""
    return entry.get("open_attribute") == CLOSED


def has_public_files(entry: Mapping[str, object]) -> bool:
    """Whether names, descriptions and ids of the entry's files are public."""
    return entry.get("open_attribute") in WITH_FILES


def outline(entry: Mapping[str, object], shown: Collection[str]) -> dict[str, Any]:
    """The part of an entry of any attribute that strangers see.

    ``entry`` is a dict as ``package_show`` gives it, with our fields or with CKAN's ``extras``;
    ``shown`` are the fields that stay public when an entry is closed.
    """
    files: dict[str, Any] = {} if has_public_files(entry) else {"resources": [], "num_resources": 0}
    if not is_closed(entry):
        return {**entry, **files}
    kept = {name: value for name, value in entry.items() if name in CORE or name in shown}
    kept |= {name: [] for name in LISTS if name in entry}
    kept |= {"num_tags": 0} if "num_tags" in entry else {}
    if entry.get(ITEMS) is not None and ITEMS in shown:
        kept[ITEMS] = open_items(entry[ITEMS])
    return {**kept, **files}


def open_items(items: object) -> list[Mapping[str, Any]]:
    """The information items that are marked open and not sensitive; no mark is no consent."""
    rows = cast("list[Any]", items) if isinstance(items, list) else []
    mappings = [cast("Mapping[str, Any]", row) for row in rows if isinstance(row, Mapping)]
    return [row for row in mappings if is_open_item(row)]


def is_open_item(item: Mapping[str, object]) -> bool:
    """Whether an information item is marked open and not sensitive."""
    return is_true(item.get("opened")) and not is_true(item.get("sensitive"))
