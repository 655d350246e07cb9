"""Columns of imported sheets that no field of ours takes: for the department's own members.

Nobody looked through them, and sheets carry whoever filled them in. They stand in no answer for
others and in no index; CKAN's own default form of an entry has them among ``extras``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ckan import authz, model

from ...access import gate
from ...domain.stored_value import Shape, read
from .entry_rows import OBJECT

_WHOLE = ("data_dict", "validated_data_dict")


def show(context: Mapping[str, object], entry: dict[str, Any]) -> None:
    """For ``after_dataset_show``."""
    if _may_see(context, str(entry.get("owner_org") or "")):
        _add(context, entry)
    else:
        drop(entry)


def _may_see(context: Mapping[str, object], organization: str) -> bool:
    if context.get("ignore_auth"):
        return True
    user = gate.reader_of(context)
    writes = bool(context.get("for_update") or context.get("for_edit"))
    return user is not None and ((user.sysadmin and writes) or _is_member(user, organization))


def _add(context: Mapping[str, Any], entry: dict[str, Any]) -> None:
    """CKAN shows an entry as the index holds it, and the index does not have them."""
    package = context.get("package")
    if package is None or package.id != entry.get("id"):
        return
    written = (package.extras or {}).get(OBJECT)
    if written and not _has(entry):
        if isinstance(entry.get("extras"), list):
            entry["extras"].append({"key": OBJECT, "value": written})
        else:
            entry[OBJECT] = read(Shape.OBJECT, written).value


def _is_member(user: model.User, organization: str) -> bool:
    return bool(organization) and not user.sysadmin and bool(
        authz.users_role_for_group_or_org(organization, user.name)
    )


def drop(entry: dict[str, Any]) -> None:
    """Take them out of an entry in any form of CKAN's."""
    entry.pop(OBJECT, None)
    extras = entry.get("extras")
    if isinstance(extras, list):
        entry["extras"] = [one for one in extras if one.get("key") != OBJECT]
    elif isinstance(extras, dict):
        extras.pop(OBJECT, None)


def after_search(found: dict[str, Any]) -> dict[str, Any]:
    """For ``after_dataset_search``: also out of what an older index still holds."""
    for entry in found.get("results") or ():
        if isinstance(entry, dict):
            drop(entry)
    return found


def index_document(document: dict[str, Any]) -> dict[str, Any]:
    """For ``before_dataset_index``: they are not in the index at all."""
    changed = dict(document)
    for name in _WHOLE:
        if OBJECT in changed.get(name, ""):
            entry = json.loads(changed[name])
            drop(entry)
            changed[name] = json.dumps(entry)
    for name in [n for n in changed if n in (OBJECT, f"extras_{OBJECT}")]:
        del changed[name]
    return changed


def _has(entry: Mapping[str, object]) -> bool:
    extras = entry.get("extras")
    among = isinstance(extras, list) and any(one.get("key") == OBJECT for one in extras)
    return OBJECT in entry or among
