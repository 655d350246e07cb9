"""An entry as CKAN's tables hold it: a row of ``package``, its extras as texts, its keywords."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

COLUMNS = ("title", "notes", "url", "owner_org")
LISTS = ("data_formats", "related_entries")
"""Lists that stand in the row even when they are empty."""
REPEATING = ("information_items", "application_materials")
OBJECT = "imported_columns"
PACKAGE = model.package_table


@dataclass(frozen=True)
class Stored:
    """An entry that the portal has."""

    id: str
    name: str
    columns: Mapping[str, str]
    extras: Mapping[str, str]
    tags: frozenset[str]
    private: bool
    state: str


def columns_of(entry: Mapping[str, object]) -> dict[str, str]:
    """The entry's values that have a column of their own."""
    return {name: str(entry[name] or "") for name in COLUMNS if name in entry}


def extras_of(entry: Mapping[str, object]) -> dict[str, str]:
    """The entry's other values as stored texts; an empty text means that there is none."""
    extras: dict[str, str] = {}
    for name, value in entry.items():
        if name in COLUMNS or name in ("name", "tags", "id"):
            continue
        if name in LISTS:
            extras[name] = _json(value or [])
        elif name in REPEATING:
            extras[name] = json.dumps(value) if value else ""  # as ckanext-scheming writes it
        elif name == OBJECT:
            extras[name] = _json(value) if value else ""
        else:
            extras[name] = str(value or "")
    return extras


def differs(entry: Mapping[str, Any], found: Stored) -> bool:
    """Whether writing the entry would change what is stored."""
    return any(True for _ in differing(entry, found))


def differing(entry: Mapping[str, Any], found: Stored) -> Iterator[str]:
    """The fields that writing the entry would change."""
    for name, value in columns_of(entry).items():
        if (found.columns.get(name) or "") != value:
            yield name
    for name, value in extras_of(entry).items():
        if not _same(found.extras.get(name) or "", value):
            yield name
    if "tags" in entry and frozenset(entry["tags"]) != found.tags:
        yield "tags"


def _same(ours: str, theirs: str) -> bool:
    """Equal as texts, or as the JSON that they hold."""
    if ours == theirs:
        return True
    if not (ours[:1] in "[{" and theirs[:1] in "[{"):
        return (ours, theirs) in {("", "[]"), ("[]", "")}
    try:
        return _without_empty(json.loads(ours or "[]")) == _without_empty(
            json.loads(theirs or "[]")
        )
    except ValueError:
        return False


def _without_empty(value: object) -> object:
    """Items without their empty cells, flags in one form."""
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    if isinstance(value, dict):
        kept = {k: str(v).lower() if isinstance(v, bool) else v for k, v in value.items()}
        return {k: v for k, v in kept.items() if v not in ("", None)}
    return value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def load(condition: sa.ColumnElement[bool]) -> list[Stored]:
    """The datasets that fulfil a condition on ``package``; two statements. Deleted ones too."""
    rows = model.Session.execute(
        sa.select(
            PACKAGE.c.id, PACKAGE.c.name, PACKAGE.c.title, PACKAGE.c.notes, PACKAGE.c.url,
            PACKAGE.c.owner_org, PACKAGE.c.extras, PACKAGE.c.private, PACKAGE.c.state,
        ).where(PACKAGE.c.type == "dataset", condition)
    ).all()  # fmt: skip
    tags: dict[str, set[str]] = {row.id: set() for row in rows}
    if rows:
        link, tag = model.package_tag_table, model.tag_table
        found = model.Session.execute(
            sa.select(link.c.package_id, tag.c.name)
            .join(tag, tag.c.id == link.c.tag_id)
            .where(link.c.package_id.in_(list(tags)), link.c.state == "active")
        )
        for package_id, name in found:
            tags[package_id].add(name)
    return [
        Stored(
            id=row.id,
            name=row.name,
            columns={name: getattr(row, name) or "" for name in COLUMNS},
            extras=row.extras or {},
            tags=frozenset(tags[row.id]),
            private=bool(row.private),
            state=row.state,
        )
        for row in rows
    ]
