"""What a change of an entry or its files would do to running grants and open cases, in numbers.

Whoever is about to make the change is told before; :mod:`.entry_changes` does it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import ckan.model as model
import sqlalchemy as sa

from .. import database, now
from ..access import grants
from ..access.grantable import WHOLE_ENTRY
from ..bulk_sql import array
from ..database import Session
from ..domain import hindrance
from ..domain.access import Subject
from . import entry_changes
from .answers import CountAnswer
from .engine import declared_procedures, event_rows, record
from .model import CaseRow, case


@dataclass(frozen=True)
class Count:
    """Grants that end or are suspended, and cases whose data cannot be given or that move on."""

    revoked: int = 0
    suspended: int = 0
    hindered: int = 0
    moved: int = 0

    def __add__(self, other: Count) -> Count:
        """Both together."""
        return Count(
            self.revoked + other.revoked,
            self.suspended + other.suspended,
            self.hindered + other.hindered,
            self.moved + other.moved,
        )

    def as_answer(self) -> CountAnswer:
        """As actions answer it."""
        return {
            "revoked": self.revoked,
            "suspended": self.suspended,
            "hindered": self.hindered,
            "moved": self.moved,
        }

    @property
    def grants(self) -> int:
        """Grants that give nothing any more."""
        return self.revoked + self.suspended

    @property
    def cases(self) -> int:
        """Cases that are concerned."""
        return self.hindered + self.moved


@dataclass(frozen=True)
class EntryDependents:
    """An entry as it is, with what depends on it."""

    subject: Subject
    files: frozenset[str]
    grants: list[grants.GrantRow]
    cases: list[tuple[CaseRow, list[str]]]
    """Rows of open cases that were received, each with the files that it asks for."""


def of_entry(session: Session, package_id: str) -> EntryDependents:
    """The entry with its running grants and open cases; of an id that is none, nothing."""
    package = session.execute(ENTRY, {"id": package_id}).first()
    if package is None:
        return EntryDependents(Subject("", package_id), frozenset(), [], [])
    subject = Subject(
        package.attribute or "", package_id, package.owner_org or "", package.there, package.private
    )
    held = grants.unended(session, package_id, now.today(), lock=False)
    return EntryDependents(
        subject, frozenset(package.files), held, list(_cases(session, package_id))
    )


def of_change(
    standing: EntryDependents, changed: Subject, files: Collection[str] | None = None
) -> Count:
    """What the change to this subject with these files (none: as they are) would do."""
    there = standing.files if files is None else files
    if changed == standing.subject and set(there) == standing.files:
        return Count()
    fates = [entry_changes.fate_of(held, changed, there) for held in standing.grants]
    ended = [fate[0] for fate in fates if fate]
    moves = [
        bool(changed.provider) and row.organization_id != changed.provider
        for row, _asked in standing.cases
    ]
    hindered = sum(
        not moved and bool(hindrance.hindrances(changed, row.organization_id, asked, there))
        for moved, (row, asked) in zip(moves, standing.cases, strict=True)
    )
    return Count(ended.count("revoked"), ended.count("suspended"), hindered, sum(moves))


def of_each_change(standing: EntryDependents, without: str = "") -> dict[str, CountAnswer]:
    """What each kind of change would do; ``without`` is a file that would be deleted."""
    now_is = standing.subject
    changes = {
        "private": replace(now_is, private=True),
        "deleted": replace(now_is, there=False),
        "moved": replace(now_is, provider="another"),
        "non_open": replace(now_is, attribute="non_open"),
        "unconditional": replace(now_is, attribute="unconditional"),
    }
    found = {
        name: of_change(standing, changed).as_answer() for name, changed in changes.items()
    }
    if without:
        gone = of_change(standing, now_is, standing.files - {without})
        found["file_deleted"] = gone.as_answer()
        found["file_replaced"] = Count().as_answer()
    return found


def depended_on(session: Session, package_ids: Collection[str]) -> list[str]:
    """Those of these entries that have running grants or open cases; one statement."""
    values = {"ids": array(package_ids), "today": now.today()}
    return list(session.scalars(DEPENDED_ON, values))


DEPENDED_ON = sa.text("""
SELECT w.id FROM unnest(CAST(:ids AS text[])) AS w (id) WHERE EXISTS (
    SELECT FROM govdata_grant x WHERE x.package_id = w.id AND x.revoked IS NULL
    AND x.valid_until >= :today
) OR EXISTS (SELECT FROM govdata_case x WHERE x.package_id = w.id AND x.open)
""")
ENTRY = sa.text("""
SELECT p.owner_org, p.state = 'active' AS there, coalesce(p.private, false) AS private,
    p.extras ->> 'open_attribute' AS attribute,
    ARRAY(SELECT r.id FROM resource r WHERE r.package_id = p.id AND r.state = 'active') AS files
FROM package p WHERE p.id = :id
""")


def _cases(session: Session, package_id: str) -> Iterator[tuple[CaseRow, list[str]]]:
    waiting = sa.select(case).where(case.c.package_id == package_id, case.c.open)
    received = waiting.where(case.c.received.is_not(None))
    for row in database.rows(session, received, CaseRow):
        try:
            procedure = declared_procedures.procedure_of(row)
        except declared_procedures.Undeclared:
            continue
        if procedure.gives_data:
            found = event_rows.case_of(procedure, row, record.events_of(session, row.id))
            asked = found.procedure.files_asked(found.answers)
            yield row, [name for name in asked if name != WHOLE_ENTRY]


def entry_of(thing: str) -> tuple[str, str]:
    """The id of the entry that is named (by id, name or the id of one of its files), and the
    file's; empty where there is none."""
    package = model.Package.get(thing)
    if package is not None:
        return package.id, ""
    resource = model.Resource.get(thing)
    return (resource.package_id, resource.id) if resource and resource.package_id else ("", "")


