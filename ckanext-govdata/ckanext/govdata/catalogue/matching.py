"""Which entry of the portal a row of a sheet is.

A row is known by its own mark (``id``), else by its catalogue code, else by its page at the source
portal, else by provider and title. A new entry's address follows from the same, so importing a
file again finds what the first time made.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ..domain import code as codes
from . import codes as code_table
from . import stored
from .stored import PACKAGE, Stored

_NAME = re.compile(r"[a-z0-9_-]{2,100}")


@dataclass(frozen=True)
class Identity:
    """What a row is known by; ``kind`` is ``id``, ``code``, ``url`` or ``title``."""

    kind: str
    key: str
    name: str
    """The address of the entry if it is new."""


def identity_of(values: Mapping[str, str], entry: Mapping[str, Any]) -> Identity:
    """By what the row is known. ``values`` are its cells, ``entry`` what they became."""
    mark = values.get("id", "")
    if mark:
        plain = mark.lower()
        return Identity("id", mark, plain if _NAME.fullmatch(plain) else _made("id", mark))
    written = values.get("catalogue_code", "")
    if written:
        return Identity("code", written, _made("code", written))
    if entry.get("url"):
        return Identity("url", entry["url"], _made("url", entry["url"]))
    key = f"{entry.get('owner_org', '')}\n{entry.get('title', '')}"
    return Identity("title", key, _made("title", key))


def _made(kind: str, key: str) -> str:
    return f"entry-{hashlib.sha256(f'{kind}:{key}'.encode()).hexdigest()[:16]}"


def find(rows: Iterable[tuple[Identity, Mapping[str, Any]]]) -> dict[Identity, Stored]:
    """The entries that the portal has already; a few statements for the whole batch."""
    wanted = list(rows)
    by_code = code_table.owners(
        i.key for i, _ in wanted if i.kind == "code" and codes.parse(i.key) is not None
    )
    urls = {i.key for i, _ in wanted if i.kind == "url"}
    titles = {entry.get("title", "") for i, entry in wanted if i.kind == "title"}
    names = {i.name for i, _ in wanted}
    found = stored.load(
        sa.or_(
            PACKAGE.c.name.in_(names),
            PACKAGE.c.id.in_(set(by_code.values())),
            PACKAGE.c.url.in_(urls) if urls else sa.false(),
            PACKAGE.c.title.in_(titles) if titles else sa.false(),
        )
    )
    named = {s.name: s for s in found}
    ids = {s.id: s for s in found}
    living = [s for s in found if s.state == "active"]
    pages = {s.columns["url"]: s for s in living}
    titled = {f"{s.columns['owner_org']}\n{s.columns['title']}": s for s in living}
    result: dict[Identity, Stored] = {}
    for identity, _ in wanted:
        match = named.get(identity.name) or {
            "id": None,
            "code": ids.get(by_code.get(identity.key, "")),
            "url": pages.get(identity.key),
            "title": titled.get(identity.key),
        }.get(identity.kind)
        if match is not None:
            result[identity] = match
    return result
