"""Where data that is not open to everybody really stands: in our own table and nowhere else.

CKAN copies a resource's address into dicts, index, pages and histories. So before it is written
to CKAN's table we take it out, whoever writes it, and put a word in its place that says nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import insert

from .. import ckan_uploads, settings
from ..database import Session
from ..domain import file_name
from ..domain.web_address import site_of
from . import gate
from . import touched_entries as noted
from .model import location

HELD = "govdata:held"
"""Stands where a link was."""
HELD_FILE = "held"
"""Stands where the name of an uploaded file was."""
KEPT = ("url", "hash", "cache_url")
_ADDRESS = re.compile(r"/dataset/[^/]+/resource/([^/]+)/download(/held)?/?$")
_WORDS = {HELD, HELD_FILE, "download", ""}


def watch() -> None:
    """Look at every write of CKAN's session from now on."""
    if not event.contains(model.Session, "before_flush", _before_flush):
        event.listen(model.Session, "before_flush", _before_flush)
        event.listen(model.Session, "after_rollback", noted.taken)


def _before_flush(session: Session, _context: object, _instances: object) -> None:
    touched: dict[int, tuple[model.Package | None, model.Resource]] = {}
    for thing in [*session.new, *session.dirty]:
        if isinstance(thing, model.Package):
            listed = thing.resources_all
        elif isinstance(thing, model.Resource):
            listed = [thing]
        else:
            continue
        for resource in listed:
            package = resource.package or session.get(model.Package, resource.package_id)
            touched[id(resource)] = (package, resource)
    touched_entries = {package.id for package, _resource in touched.values() if package}
    touched_entries |= {thing.package_id for thing in session.deleted
                        if isinstance(thing, model.Resource)}
    touched_entries |= {thing.id for thing in [*session.dirty, *session.deleted]
                        if isinstance(thing, model.Package)}
    noted.note(session, touched_entries)
    _note_departments(session)
    gone = [thing.id for thing in session.deleted if isinstance(thing, model.Resource)]
    if gone:
        session.execute(sa.delete(location).where(location.c.resource_id.in_(gone)))
        for each in gone:
            ckan_uploads.forget(session, each)  # purged with its entry: CKAN leaves its file
    for package, resource in touched.values():
        if resource.url_type == "upload" and resource.url:
            resource.url = file_name.munged(resource.url, resource.url)
        opened = gate.entry_open(package.extras or {}) if package else False
        (_release if opened else _hold)(session, resource)
    if touched:
        gate.forget()


def _note_departments(session: Session) -> None:
    """The entries of a department that is deleted have none any more."""
    left = [thing.id for thing in session.dirty
            if isinstance(thing, model.Group) and thing.state != model.State.ACTIVE]
    if left:
        package = model.package_table
        query = sa.select(package.c.id).where(package.c.owner_org.in_(left))
        noted.note(session, session.scalars(query))


def _hold(session: Session, resource: model.Resource) -> None:
    """Move what tells the place of the data into our table."""
    told = {
        "url": "" if _says_nothing(resource.url, resource.id) else resource.url,
        "hash": resource.hash or "",
        "cache_url": resource.cache_url or "",
    }
    told = {name: value for name, value in told.items() if value}
    if told:
        empty = {"url": "", "hash": "", "cache_url": ""}
        statement = insert(location).values(resource_id=resource.id, **{**empty, **told})
        session.execute(statement.on_conflict_do_update(index_elements=["resource_id"], set_=told))
    word = HELD_FILE if resource.url_type == "upload" else HELD
    for name, value in (("url", word), ("hash", ""), ("cache_url", None)):
        if (getattr(resource, name) or None) != (value or None):
            setattr(resource, name, value)


def _release(session: Session, resource: model.Resource) -> None:
    """The entry is open now: CKAN may know where its data stands."""
    if not _says_nothing(resource.url, resource.id) or not resource.id:
        return
    row = find(resource.id, session)
    if row is None:
        return
    for name in KEPT:
        if row[name]:
            setattr(resource, name, row[name])
    session.execute(sa.delete(location).where(location.c.resource_id == resource.id))


def follow(package_ids: Iterable[str], session: Session | None = None) -> None:
    """After entries were written by statements: each file as its entry's attribute wants it."""
    listed, session = list(package_ids), session or model.Session
    noted.note(session, listed)
    query = sa.select(model.Resource).where(model.Resource.package_id.in_(listed))
    for resource in session.scalars(query.execution_options(populate_existing=True)):
        said = session.scalar(
            sa.select(model.Package.extras).where(model.Package.id == resource.package_id)
        )
        (_release if gate.entry_open(said or {}) else _hold)(session, resource)
    session.flush()


def find(resource_id: str, session: Session | None = None) -> Mapping[str, str] | None:
    """What we keep of a resource: ``url`` (a file's name if it was uploaded), ``hash``."""
    query = sa.select(location).where(location.c.resource_id == resource_id)
    row = (session or model.Session).execute(query).mappings().first()
    return cast("Mapping[str, str] | None", row)


def address(package_id: str, resource_id: str) -> str:
    """The only address of such data that leaves the portal."""
    return f"{settings.site_url()}/dataset/{package_id}/resource/{resource_id}/download"


def speak(entry: dict[str, Any], *, truly: bool = False) -> None:
    """Put our address where the word stands; ``truly`` the true one, for the provider's form."""
    for resource in entry.get("resources") or ():
        url = str(resource.get("url") or "")
        if url in (HELD, HELD_FILE) or _is_ours(url, resource["id"]):
            kept = find(resource["id"]) if truly else None
            resource["url"] = (kept and kept["url"]) or address(entry["id"], resource["id"])


def show(context: Mapping[str, object], entry: dict[str, Any]) -> None:
    """For ``after_dataset_show``."""
    if gate.entry_open(entry) or not entry.get("resources"):
        return
    edits = bool(context.get("for_edit")) and not context.get("ignore_auth")
    user = gate.reader_of(context) if edits else None
    speak(entry, truly=edits and gate.provides(user, entry.get("owner_org") or ""))


def index_document(document: dict[str, Any]) -> dict[str, Any]:
    """For ``before_dataset_index``: no true place in any field."""
    if gate.entry_open(document):
        return document
    changed = dict(document)
    for name in ("data_dict", "validated_data_dict"):
        if name in changed:
            entry = json.loads(changed[name])
            _empty(entry)
            changed[name] = json.dumps(entry)
    for name in [n for n in changed if n == "res_url" or n.startswith("res_extras_")]:
        del changed[name]
    return changed


def _empty(entry: dict[str, Any]) -> None:
    for resource in entry.get("resources") or ():
        resource["url"] = address(entry["id"], resource["id"])
        for name in ("hash", "cache_url"):
            if resource.get(name):
                resource[name] = ""


def _says_nothing(url: str | None, resource_id: str | None) -> bool:
    return (url or "") in _WORDS or _is_ours(url or "", resource_id)


def _is_ours(url: str, resource_id: str | None) -> bool:
    """Whether it is the address that we gave out for this file (:func:`address`), sent back.

    By this portal's host and this file's id. By its form alone another CKAN's address is alike,
    and the true place of the data would be lost.
    """
    try:
        found = _ADDRESS.search(urlsplit(url).path)
    except ValueError:  # no address at all, stored from before
        return False
    if found is None or not resource_id or found[1] != resource_id:
        return False
    return url.startswith("/") or site_of(url) == site_of(settings.site_url())
