"""Write many entries at once: the rows that ``package_create`` writes, a few statements a batch.

Everything happens in the caller's transaction, with a row in ``govdata_search_outbox`` for every
entry; after the commit :mod:`.indexing` empties that table into the search index. So the database
is right first, and a process that dies in between leaves a record of what is still to be indexed.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ...access import locations
from ...departments.tree import Department
from ..index import index_outbox
from . import codes, entry_rows
from .entry_rows import PACKAGE

PAGE = 500
"""Rows of one statement, and entries of one batch."""


@dataclass(frozen=True)
class NewEntry:
    """An entry to write: its address, its fields, its department, by which it has its code."""

    name: str
    entry: dict[str, Any]
    provider: Department | None


@dataclass(frozen=True)
class ChangedEntry:
    """Fields to write over those of an entry that the portal has."""

    id: str
    entry: dict[str, Any]


def create(entries: Sequence[NewEntry], user_id: str, now: datetime) -> list[str]:
    """Write new entries; returns their ids. ``now`` is naive UTC, as CKAN's columns are."""
    rows, members, tags, written = [], [], {}, {}
    given = codes.give([(new.entry, new.provider) for new in entries])
    for new, code in zip(entries, given, strict=True):
        package_id = str(uuid.uuid4())
        extras = {k: v for k, v in entry_rows.extras_of(new.entry).items() if v}
        for name in entry_rows.LISTS:
            extras.setdefault(name, "[]")
        extras["catalogue_code"] = code
        rows.append(_package_row(package_id, new, extras, user_id, now))
        members.append(_member_row(package_id, new.entry["owner_org"]))
        tags[package_id] = new.entry.get("tags") or []
        written[package_id] = code
    if rows:
        model.Session.execute(sa.insert(PACKAGE), rows)
        model.Session.execute(sa.insert(model.member_table), members)
        _write_tags(tags)
        codes.register(written)
        index_outbox.put(written)
    return list(written)


def _package_row(
    package_id: str, new: NewEntry, extras: dict[str, str], user_id: str, now: datetime
) -> dict[str, object]:
    columns = {name: value or None for name, value in entry_rows.columns_of(new.entry).items()}
    return {
        "id": package_id,
        "name": new.name,
        "title": None,
        "notes": None,
        "url": None,
        **columns,
        "type": "dataset",
        "creator_user_id": user_id,
        "metadata_created": now,
        "metadata_modified": now,
        "private": False,
        "state": "active",
        "extras": extras,
    }


def _member_row(package_id: str, organization: str) -> dict[str, object]:
    return {
        "id": str(uuid.uuid4()),
        "table_name": "package",
        "table_id": package_id,
        "group_id": organization,
        "capacity": "organization",
        "state": "active",
    }


def change(entries: Sequence[ChangedEntry], now: datetime) -> None:
    """Write over fields of entries that the portal has; fields that are not named stay."""
    organizations = {c.id: c.entry["owner_org"] for c in entries if c.entry.get("owner_org")}
    extras = {c.id: entry_rows.extras_of(c.entry) for c in entries}
    rows = model.Session.execute(
        sa.select(PACKAGE.c.id, PACKAGE.c.extras).where(PACKAGE.c.id.in_(list(extras)))
    )
    current: dict[str, dict[str, str]] = {row.id: row.extras or {} for row in rows}
    for changed in entries:
        merged = {**current.get(changed.id, {}), **extras[changed.id]}
        model.Session.execute(
            sa.update(PACKAGE)
            .where(PACKAGE.c.id == changed.id)
            .values(
                **{n: v or None for n, v in entry_rows.columns_of(changed.entry).items()},
                extras={name: value for name, value in merged.items() if value},
                metadata_modified=now,
                state="active",
            )
        )
    for package_id, organization in organizations.items():
        _stand(package_id, organization, "active")
    codes.register(
        {c.id: c.entry["catalogue_code"] for c in entries if c.entry.get("catalogue_code")}
    )
    tags = {c.id: c.entry["tags"] for c in entries if "tags" in c.entry}
    if tags:
        link = model.package_tag_table
        model.Session.execute(sa.delete(link).where(link.c.package_id.in_(list(tags))))
        _write_tags(tags)
    locations.follow(extras)
    index_outbox.put(extras)


def restore(entries: Sequence[entry_rows.Stored], now: datetime) -> None:
    """Write entries as they were: all of their fields, keywords, code, department and state."""
    for one in entries:
        columns = {name: value or None for name, value in one.columns.items()}
        model.Session.execute(
            sa.update(PACKAGE)
            .where(PACKAGE.c.id == one.id)
            .values(
                **columns,
                extras=dict(one.extras),
                private=one.private,
                state=one.state,
                metadata_modified=now,
            )
        )
        _stand(one.id, one.columns["owner_org"], one.state)
    ids = [one.id for one in entries]
    if ids:
        coded = {one.id: one.extras.get("catalogue_code", "") for one in entries}
        codes.release([each for each, code in coded.items() if not code])
        codes.register({each: code for each, code in coded.items() if code})
        link = model.package_tag_table
        model.Session.execute(sa.delete(link).where(link.c.package_id.in_(ids)))
        _write_tags({one.id: sorted(one.tags) for one in entries})
        locations.follow(ids)
        index_outbox.put(ids)


def withdraw(ids: Sequence[str], now: datetime) -> None:
    """Delete entries as ``package_delete`` does: they are there no more and can come back."""
    if not ids:
        return
    model.Session.execute(
        sa.update(PACKAGE)
        .where(PACKAGE.c.id.in_(list(ids)))
        .values(state="deleted", metadata_modified=now)
    )
    member = model.member_table
    model.Session.execute(
        sa.update(member)
        .where(member.c.table_id.in_(list(ids)), member.c.table_name == "package")
        .values(state="deleted")
    )
    locations.follow(ids)
    index_outbox.put(ids)


def _stand(package_id: str, organization: str, state: str) -> None:
    """The entry stands with its department, as long as it is there."""
    member = model.member_table
    model.Session.execute(
        sa.update(member)
        .where(member.c.table_id == package_id, member.c.capacity == "organization")
        .values(group_id=organization, state="active" if state == "active" else "deleted")
    )


def _write_tags(tags: dict[str, list[str]]) -> None:
    """Link the entries to their keywords; keywords that are new are made."""
    names = sorted({name for found in tags.values() for name in found})
    if not names:
        return
    tag = model.tag_table
    known = _known_tags(names)
    missing = [{"id": str(uuid.uuid4()), "name": name} for name in names if name not in known]
    if missing:
        model.Session.execute(sa.insert(tag), missing)
        known |= {row["name"]: row["id"] for row in missing}
    links = [
        {"id": str(uuid.uuid4()), "package_id": i, "tag_id": known[name], "state": "active"}
        for i, found in tags.items()
        for name in dict.fromkeys(found)
    ]
    if links:
        model.Session.execute(sa.insert(model.package_tag_table), links)


def _known_tags(names: list[str]) -> dict[str, str]:
    tag = model.tag_table
    found: dict[str, str] = {}
    for start in range(0, len(names), PAGE):
        part = names[start : start + PAGE]
        rows = model.Session.execute(
            sa.select(tag.c.name, tag.c.id).where(
                tag.c.name.in_(part), tag.c.vocabulary_id.is_(None)
            )
        )
        found.update({row.name: row.id for row in rows})
    return found
