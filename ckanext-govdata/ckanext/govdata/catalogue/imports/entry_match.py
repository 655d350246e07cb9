"""Which entry of the portal a row of a sheet is.

The portal's own code is known everywhere; everything else only within the row's provider: its mark
(``id``), its own number, its page at the source portal, its title. Departments number their sheets
1, 2, 3, so nothing that a department wrote may lead to another one's entry. What identifies
nothing is passed over: a class that many rows share, the count of a sheet's rows, a page that
several rows name.

A row that leads to an entry of another provider is a change of provider, which no sheet makes.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from ...domain import code as codes
from ...domain.text import visible
from ..entry import codes as code_table
from ..entry import entry_rows
from ..entry.entry_rows import PACKAGE, Stored
from . import left_fields
from .shared_keys import Shared

_NAME = re.compile(r"[a-z0-9_-]{2,100}")
_LETTER = re.compile(r"[a-z]")


@dataclass(frozen=True)
class Identity:
    """What a row is known by; ``kind`` is ``id``, ``code``, ``number``, ``url`` or ``title``."""

    kind: str
    key: str
    provider: str
    title: str = field(default="", compare=False)
    code: str = field(default="", compare=False)
    """The row's code of the portal's form, by whatever else the row is known."""

    @property
    def names(self) -> tuple[str, ...]:
        """Addresses that an import may have given to this entry, the one of today first.

        Imports used to number across providers; those addresses are looked up too.
        """
        own = _made(self.kind, f"{self.provider}\n{self.key}")
        if self.kind == "title":
            return (_made("title", f"{self.provider}\n{self.key}"),)
        if self.kind == "code":
            return (_made("code", self.key),)
        if self.kind == "id":
            plain = self.key.lower()
            free = _NAME.fullmatch(plain)
            named = (plain,) if free else (_made("id", self.key),)
            return (*named, own) if free and _LETTER.search(plain) else (own, *named)
        return (own, _made({"number": "code"}.get(self.kind, self.kind), self.key))


@dataclass(frozen=True)
class EntryMatch:
    """What the portal has of a row. ``fault`` is a code of ``refusals`` with the entries it
    is about in ``others``; ``name`` is the address of the entry if it is new."""

    name: str
    existing: Stored | None = None
    fault: str = ""
    others: tuple[Stored, ...] = ()


NOTHING = EntryMatch("")
COLUMN_OF = {"id": "id", "code": "catalogue_code", "number": "catalogue_code", "url": "url",
             "title": "title"}  # fmt: skip
"""Kind of identity → the column field in which it stands."""


def identity_of(values: Mapping[str, str], entry: Mapping[str, object], shared: Shared) -> Identity:
    """By what the row is known. ``values`` are its cells, ``entry`` what they became."""
    provider, title = str(entry.get("owner_org") or ""), _plain(str(entry.get("title") or ""))
    printed, written = values.get("publisher", ""), values.get("catalogue_code", "")
    code = written if codes.parse(written) is not None else ""
    known = Identity("title", title, provider, title, code)
    if values.get("id"):
        return replace(known, kind="id", key=values["id"])
    if code:
        return replace(known, kind="code", key=code, provider="")
    if written and not shared.identifies_nothing(written):
        return replace(known, kind="number", key=written)
    url = str(entry.get("url") or "")
    if url and tells_one(url) and not shared.is_common_page(printed, url):
        return replace(known, kind="url", key=url)
    return known


def tells_one(url: str) -> bool:
    """Whether an address can be one entry's page: a number or a query stands in it.

    The home page of a department, or of its catalogue, is everybody's.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    last = parts.path.rstrip("/").rpartition("/")[2]
    return bool(parts.query or re.search(r"\d", last) or re.search(r"[\d=]", parts.fragment))


def _plain(title: str) -> str:
    """The title without what nobody sees: blanks are one blank, format characters are none."""
    return " ".join(visible(title).split())


def _made(kind: str, key: str) -> str:
    return f"entry-{hashlib.sha256(f'{kind}:{key}'.encode()).hexdigest()[:16]}"


