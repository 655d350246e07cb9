"""A file is known by its id alone, and an id that was a file's is never another's.

CKAN takes a file's name for its id too: 403 then tells from 404 whether a hidden entry has a file
of this name, with its id. And it lets a new file have the id of one that was deleted, or purged
with its entry: what is still stored under it, bytes and table, would be the new one's.
"""

from __future__ import annotations

from collections.abc import Iterable

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.logic import validators
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from .. import ckan_uploads, settings


def by_id_alone() -> None:
    """Once a process: CKAN finds files by their ids. In a CKAN that is no portal, by names too."""
    known = model.Resource.get
    if hasattr(known, "govdata"):
        return

    def get(cls: type[model.Resource], reference: str) -> model.Resource | None:
        if not settings.is_portal():
            return known(reference)
        return model.Session.get(cls, reference) if reference else None

    setattr(get, "govdata", True)  # noqa: B010 - a mark on a function
    setattr(model.Resource, "get", classmethod(get))  # noqa: B010 - its type is narrower


def resource_id_does_not_exist(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Takes the place of CKAN's validator, which looks for files that are not deleted."""
    if not settings.is_portal():
        validators.resource_id_does_not_exist(key, data, errors, context)
    elif data[key] is not tk.missing and is_taken(data[key], data.get(("id",))):
        errors[key].append(tk._("Resource id already exists."))


def is_taken(resource_id: str, package_id: object) -> bool:
    """Whether an id is, or was, that of a file of another entry than this one."""
    query = sa.select(model.Resource.package_id).where(model.Resource.id == resource_id)
    row = model.Session.execute(query).first()
    return _remains(resource_id) if row is None else row[0] != package_id


def refuse_other_names(wanted: str | Iterable[object] | None) -> None:
    """A table's other name is no file's id: the DataStore would hand the table out as that file.

    ``wanted`` is a list of names or a text with commas; raises ``ValidationError``.
    """
    listed = wanted.split(",") if isinstance(wanted, str) else wanted or ()
    names = [str(name).strip() for name in listed]
    query = sa.select(model.Resource.id).where(model.Resource.id.in_(names))
    taken = model.Session.scalar(query.limit(1)) if names else None
    if taken:
        message = tk._("'{name}' is the id of a file and no other name for a table.")
        raise tk.ValidationError({"aliases": [message.format(name=taken)]})


def _remains(resource_id: str) -> bool:
    """Whether something is stored under an id that no file has."""
    try:
        place = ckan_uploads.place_of(resource_id)
    except tk.ValidationError:
        return False  # no id but a path, which is refused by name elsewhere
    if place and place.exists():
        return True
    if not p.plugin_loaded("datastore"):
        return False
    from ckanext.datastore.backend import DatastoreBackend

    return DatastoreBackend.get_active_backend().resource_id_from_alias(resource_id)[0]
