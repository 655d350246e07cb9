"""The job that makes a file's table: read, build beside the old one, put in its place."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from ckan import model
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from .. import ckan_uploads, now, queued_job, settings
from ..access import source
from ..database import Session
from ..domain.column_type import OF_ITEM, ColumnType, ColumnValues
from ..domain.items import folded, undeclared
from ..domain.stored_value import Shape, read
from ..ledger import book
from ..security import services_away, uncaught_errors
from ..sheets.refused_files import Unreadable
from ..transaction import transaction
from . import datastore_table, linked_file, load_rows
from .datastore_table import NewColumn
from .file_table import FileTable, TableLimits, open_table
from .findings import TableFinding, Unloadable
from .model import TableLoad

log = logging.getLogger(__name__)
NO_WORDS = "no_room_for_words"
"""The finding that a table cannot be searched for words yet."""
A_DAY = timedelta(days=1)
OFTEN = 0.5
"""Seconds between two words of how far it is."""
WIDEST = 1500
"""Columns that PostgreSQL surely takes, whatever the operator set."""
_LINKED = "linked"
"""What a linked file is called while its table is made."""
_PASSING = frozenset({"table_busy", "datastore_away", "database_busy"})
Item = Mapping[str, Any]


class OtherJob(Exception):
    """The file was replaced or another job has it: nothing of this one is kept."""


@dataclass(frozen=True)
class LoadTerms:
    """What a load goes by: where the file stands, or the address of a link, what its entry
    declares, what it may take."""

    path: Path | None
    url: str
    items: list[Item]
    limits: TableLimits
    seconds: int


def run(resource_id: str, job: str) -> None:
    """Do what the row asks for; nothing where it asks another job."""
    with queued_job.at_work(job) as said:
        row = load_rows.find(said, resource_id)
        if row is None or row.job != job or row.state != load_rows.WAITING:
            return
        load_rows.change(said, row, state=load_rows.LOADING)
        try:
            _load(row, said)
        except OtherJob:
            log.info("The table of %s is another job's, or its file is gone", resource_id)
        except Unreadable as error:
            _fail(said, row, f"sheet.{error.code}", error.detail)
        except Unloadable as error:
            _fail(said, row, error.code, error.detail)
        except Exception as error:
            uncaught_errors.let_go()
            if isinstance(error, DBAPIError) and services_away.is_away(error):
                log.warning("The load of %s was taken back: %s", resource_id, type(error).__name__)
                _fail(said, row, "database_busy", {})
                return
            _fail(said, row, "unexpected", {})
            raise
        else:
            index(resource_id)


def index(resource_id: str) -> None:
    """Make the index of a table that readers have already; what fails is made by the next look,
    but where there is no room for it: that is told, and tried again once a day."""
    try:
        datastore_table.index_words(resource_id)
    except Exception as error:
        uncaught_errors.let_go()
        if datastore_table.is_full(error):
            log.warning("There is no room for the words of the table of %s", resource_id)
            _note_words(resource_id, [TableFinding(NO_WORDS, count=1)])
            return
        log.exception("The index of the table of %s is made at the next look", resource_id)
    else:
        _note_words(resource_id, [])


def waits_for_room(row: TableLoad) -> bool:
    """Whether there was no room for the words of a table less than a day ago."""
    said = any(one["code"] == NO_WORDS for one in row.findings)
    return said and now.real() - row.changed < A_DAY


def _note_words(resource_id: str, found: list[TableFinding]) -> None:
    """Say of a table's words that they have no room, or nothing more of it."""
    with transaction() as session:
        row = load_rows.find(session, resource_id)
        others = [one for one in row.findings if one["code"] != NO_WORDS] if row else []
        if row and (found or len(others) < len(row.findings)):
            told = [*others, *(one.kept() for one in found)]
            load_rows.change(session, row, findings=told)


def _fail(said: Connection, row: TableLoad, code: str, detail: Mapping[str, object]) -> None:
    """The old table stays, and the row says why there is no new one; what passes is tried again
    by the next look, for as long as it takes."""
    if code in _PASSING:
        load_rows.put_off(said, row, code)
        return
    error = {"code": code, "detail": {key: str(value) for key, value in detail.items()}}
    load_rows.change(said, row, state=load_rows.FAILED, error=error)


def _load(row: TableLoad, said: Connection) -> None:
    if not row.asked_by and datastore_table.made_of(row.resource_id) == datastore_table.FOREIGN:
        load_rows.forget(said, row)  # a program made one while this waited, and goes on with it
        raise OtherJob
    with transaction():  # ended before the rows are read: PostgreSQL ends what is idle in one
        terms = _terms(row)
    if terms.path:
        _make(row, said, terms, terms.path)
        return
    limits = source.Limits(terms.limits.size, terms.seconds)
    with linked_file.fetched(terms.url, _LINKED, limits) as path:
        _make(row, said, terms, path)


def _make(row: TableLoad, said: Connection, terms: LoadTerms, path: Path) -> None:
    """Read the rows, build the table of them, and put it in its place."""
    opened = open_table(path, _names(terms.items), terms.limits, row.filename)
    declared = _declared(opened, terms.items)
    values = [ColumnValues(_kind(declared.get(n))) for n in range(len(opened.columns))]
    ends = time.monotonic() + terms.seconds
    width = len(opened.columns)
    with datastore_table.building(row.resource_id, row.job, width, terms.seconds) as table:
        done, told = 0, time.monotonic()
        for cells, numbers in opened.pieces():
            for column, of_column in zip(values, zip(*cells, strict=True), strict=True):
                column.look(of_column, numbers)
            table.append(cells)
            done += len(cells)
            if time.monotonic() - told > OFTEN:
                told = time.monotonic()
                _go_on(load_rows.change(said, row, done=done))
                if told > ends:
                    raise Unloadable("too_slow")
        _go_on(load_rows.change(said, row, done=done))
        table.build(_columns(opened, values, declared))
        with transaction() as session:
            _go_on(load_rows.stands(session, row))
            _go_on(load_rows.change(session, row, **_result(row, opened, values, terms, done)))
            # it may wait for readers: before the ledger, for which others wait
            table.take_place(row.digest)
            activate(session, row.resource_id)
            facts = {"digest": row.digest, "rows": done, "columns": width}
            book.write(session, [book.LedgerEntry(
                "table_loaded", "file", row.resource_id, row.asked_by, facts)])
            session.flush()
            table.keep()


