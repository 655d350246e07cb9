"""The rows that say of each file how its table is: asked for, begun, done, failed.

A row is changed by the one job alone whose id stands in it; whoever asks anew, because the file
was replaced or the job died, gives it another.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from .. import database, now, queued_job, settings
from ..access import source
from ..database import Executor, Session
from .model import TableLoad, table_load

WAITING, LOADING, LOADED, FAILED = "waiting", "loading", "loaded", "failed"
RUNNING = (WAITING, LOADING)
FORMATS = frozenset(
    {"csv", "tsv", "json", "jsonl", "ndjson", "geojson", "xlsx", "xls", "xlsm", "et", "ods"})
"""Names of kinds of files, by their ends or as officers call them, that are meant to be tables;
what such a file is its content says."""
CUT_OFF = 2
"""So often the job of a load may be cut off; what killed it twice would kill it again."""
SILENT = timedelta(minutes=30)
"""So long without a word a job is taken for dead though its process is there."""


class WantedTable(NamedTuple):
    """A file that is to be a table; of a ``link`` the ``url`` is its address, else the file's name,
    and the digest is of that address. ``active``: CKAN says that it is one. ``state``, ``known``
    (the digest that was asked for) and ``job`` are its row's, where it has one."""

    resource_id: str
    digest: str
    url: str
    format: str
    link: bool
    active: bool
    state: str | None
    known: str | None
    job: str | None

    @property
    def is_table(self) -> bool:
        """Whether the file is of a kind that is meant to be one; a link is where it leads to one of
        the hosts that the operator names."""
        return is_meant(self.url, self.format, self.link)

    @property
    def name(self) -> str:
        """What the file is called."""
        return _called(self.url, self.link)


_NAME = "coalesce(nullif(l.url, ''), r.url, '')"
"""The file's name, or a link's address: of entries that are not open to everybody CKAN's own field
has none."""
_GIVES = "p.extras ->> 'open_attribute' IN ('unconditional', 'conditional')"
_LINK = f"(:links AND coalesce(r.url_type, '') = '' AND {_NAME} ~* '^https?://')"
_DIGEST = f"""CASE WHEN r.url_type = 'upload' THEN s.digest
    WHEN {_LINK} THEN encode(sha256(convert_to({_NAME}, 'UTF8')), 'hex') END"""
"""What says of a file that it is another one: its bytes, or a link's address."""
_JOINED = """LEFT JOIN package p ON p.id = r.package_id
LEFT JOIN govdata_stored_file s ON s.resource_id = r.id
LEFT JOIN govdata_location l ON l.resource_id = r.id"""
_FILES = f"""
SELECT r.id, {_DIGEST} AS digest, {_NAME} AS url, coalesce(r.format, '') AS format, {_LINK},
    coalesce(CAST(r.extras AS jsonb) @> CAST('{{"datastore_active"\\:true}}' AS jsonb), false),
    t.state, t.digest AS known, t.job
FROM resource r {_JOINED} LEFT JOIN govdata_table t ON t.resource_id = r.id
WHERE r.state = 'active' AND {_DIGEST} IS NOT NULL AND p.state = 'active' AND {_GIVES}
"""  # noqa: S608
OF_ENTRY = sa.text(f"{_FILES} AND p.id = :entry")
OF_FILE = sa.text(f"{_FILES} AND r.id = :file")
MISSED = sa.text(f"{_FILES} AND t.digest IS DISTINCT FROM {_DIGEST} ORDER BY s.kept")
_MAY = f"""coalesce(r.state = 'active' AND (r.url_type = 'upload' OR {_LINK})
    AND p.state <> 'deleted' AND {_GIVES}, false)"""
