"""Hold the search index against the database, and mend what is missing, old, or of nothing.

Every write leaves its row in the outbox, so nothing should be found here. What is found came by
another way: an index of another day put back, rows written by hand, a disk that lost something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib.search import common
from dateutil.parser import parse

from ... import settings
from . import writer
from .index_outbox import OUTBOX

PAGE = 1_000
"""Documents of one question to Solr."""
NAMED = 20
"""So many entries are named where there is little room."""


@dataclass(frozen=True)
class Told:
    """What the database and the index both tell of an entry, by which they are compared."""

    name: str
    title: str
    state: str
    private: bool
    organization: str
    modified: str
    """To the millisecond, which is all that Solr keeps."""


@dataclass(frozen=True)
class Divergence:
    """An entry of which the index tells something else: ``missing``, ``stale`` or ``orphan``."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True)
class Comparison:
    """What came of a comparison: how many documents were looked at, what was mended, what not."""

    checked: int
    mended: tuple[Divergence, ...]
    left: tuple[Divergence, ...]

    def told(self) -> dict[str, object]:
        """As JSON tells it."""
        return asdict(self)

    def complaint(self) -> str:
        """What an operator must know, in a line; empty where both were alike."""
        if not self.mended and not self.left:
            return ""
        said = f"the search index differed from the database in {len(self.mended)} entries"
        names = [f"{one.kind} {one.name}" for one in (self.left or self.mended)[:NAMED]]
        left = f", {len(self.left)} still differ" if self.left else ", all mended"
        return f"{said}{left}: {'; '.join(names)}"


def mend() -> Comparison:
    """Compare everything, index anew what differs, and look again.

    An entry that waits in the outbox does not differ: somebody comes for it. Raises
    ``SearchIndexError`` or ``SolrError`` if Solr cannot be reached.
    """
    checked, suspects = _compare(None)
    # Who saved between the two readings, or is being indexed, is as it should be by now.
    writer.make_visible()
    ids = _nobody_comes_for([one.id for one in suspects])
    _, found = _compare(ids) if ids else (0, [])
    if not found:
        return Comparison(checked, (), ())
    ids = [one.id for one in found]
    writer.refresh(ids)
    _, left = _compare(ids)
    still = {one.id for one in left}
    return Comparison(checked, tuple(one for one in found if one.id not in still), tuple(left))


def _compare(only: Sequence[str] | None) -> tuple[int, list[Divergence]]:
    """How many documents there are, and what differs; ``only``: of these entries."""
    seen: set[str] = set()
    found: list[Divergence] = []
    for documents in _documents(only):
        known = _rows(list(documents))
        seen |= documents.keys()
        for own, told in documents.items():
            if own not in known:
                found.append(Divergence(own, told.name, "orphan"))
            elif known[own] != told:
                found.append(Divergence(own, known[own].name, "stale"))
    missing = {own: name for own, name in _living(only) if own not in seen}
    found += [Divergence(own, name, "missing") for own, name in missing.items()]
    return len(seen), found


def _documents(only: Sequence[str] | None) -> Iterator[dict[str, Told]]:
    """What the index tells, by id, a page at a time."""
    mark, last = "*", ""
    asked: dict[str, Any] = {
        "fq": [f'site_id:"{settings.site_id()}"', "entity_type:package"],
        "fl": "id,name,title,state,capacity,organization,metadata_modified",
        "sort": "index_id asc", "rows": PAGE, "facet": "false",
    }  # fmt: skip
    if only is not None:
        asked["fq"].append(f"{{!terms f=id}}{','.join(only)}")
    while mark != last:
        solr = common.make_connection(decode_dates=False)  # a title may read like a date
        answer = solr.search("*:*", cursorMark=mark, **asked)
        last, mark = mark, answer.nextCursorMark
        if answer.docs:
            yield {document["id"]: _told(document) for document in answer.docs}


def _told(document: Mapping[str, Any]) -> Told:
    """What a document tells; what it lacks is empty."""
    written = document.get("metadata_modified")
    return Told(
        document.get("name", ""), document.get("title", ""), document.get("state", ""),
        document.get("capacity") == "private", document.get("organization", ""),
        _short(parse(written, ignoretz=True)) if written else "",
    )  # fmt: skip


def _rows(ids: Sequence[str]) -> dict[str, Told]:
    """What the database tells of those entries that belong into the index."""
    package, group = model.package_table.c, model.group_table.c
    owner = sa.select(group.name).where(group.id == package.owner_org).scalar_subquery()
    query = sa.select(
        package.id, package.name, package.title, package.state, package.private,
        package.metadata_modified, owner.label("owner"),
    ).where(package.id.in_(ids), *_belongs())  # fmt: skip
    return {
        row.id: Told(
            row.name, row.title or "", row.state, bool(row.private), row.owner or "",
            _short(row.metadata_modified),
        )
        for row in model.Session.execute(query)
    }  # fmt: skip


def _living(only: Sequence[str] | None) -> Iterable[tuple[str, str]]:
    """Id and name of every entry that belongs into the index."""
    package = model.package_table.c
    query = sa.select(package.id, package.name).where(*_belongs())
    if only is not None:
        query = query.where(package.id.in_(only))
    return model.Session.execute(query).tuples()


def _belongs() -> list[sa.ColumnElement[bool]]:
    return [model.package_table.c.state != "deleted"] if settings.removes_deleted() else []


def _nobody_comes_for(ids: Sequence[str]) -> list[str]:
    """Those that do not wait in the outbox."""
    query = sa.select(OUTBOX.c.package_id).where(OUTBOX.c.package_id.in_(ids))
    waiting = set(model.Session.scalars(query))
    return [own for own in ids if own not in waiting]


def _short(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds")