def _go_on(ours: bool) -> None:
    if not ours:
        raise OtherJob


def _terms(row: TableLoad) -> LoadTerms:
    resource = model.Resource.get(row.resource_id)
    found = load_rows.wanted(model.Session, load_rows.OF_FILE, file=row.resource_id)
    if resource is None or not found or found[0].digest != row.digest:
        raise OtherJob
    path = None if found[0].link else ckan_uploads.place_of(row.resource_id)
    if not found[0].link and (path is None or not path.is_file()):
        raise Unloadable("file_gone")
    package = model.Package.get(resource.package_id)
    extras: Any = package.extras if package else {}
    items = read(Shape.ROWS, (extras or {}).get("information_items") or "")
    return LoadTerms(
        path, found[0].url, list(items.value), limits(), settings.of_tables("seconds"))


def limits() -> TableLimits:
    """What one table may have, as the operator set it."""
    most = settings.of_tables
    columns = min(most("columns"), WIDEST)
    return TableLimits(most("rows"), columns, most("size") * 2**20, most("bad_rows"))


def activate(session: Session, resource_id: str, active: bool = True) -> None:
    """CKAN's mark that the file is a table, by which pages, gate and index know it.

    Not by its action: that judges the whole entry anew, and one with gaps would have no table.
    """
    resource = model.Resource.get(resource_id)
    if resource is not None and resource.extras.get("datastore_active", False) is not active:
        resource.extras = {**resource.extras, "datastore_active": active}
        session.add(resource)


def withdraw(resource_id: str) -> None:
    """Take away the table of a file that is none any more: its rows are not the file's.

    Readers are waited for before anything of the portal is held. Raises :class:`.Unloadable`.
    """
    with datastore_table.dropping(resource_id) as table, transaction() as session:
        load_rows.hold(session, resource_id)
        row = load_rows.find(session, resource_id)
        if row is None or not load_rows.outdated(session, file=resource_id):
            return  # another one was put up meanwhile
        load_rows.forget(session, row)
        if not table.foreign:
            activate(session, resource_id, active=False)
            if table.ours or row.loaded:
                line = book.LedgerEntry("table_withdrawn", "file", resource_id, "", {})
                book.write(session, [line])
        session.flush()
        table.keep()


def _names(items: Iterable[Item]) -> frozenset[str]:
    return frozenset(folded(str(item[key])) for item in items for key in ("name", "name_en")
                     if item.get(key))


def _declared(opened: FileTable, items: list[Item]) -> dict[int, Item]:
    """The item of each column that has one, by the column's place from 0."""
    called = {folded(str(item[key])): item for item in reversed(items)
              for key in ("name_en", "name") if item.get(key)}
    return {n: called[folded(one.id)] for n, one in enumerate(opened.columns)
            if folded(one.id) in called}


def _kind(item: Item | None) -> ColumnType | None:
    return OF_ITEM.get(str(item.get("type") or "")) if item else None


def _columns(
    opened: FileTable, values: list[ColumnValues], declared: Mapping[int, Item]
) -> list[NewColumn]:
    return [
        NewColumn(one.id, values[n].type, one.heading,
                  str(declared.get(n, {}).get("description") or ""))
        for n, one in enumerate(opened.columns)
    ]


def _result(
    row: TableLoad, opened: FileTable, values: list[ColumnValues], terms: LoadTerms, done: int
) -> dict[str, object]:
    """What the row says when the table is whole."""
    found = [*opened.findings.values(), *opened.rounded(),
             *_differences(opened, values, terms.items)]
    if not done:
        found.insert(0, TableFinding("no_rows", count=1))
    return {
        "state": load_rows.LOADED, "error": None, "done": done, "loaded_digest": row.digest,
        "loaded_filename": row.filename, "loaded": now.real(), "row_count": done,
        "sheet": opened.table.name if opened.table.name not in _of_no_sheet(terms) else "",
        "column_count": len(opened.columns), "findings": [one.kept() for one in found],
    }  # fmt: skip


def _of_no_sheet(terms: LoadTerms) -> tuple[str, str]:
    """What the table of a file without sheets is called."""
    return (terms.path.stem if terms.path else "", _LINKED)


def _differences(
    opened: FileTable, values: list[ColumnValues], items: list[Item]
) -> Iterable[TableFinding]:
    """Between what the entry declares and what the file has."""
    there = {folded(one.id) for one in opened.columns}
    for item in items:
        called = [str(item[key]) for key in ("name", "name_en") if item.get(key)]
        if called and not there & set(map(folded, called)):
            yield TableFinding("missing_item", called[0], count=1)
    if items:
        for name in undeclared([one.id for one in opened.columns], items):
            yield TableFinding("undeclared_column", name, count=1)
    declared = _declared(opened, items)
    for n, (column, seen) in enumerate(zip(opened.columns, values, strict=True)):
        if seen.misfit:
            code = "retyped" if _kind(declared.get(n)) else "changed_type"
            value, kind = seen.misfit.value[:60], seen.misfit.wanted.name
            yield TableFinding(code, column.id, value, kind, [seen.misfit.row], 1)