_OUTDATED = sa.text(f"""
SELECT t.resource_id, {_NAME}, coalesce(r.format, ''), coalesce({_LINK}, false), {_MAY}
FROM govdata_table t LEFT JOIN resource r ON r.id = t.resource_id {_JOINED}
WHERE (:entry = '' OR p.id = :entry) AND (:file = '' OR t.resource_id = :file)
    AND (NOT {_MAY} OR {_LINK} OR {_DIGEST} IS DISTINCT FROM t.loaded_digest)
""")  # noqa: S608
"""Rows whose file is gone or another one by now; whether that one may be a table at all."""
_OF_GIVEN = sa.text(f"""
SELECT EXISTS (SELECT FROM resource r JOIN package p ON p.id = r.package_id
    WHERE r.id = :file AND r.state = 'active' AND p.state = 'active' AND {_GIVES})
""")  # noqa: S608
_KNOWN = sa.text("""
SELECT EXISTS (SELECT FROM resource r JOIN govdata_table t ON t.resource_id = r.id
    WHERE r.package_id = :entry)
""")
_HOLD = tuple(map(sa.text, (
    "SELECT 1 FROM package WHERE id = (SELECT package_id FROM resource WHERE id = :file) FOR SHARE",
    "SELECT 1 FROM resource WHERE id = :file FOR NO KEY UPDATE",
    "SELECT 1 FROM govdata_stored_file WHERE resource_id = :file FOR SHARE",
    "SELECT 1 FROM govdata_location WHERE resource_id = :file FOR SHARE",
)))
"""What says of a file what it is, in the order in which CKAN locks it, too."""


def is_meant(url: str, called: str, link: bool = False) -> bool:
    """Whether a file of that name, or at that address, whose format an officer calls so, is meant
    to be a table."""
    if link and not is_listed(url):
        return False
    end = PurePath(_called(url, link)).suffix.lstrip(".").casefold()
    return bool({end, called.strip().lstrip(".").casefold()} & FORMATS)


def is_listed(url: str) -> bool:
    """Whether an address is of a host whose files the operator lets become tables."""
    return source.is_listed(url, settings.linked_hosts())


def _called(url: str, link: bool) -> str:
    """The name of a file; of a link the last part of its address, which may be empty. It has no
    signs that nobody can read, some of which no database keeps."""
    name = PurePath(unquote(urlsplit(url).path) if link else url).name
    return "".join(sign for sign in name if unicodedata.category(sign) != "Cc")


def wanted(session: Session, query: sa.TextClause, **values: str) -> list[WantedTable]:
    """The files of one of the queries above."""
    return [WantedTable(*row) for row in session.execute(query, {**values, "links": _links()})]


def _links() -> bool:
    """Whether links become tables at all."""
    return bool(settings.linked_hosts())


def gives(session: Session, resource_id: str) -> bool:
    """Whether a file's entry is open, or open on conditions: the others have no tables."""
    return bool(session.scalar(_OF_GIVEN, {"file": resource_id}))


def is_known(session: Session, entry: str) -> bool:
    """Whether a file of the entry, also a removed one, was meant to be a table."""
    return bool(session.scalar(_KNOWN, {"entry": entry}))


def outdated(session: Session, entry: str = "", file: str = "") -> list[str]:
    """Files (of one entry, this one, or all) that have a row and are no table any more: removed, a
    link, a file of another kind, or of an entry that is gone or not open."""
    found = session.execute(_OUTDATED, {"entry": entry, "file": file, "links": _links()})
    return [file for file, url, called, link, may in found
            if not (may and is_meant(url, called, link))]


def find(session: Executor, resource_id: str) -> TableLoad | None:
    """What is known of a file's table."""
    query = sa.select(table_load).where(table_load.c.resource_id == resource_id)
    return database.first(session, query, TableLoad)


def of_files(session: Executor, resource_ids: Iterable[str]) -> dict[str, TableLoad]:
    """What is known of the tables of these files."""
    query = sa.select(table_load).where(table_load.c.resource_id.in_(list(resource_ids)))
    return {row.resource_id: row for row in database.rows(session, query, TableLoad)}


