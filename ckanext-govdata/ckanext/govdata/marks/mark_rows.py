"""Marks as they are kept, and those whose cases are open."""

from __future__ import annotations

import json
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Row

from .. import now
from ..cases.effects import CaseRow
from ..database import Session
from ..domain.mark import Mark, SeenDatum
from .model import mark as table


class KeptMark(NamedTuple):
    """A mark with the case that it belongs to."""

    case_id: str
    mark: Mark
    seen: SeenDatum
    mended_version: str


class OpenMark(NamedTuple):
    """A datum on which an answer is still owed: since when, until when, and how many have asked."""

    mark: Mark
    since: date
    due: date | None
    count: int


def add(session: Session, case_id: str, mark: Mark, seen: SeenDatum) -> None:
    """Keep what a case points at."""
    values = {
        "case_id": case_id,
        "package_id": mark.entry,
        "resource_id": mark.file,
        "version": mark.version,
        "row_key": json.dumps(dict(mark.row), ensure_ascii=False, sort_keys=True),
        "column_name": mark.column,
        "address": mark.address,
        "seen_version": seen.version,
        "seen_value": seen.value,
        "mended_version": "",
    }
    session.execute(sa.insert(table), values)


def of_case(session: Session, case_id: str) -> KeptMark | None:
    """The mark of a case."""
    row = session.execute(OF_CASE, {"case": case_id}).first()
    return _kept(row) if row else None


OF_CASE = sa.select(table).where(table.c.case_id == sa.bindparam("case"))


def _kept(row: Row) -> KeptMark:
    seen = SeenDatum(row.seen_version, row.seen_value)
    return KeptMark(row.case_id, _mark(row), seen, row.mended_version)


def _mark(row: Row) -> Mark:
    return Mark(row.package_id, row.resource_id, row.version, json.loads(row.row_key),
                row.column_name)


def mended(session: Session, case_id: str, version: str) -> None:
    """Note which version has the datum right."""
    changed = sa.update(table).where(table.c.case_id == case_id)
    session.execute(changed.values(mended_version=version, mended=now.now()))


def alike(session: Session, kept: KeptMark) -> list[str]:
    """The other open cases that point at the same datum, by their ids; the oldest first."""
    values = {"address": kept.mark.address, "case": kept.case_id}
    return list(session.scalars(ALIKE, values))


ALIKE = sa.text("""
SELECT c.id FROM govdata_mark m
JOIN govdata_case c ON c.id = m.case_id
WHERE m.address = :address AND c.id <> :case AND c.open AND c.received IS NOT NULL
ORDER BY c.received, c.reference
""")


def open_of(session: Session, package_id: str) -> list[OpenMark]:
    """The data of an entry on which an answer is still owed, each once; one statement."""
    return [
        OpenMark(_mark(row), row.since, row.until, row.asked)
        for row in session.execute(OPEN, {"package": package_id})
    ]


OPEN = sa.text("""
SELECT DISTINCT ON (m.address) m.*, min(c.received) OVER same AS since,
    min(c.due) OVER same AS until, count(*) OVER same AS asked
FROM govdata_mark m JOIN govdata_case c ON c.id = m.case_id
WHERE m.package_id = :package AND c.open AND c.received IS NOT NULL
WINDOW same AS (PARTITION BY m.address)
ORDER BY m.address, c.received
""")


def under_way(session: Session, case: CaseRow) -> tuple[int, int]:
    """How many marks the applicant of a case has under way beside it: on its entry, and at all."""
    values = {"user": case.applicant_id, "package": case.package_id, "case": case.id}
    found = session.execute(UNDER_WAY, values).one()
    return found.of_entry, found.at_all


UNDER_WAY = sa.text("""
SELECT count(*) FILTER (WHERE m.package_id = :package) AS of_entry, count(*) AS at_all
FROM govdata_case c JOIN govdata_mark m ON m.case_id = c.id
WHERE c.applicant_id = :user AND c.open AND c.id <> :case
""")