def find(rows: Iterable[tuple[Identity, Mapping[str, Any]]]) -> dict[Identity, EntryMatch]:
    """What the portal has of each row already; a few statements for the whole batch."""
    wanted = list(rows)
    owners = code_table.owners(i.code for i, _ in wanted if i.code)
    urls = {i.key for i, _ in wanted if i.kind == "url"}
    titles = {str(e.get("title") or "") for i, e in wanted if i.kind != "code"}
    found = entry_rows.load(
        sa.or_(
            PACKAGE.c.name.in_({name for i, _ in wanted for name in i.names}),
            PACKAGE.c.id.in_(set(owners.values())),
            PACKAGE.c.url.in_(urls) if urls else sa.false(),
            PACKAGE.c.title.in_(titles) if titles else sa.false(),
        )
    )
    portal = _Portal(found, owners)
    return {identity: portal.match(identity) for identity, _ in wanted}


class _Portal:
    """The entries that a batch may be about, by all that they are known by."""

    def __init__(self, found: Iterable[Stored], owners: Mapping[str, str]) -> None:
        self._owners = owners
        self._named: dict[str, Stored] = {}
        self._ids: dict[str, Stored] = {}
        self._pages: dict[tuple[str, str], list[Stored]] = defaultdict(list)
        self._titled: dict[tuple[str, str], list[Stored]] = defaultdict(list)
        for entry in found:
            self._named[entry.name] = self._ids[entry.id] = entry
            if entry.state == "active":
                provider = entry.columns["owner_org"]
                self._pages[provider, entry.columns["url"]].append(entry)
                self._titled[provider, _plain(entry.columns["title"])].append(entry)

    def match(self, identity: Identity) -> EntryMatch:
        """The row's entry, nothing, or why it cannot be told."""
        name = self._free(identity)
        coded = self._ids.get(self._owners.get(identity.code, ""))
        titled = self._titled[identity.provider, identity.title]
        if identity.kind == "title" and len(titled) > 1:
            return EntryMatch(name, fault="title_twice", others=tuple(titled))
        own = self._known(identity, titled) or self._made_of_it(identity) or coded
        if coded is not None and own is not coded:
            return EntryMatch(name, fault="code_of_other", others=(coded,))
        if self._is_moved(identity, own, titled):
            return EntryMatch(name, fault="number_moved", others=(own, *titled) if own else ())
        return EntryMatch(name, own)

    @staticmethod
    def _is_moved(identity: Identity, own: Stored | None, titled: list[Stored]) -> bool:
        """Whether the row's own number is another entry's, and its title that of a third: the
        department counts anew."""
        if identity.kind not in ("number", "url") or own is None or own in titled:
            return False
        same = own.columns["owner_org"] == identity.provider
        return same and bool(titled) and _plain(own.columns["title"]) != identity.title

    def _known(self, identity: Identity, titled: list[Stored]) -> Stored | None:
        """The provider's entry with the row's page, its title, or its title and number."""
        if identity.kind == "number":  # one that counted rows when it was imported
            numbered = [e for e in titled if identity.key in left_fields.columns(e).values()]
            return numbered[0] if len(numbered) == 1 else None
        pages = self._pages[identity.provider, identity.key] if identity.kind == "url" else []
        if len(pages) == 1:
            return pages[0]
        if identity.kind == "title" or (identity.kind == "url" and len(titled) == 1):
            return next((e for e in titled if identity.kind == "title" or not e.columns["url"]),
                        None)  # fmt: skip
        return None

    def _made_of_it(self, identity: Identity) -> Stored | None:
        """What an import made of the same mark: the provider's own; or, at the address that only
        this row has, one that was given to another provider since."""
        for name in identity.names:
            found = self._named.get(name)
            if found is not None and found.columns["owner_org"] == identity.provider:
                return found
        return self._named.get(identity.names[0])

    def _free(self, identity: Identity) -> str:
        """The address for a new entry: one that nobody has."""
        return next((n for n in identity.names if n not in self._named), identity.names[0])
