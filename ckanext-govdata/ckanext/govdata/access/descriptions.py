"""What a reader sees of an entry's description: the glue around ``domain/publicity.py``.

Whoever may change an entry sees all of it: a form that showed him less would take the rest away
when he saves. Everybody else sees the outline, from ``package_show``, from a search, in the index.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, scoped_session, with_loader_criteria

from .. import metadata_schema, settings
from ..domain import publicity
from ..domain.catalogue import is_entry
from ..domain.stored_value import rows
from . import gate

FILES = "res_"
"""How the index's fields of files begin."""
INDEXED = publicity.CORE | {
    *("title_string", "dataset_type", "entity_type", "site_id", "index_id", "capacity"),
    *("data_dict", "validated_data_dict"),
}
"""Fields of CKAN's own that the index has of every entry."""


def show(context: Mapping[str, object], entry: dict[str, Any]) -> None:
    """Cut what ``package_show`` is about to give to this reader; for ``after_dataset_show``."""
    if not is_public(entry) and not knows(context, entry):
        outline = _outline(entry)
        entry.clear()
        entry.update(outline)


def cut(
    context: Mapping[str, object], entries: Iterable[dict[str, Any]], now: Mapping[str, str]
) -> None:
    """The same for the hits of a search, which come as the index had them: ``now`` are the
    attributes that the database has, by the entries' ids.
    """
    for entry in entries:
        if "open_attribute" in entry:
            entry["open_attribute"] = now.get(entry["id"], "")
        elif "resources" not in entry:
            continue  # single fields of the index, which has no others
        for extra in entry.get("extras") or ():
            if extra["key"] == "open_attribute":
                extra["value"] = now.get(entry["id"], "")
        show(context, entry)


def knows(context: Mapping[str, object], entry: Mapping[str, object]) -> bool:
    """Whether the reader may change the entry, or is one of our own inner calls."""
    if context.get("ignore_auth"):
        return True
    user = gate.reader_of(context)
    return bool(user) and (user.sysadmin or gate.provides(user, str(entry.get("owner_org") or "")))


def is_public(entry: Mapping[str, object]) -> bool:
    """Whether nothing of the description is kept from strangers, by the entry's dict or extras."""
    stated = _stated(entry)
    if publicity.has_public_files(stated):
        return True
    return not settings.is_portal() and not is_entry(stated)


def index_document(document: dict[str, Any]) -> dict[str, Any]:
    """For ``before_dataset_index``, before anything is made of it: no searching in what is closed.

    The dicts that the index keeps stay whole: nobody reads them but ``package_show`` and searches.
    """
    if is_public(document):
        return document
    if not publicity.is_closed(document):
        return {name: value for name, value in document.items() if not name.startswith(FILES)}
    kept = INDEXED | shown() | {f"extras_{name}" for name in shown()}
    found = {name: value for name, value in document.items() if name in kept}
    for name in (publicity.ITEMS, f"extras_{publicity.ITEMS}"):
        if found.get(name):
            found[name] = json.dumps(publicity.open_items(rows(found[name])))
    return found


@contextmanager
def files_of_public_entries(session: scoped_session[Session]) -> Iterator[None]:
    """While it lasts, the session's queries find only entries whose files are public by name.

    Counts and orders too: what a query finds among hidden files would tell their names.
    """
    attribute = model.Package.extras["open_attribute"].astext  # pyright: ignore
    public = attribute.in_(publicity.WITH_FILES)
    if not settings.is_portal():
        public = sa.or_(public, attribute.is_(None))
    criterion = with_loader_criteria(model.Package, public, include_aliases=True)

    def narrow(state: ORMExecuteState) -> None:
        if state.is_select:
            state.statement = state.statement.options(criterion)

    target = session()
    event.listen(target, "do_orm_execute", narrow)
    try:
        yield
    finally:
        event.remove(target, "do_orm_execute", narrow)


def _outline(entry: Mapping[str, Any]) -> dict[str, Any]:
    attribute = _stated(entry).get("open_attribute")
    found = publicity.outline({**entry, "open_attribute": attribute}, shown())
    if "open_attribute" not in entry:  # CKAN's default schema: our fields stand in extras
        found.pop("open_attribute", None)
        if publicity.is_closed(_stated(entry)):
            found["extras"] = list(_open_extras(entry.get("extras") or []))
    return found


def _open_extras(extras: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for extra in extras:
        if extra["key"] == publicity.ITEMS:
            items = publicity.open_items(rows(extra["value"]))
            yield {**extra, "value": json.dumps(items, ensure_ascii=False)}
        elif extra["key"] in shown():
            yield extra


def _stated(entry: Mapping[str, object]) -> Mapping[str, Any]:
    """Our fields, which stand beside CKAN's or in its ``extras``."""
    extras = entry.get("extras")
    if "open_attribute" in entry or not isinstance(extras, list):
        return entry
    return {**entry, **{extra["key"]: extra["value"] for extra in extras}}


@lru_cache(maxsize=1)
def shown() -> frozenset[str]:
    """The fields of the schema that strangers see of an entry that is not open."""
    fields = metadata_schema.entry_fields().values()
    return frozenset(field.name for field in fields if field.shown_when_closed)
