"""When each job was carried out last, kept in the database: what is due and was not done is found,
though the scheduler, or the whole machine, was away at its minute.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from .. import now
from ..job import Job

GRACE = timedelta(seconds=90)
"""So long after its time a job is left to the clock itself."""
LATE = timedelta(hours=1)
"""So long after its time somebody must look."""
OFTEN = timedelta(minutes=5)
"""What comes again within this time is not made up for."""
LONGEST_WAIT = timedelta(hours=1)

duty = sa.Table(
    "govdata_job",
    tk.BaseModel.metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("done", sa.DateTime(timezone=True), nullable=False),
    sa.Column("tried", sa.DateTime(timezone=True)),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
)
"""``done`` is when a job began that was carried out; ``tries`` counts failures since, the last of
them ``tried``. A job without a row was never listed by a scheduler that ran."""


@dataclass(frozen=True)
class Overdue:
    """A job that should have been carried out at ``due`` and was not; ``tries`` have failed."""

    job: Job
    due: datetime
    tried: datetime | None
    tries: int

    def wanted(self, instant: datetime) -> bool:
        """Whether it is to be made up for now."""
        again = trigger(self.job).get_next_fire_time(None, instant)
        if instant - self.due < GRACE or (again and again - instant < OFTEN):
            return False
        wait = min(timedelta(minutes=2 ** min(self.tries, 10)), LONGEST_WAIT)
        return not self.tries or self.tried is None or instant >= self.tried + wait


def trigger(job: Job) -> CronTrigger:
    """Its times."""
    return CronTrigger.from_crontab(job.cron, timezone=now.BEIJING)


def begin(connection: Connection, jobs: Iterable[Job], instant: datetime) -> None:
    """From now on these are known: what was due before that was nobody's duty."""
    rows = [{"name": job.name, "done": instant} for job in jobs]
    if rows:
        connection.execute(insert(duty).values(rows).on_conflict_do_nothing())
    connection.commit()


def overdue(connection: Connection, jobs: Iterable[Job], instant: datetime) -> list[Overdue]:
    """What should have been done by ``instant`` and was not, the oldest first."""
    known = {row.name: row for row in connection.execute(sa.select(duty))}
    connection.commit()
    found: list[Overdue] = []
    for job in jobs:
        if row := known.get(job.name):
            after = min(row.done, instant) + timedelta(microseconds=1)
            due = trigger(job).get_next_fire_time(None, after)
            if due and due <= instant:
                found.append(Overdue(job, due, row.tried, row.tries))
    return sorted(found, key=lambda one: (one.due, one.job.name))


def is_known(connection: Connection, job: Job) -> bool:
    """Whether it has a row."""
    found = connection.scalar(sa.select(sa.exists().where(duty.c.name == job.name)))
    connection.commit()
    return bool(found)


def note(connection: Connection, job: Job, began: datetime, done: bool) -> None:
    """How a run went that began then."""
    row = {"done": began, "tried": None, "tries": 0}
    new = insert(duty).values(name=job.name, **row)
    if done:
        new = new.on_conflict_do_update(index_elements=["name"], set_=row)
        connection.execute(new)
    else:
        failed = sa.update(duty).where(duty.c.name == job.name)
        connection.execute(failed.values(tried=began, tries=duty.c.tries + 1))
    connection.commit()


def late(connection: Connection, jobs: Iterable[Job], instant: datetime) -> list[str]:
    """For operators: the jobs that should have been done long ago."""
    return [
        f"{one.job.name}: due since {now.in_beijing(one.due):%Y-%m-%d %H:%M} and not done; "
        f"`ckan govdata schedule run {one.job.name}` does it now"
        for one in overdue(connection, jobs, instant)
        if instant - one.due > LATE
    ]