def ask(session: Session, file: WantedTable, user_id: str = "", cut_off: int = 0) -> str:
    """Have the file's table loaded, whose jobs were ``cut_off`` so often; gives the id of the job
    that is to do it.

    What was known of the file may be old by now: where it is gone, or somebody else has asked for
    what it is meanwhile, nothing is written and the id is empty.
    """
    here = table_load.c.resource_id == file.resource_id
    session.execute(sa.select(table_load.c.job).where(here).with_for_update())
    found = wanted(session, OF_FILE, file=file.resource_id)
    if not found or (found[0].known == found[0].digest and found[0].job != file.job):
        return ""
    job = uuid.uuid4().hex
    told = {
        "digest": found[0].digest, "filename": found[0].name, "asked_by": user_id,
        "state": WAITING, "job": job, "attempts": cut_off, "done": 0,
        "error": None, "changed": now.real(),
    }  # fmt: skip
    new = {
        "loaded_digest": "", "loaded_filename": "", "sheet": "", "row_count": 0,
        "column_count": 0, "findings": [],
    }  # fmt: skip
    statement = insert(table_load).values(resource_id=file.resource_id, **told, **new)
    session.execute(statement.on_conflict_do_update(index_elements=["resource_id"], set_=told))
    return job


def change(session: Executor, row: TableLoad, **values: object) -> bool:
    """Say something of the load in the name of its job; whether it was still this job's to say."""
    here = sa.and_(table_load.c.resource_id == row.resource_id, table_load.c.job == row.job)
    values["changed"] = now.real()
    return bool(database.touched(session, sa.update(table_load).where(here).values(values)))


def put_off(session: Executor, row: TableLoad, code: str) -> bool:
    """Have the next look begin it again: what stood against it passes."""
    return change(session, row, state=WAITING, error={"code": code, "detail": {}})


def is_put_off(row: TableLoad) -> bool:
    """Whether it waits for the next look."""
    return row.state == WAITING and row.error is not None


def forget(session: Executor, row: TableLoad) -> None:
    """Nothing is to be loaded, if it was still this job's to say."""
    here = sa.and_(table_load.c.resource_id == row.resource_id, table_load.c.job == row.job)
    database.touched(session, sa.delete(table_load).where(here))


def hold(session: Session, resource_id: str) -> None:
    """What the file is stays so until the commit."""
    for statement in _HOLD:
        session.execute(statement, {"file": resource_id})


def stands(session: Session, row: TableLoad) -> bool:
    """Whether the file is still the one that the row asks for; held until the commit."""
    hold(session, row.resource_id)
    found = wanted(session, OF_FILE, file=row.resource_id)
    return any(file.digest == row.digest for file in found)


def is_lost(session: Session, row: TableLoad) -> bool:
    """Whether something is still waited for, and nobody will do it."""
    if row.state not in RUNNING or is_put_off(row):
        return False
    if not queued_job.is_at_work(session, row.job):
        return row.state == LOADING or not queued_job.is_coming(row.job, row.changed)
    return row.state == LOADING and now.real() - row.changed > SILENT


def running(session: Session) -> list[TableLoad]:
    """All loads that are waited for."""
    query = sa.select(table_load).where(table_load.c.state.in_(RUNNING))
    return database.rows(session, query, TableLoad)


def cut_off(row: TableLoad) -> int:
    """How often the job of a load that nobody is at was cut off: what had not begun, or was put
    off, was not."""
    return row.attempts + (row.state == LOADING)


def seen(session: Session, row: TableLoad) -> TableLoad:
    """As it is shown: what a dead job left waits for the next look, or has failed. Nothing is
    written."""
    if row.state != LOADING or not is_lost(session, row):
        return row
    state, code = (WAITING, "cut_off") if cut_off(row) < CUT_OFF else (FAILED, "died")
    return TableLoad(*row)._replace(state=state, error={"code": code})
