"""What is loaded when: after the commit that brought a file, and by a look for what was missed."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import ckan.plugins as p
from ckan import model
from redis.exceptions import RedisError

from .. import after_commit, queued_job, settings
from ..security import uncaught_errors
from ..transaction import transaction
from . import datastore_table, load_job, load_rows
from .findings import Unloadable
from .load_rows import WantedTable
from .model import TableLoad

log = logging.getLogger(__name__)


def is_on() -> bool:
    """Whether this portal makes tables of files: another plugin may do that, or the operator may
    not want it."""
    others = any(map(p.plugin_loaded, ("xloader", "datapusher", "datapusher_plus")))
    on = settings.is_portal() and settings.makes_tables()
    return on and p.plugin_loaded("datastore") and not others


def entry_written(pkg_dict: Mapping[str, object], new: bool = False) -> None:
    """In the transaction that writes an entry: its files are looked at after the commit, where one
    may be a table, or is, or was before it was removed."""
    listed = pkg_dict.get("resources")
    files = listed if isinstance(listed, list) else []
    concerns = (files and settings.linked_hosts()) or any(
        one.get("url_type") == "upload" or one.get("datastore_active") for one in files)
    entry = str(pkg_dict["id"])
    if is_on() and (concerns or (not new and load_rows.is_known(model.Session, entry))):
        after_commit.then(model.Session, lambda: look_at(entry))


def look_at(entry: str) -> None:
    """Have the tables of an entry's new files loaded, and those taken away whose file is none: by
    a job, for that may wait for whoever reads them."""
    if load_rows.outdated(model.Session, entry):
        enqueue(take_away, [entry], uuid.uuid4().hex, f"tables taken from {entry}")
    _ask(load_rows.wanted(model.Session, load_rows.OF_ENTRY, entry=entry))


def look_for_missed() -> str:
    """Have loaded what was missed, begin again what was cut off, tell what was so twice; what is
    wrong, in words for operators."""
    if p.plugin_loaded("datastore"):
        _drop_replaced()
    if not is_on():
        return ""
    take_away()
    lost = [row for row in load_rows.running(model.Session)
            if load_rows.is_put_off(row) or load_rows.is_lost(model.Session, row)]
    failed = 0
    for row in lost:
        with _by_itself(row.resource_id):
            failed += not _begin_again(row)
    _ask(load_rows.wanted(model.Session, load_rows.MISSED))
    _tidy()
    return f"{failed} tables were not loaded: their jobs died twice" if failed else ""


def _begin_again(row: TableLoad) -> bool:
    """Whether a load that nobody is at may go on; what was cut off too often has failed."""
    files = load_rows.wanted(model.Session, load_rows.OF_FILE, file=row.resource_id)
    if not files:
        return True  # its table is taken away
    if (cut_off := load_rows.cut_off(row)) < load_rows.CUT_OFF:
        begin(files[0]._replace(job=row.job), row.asked_by, cut_off)
        return True
    with transaction() as session:
        load_rows.change(session, row, state=load_rows.FAILED, error={"code": "died"})
    return False


@contextmanager
def _by_itself(file: str) -> Iterator[None]:
    """What goes wrong with one file does not keep the others from their turn."""
    try:
        yield
    except Unloadable:
        log.warning("The table of %s is in use: the next look sees to it", file)
    except Exception:
        uncaught_errors.let_go()
        log.exception("The next look sees to the table of %s", file)


def begin(file: WantedTable, user_id: str = "", cut_off: int = 0) -> None:
    """Ask for one table, and put its job into the queue after the commit."""
    with transaction() as session:
        if job := load_rows.ask(session, file, user_id, cut_off):
            given, title = [file.resource_id, job], f"table {file.resource_id}"
            after_commit.then(session, lambda: enqueue(load_job.run, given, job, title))


def enqueue(work: Callable[..., object], arguments: list[str], job: str, title: str) -> None:
    """Put a job into the queue; while that is away the next look does it."""
    try:
        queued_job.enqueue(work, arguments, job, title)
    except RedisError:
        log.warning("The queue is away, so the next look does it: %s", title)


def take_away(entry: str = "") -> None:
    """Take away the tables, of one entry or all, whose files are none any more."""
    for file in load_rows.outdated(model.Session, entry):
        with _by_itself(file):
            load_job.withdraw(file)


def _drop_replaced() -> None:
    """Drop tables that were replaced, also where no new ones are made any more."""
    names: list[str] = []
    with _by_itself("all that were replaced"):
        names = datastore_table.replaced()
    for name in names:
        with _by_itself(name):
            datastore_table.drop_replaced(name)


def _tidy() -> None:
    """Make the index of tables whose job ended before it had."""
    try:
        files = datastore_table.without_index()
    except Unloadable:
        log.warning("The database of tables does not answer")
        return
    for file in files:
        with transaction() as session:
            row = load_rows.find(session, file)
            if row and (queued_job.is_at_work(session, row.job) or load_job.waits_for_room(row)):
                continue  # it is about to, or it would be in vain
        load_job.index(file)


def needs_load(file: WantedTable, row: TableLoad | None) -> bool:
    """Whether the table of these very bytes is neither there nor on its way; what stands behind a
    link may be other by now."""
    if row is None or row.digest != file.digest or row.state == load_rows.FAILED:
        return True
    if row.state == load_rows.LOADED:
        return file.link or _made_of(file) != file.digest
    return load_rows.is_put_off(row) or load_rows.is_lost(model.Session, row)


def mend_mark(file: WantedTable) -> None:
    """Say to CKAN that a file whose table is there is one, where it does not know any more."""
    if not file.active:
        with transaction() as session:
            load_job.activate(session, file.resource_id)


def _ask(files: list[WantedTable]) -> None:
    for file in files:
        with _by_itself(file.resource_id):
            _ask_one(file)


def _ask_one(file: WantedTable) -> None:
    if file.known != file.digest:
        if file.is_table and _made_of(file) != datastore_table.FOREIGN:
            begin(file)
    elif file.state == load_rows.LOADED and not file.active and _made_of(file) == file.digest:
        mend_mark(file)


def _made_of(file: WantedTable) -> str | None:
    try:
        return datastore_table.made_of(file.resource_id)
    except Unloadable:
        return None  # its job asks again, and says what is wrong
