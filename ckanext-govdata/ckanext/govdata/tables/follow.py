"""What is loaded when: after the commit that brought a file, and by a look for what was missed."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import ckan.plugins as p
from ckan import model
from redis.exceptions import RedisError

from .. import after_commit, queued_job, settings
from ..access import rows
from ..transaction import transaction
from . import datastore_table, load_job, load_rows
from .findings import Unloadable
from .load_rows import WantedTable

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
    concerns = any(one.get("url_type") == "upload" or one.get("datastore_active") for one in files)
    entry = str(pkg_dict["id"])
    if is_on() and (concerns or (not new and load_rows.is_known(model.Session, entry))):
        after_commit.then(model.Session, lambda: look_at(entry))


def look_at(entry: str) -> None:
    """Have the tables of an entry's new files loaded, and those taken away whose file is none."""
    _take_away(load_rows.outdated(model.Session, entry))
    _ask(load_rows.wanted(model.Session, load_rows.OF_ENTRY, entry=entry))


def look_for_missed() -> str:
    """Have loaded what was missed, begin again what was cut off, tell what was so twice; what is
    wrong, in words for operators."""
    if not is_on():
        return ""
    _take_away(load_rows.outdated(model.Session))
    lost = [row for row in load_rows.running(model.Session)
            if load_rows.is_put_off(row) or load_rows.is_lost(model.Session, row)]
    failed = 0
    for row in lost:
        again = load_rows.wanted(model.Session, load_rows.OF_FILE, file=row.resource_id)
        if again and (load_rows.is_put_off(row) or row.attempts < load_rows.ATTEMPTS):
            begin(again[0], row.asked_by, row.attempts)
            continue
        failed += 1
        with transaction() as session:
            load_rows.change(session, row, state=load_rows.FAILED, error={"code": "died"})
    _ask(load_rows.wanted(model.Session, load_rows.MISSED))
    _index()
    return f"{failed} tables were not loaded: their jobs died twice" if failed else ""


def begin(file: WantedTable, user_id: str = "", attempts: int = 0) -> str:
    """Ask for one table, and put its job into the queue after the commit; gives its id."""
    with transaction() as session:
        job = load_rows.ask(session, file, user_id, attempts)
        after_commit.then(session, lambda: enqueue(file.resource_id, job))
    return job


def enqueue(resource_id: str, job: str) -> None:
    """Put the job into the queue; while that is away its row waits for the next look."""
    try:
        queued_job.enqueue(load_job.run, [resource_id, job], job, f"table {resource_id}")
    except RedisError:
        log.warning("The table of %s waits: the queue is away", resource_id)


def _take_away(files: list[str]) -> None:
    for file in files:
        try:
            load_job.withdraw(file)
        except Unloadable:
            log.warning("The table of %s is in use: it is taken away at the next look", file)
        except Exception:
            log.exception("The table of %s is taken away at the next look", file)


def _index() -> None:
    """Make the index of tables whose job ended before it had."""
    try:
        files = datastore_table.without_index()
    except Unloadable:
        log.warning("The database of tables does not answer")
        return
    for file in files:
        with transaction() as session:
            row = load_rows.find(session, file)
            if row and queued_job.is_at_work(session, row.job):
                continue  # it is about to
        try:
            datastore_table.index_words(file)
        except Exception:
            log.exception("The index of the table of %s is made at the next look", file)


def _ask(files: list[WantedTable]) -> None:
    for file in files:
        if file.known == file.digest:
            if file.state == load_rows.LOADED and not file.active and _is_there(file):
                with transaction() as session:
                    load_job.activate(session, file.resource_id)
        elif file.is_table and not _is_foreign(file):
            begin(file)


def _is_foreign(file: WantedTable) -> bool:
    try:
        return datastore_table.is_foreign(file.resource_id)
    except Unloadable:
        return False  # its job asks again, and says what is wrong


def _is_there(file: WantedTable) -> bool:
    return rows.in_datastore(file.resource_id)
