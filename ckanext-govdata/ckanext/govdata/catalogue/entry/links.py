"""Addresses in entries, departments, groups and accounts: none that a browser would run."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, ChainedAction, Context, DataDict

from ... import settings
from ...domain.web_address import SCHEMES, may_be_link

Offered = Action | ChainedAction
FIELDS = ("url", "image_url", "cache_url")
"""Where CKAN keeps addresses; a file's name may stand there too."""
FORMS = (
    "group_create", "group_update", "organization_create", "organization_update",
    "package_create", "package_update", "user_create", "user_update",
)  # fmt: skip
"""CKAN's actions that write them; the patches and those of files call these."""
JUDGED = {"package_create": ("url",), "package_update": ("url",)}
"""What a portal's form judges of an entry together with everything else that is wrong."""
_OURS = ("govdata:held", "held")
"""What stands in the place of an address that is not told (``access/locations.py``)."""


def judging(actions: Mapping[str, Offered]) -> dict[str, Offered]:
    """The plugin's actions, with CKAN's own that write addresses: each judges them first."""
    return {**actions, **{name: _judging(name, actions.get(name)) for name in FORMS}}


def _judging(name: str, ours: Any) -> ChainedAction:
    def judge(original: Any, context: Context, data_dict: DataDict) -> object:
        if errors := faults(data_dict, JUDGED.get(name, ())):
            tk.check_access(name, context, data_dict)
            raise tk.ValidationError(errors)
        return ours(original, context, data_dict) if ours else original(context, data_dict)

    judge.__name__ = name
    judge.__doc__ = ours.__doc__ if ours else f"``{name}``; refuses what is no web address."
    return tk.chained_action(judge)


def faults(data: Mapping[str, object], judged: Collection[str] = ()) -> dict[str, Any]:
    """What is wrong with the addresses of a dataset, group or account, and its files, by field;
    not of those fields that are ``judged`` with all others.
    """
    left = judged if settings.is_portal() else ()
    own = {name: value for name, value in data.items() if name not in left}
    found: dict[str, Any] = {**_faults(own)}
    files = data.get("resources")
    listed = files if isinstance(files, list) else []
    of_files = [_faults(one) if isinstance(one, Mapping) else {} for one in listed]
    return {**found, "resources": of_files} if any(of_files) else found


def _faults(data: Mapping[str, object]) -> dict[str, list[str]]:
    uploads = bool(data.get("upload") or data.get("image_upload"))  # then it is a file's name
    return {
        name: [words(str(data[name]))]
        for name in FIELDS
        if isinstance(data.get(name), str) and not uploads and not _fits(str(data[name]))
    }


def _fits(value: str) -> bool:
    return not value.strip() or value in _OURS or may_be_link(value.strip())


def words(value: str) -> str:
    """Why a text is no address, for people."""
    message = tk._("'{value}' is no web address: it begins with {schemes}, or is a file's name.")
    return message.format(value=value[:100], schemes=", ".join(f"{s}://" for s in SCHEMES))


def hide(entry: dict[str, Any]) -> None:
    """Show none of those that are stored from before; for ``after_dataset_show``."""
    for thing in (entry, *(entry.get("resources") or ())):
        for name in FIELDS:
            value = thing.get(name)
            if isinstance(value, str) and not _fits(value):
                thing[name] = ""
