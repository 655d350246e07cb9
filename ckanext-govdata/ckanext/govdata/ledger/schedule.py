"""When the head of the day before is published, and what nobody's commit told is told."""

from __future__ import annotations

import ckan.model as model

from .. import now
from ..job import Job
from . import configuration, heads, settlement


def publish_head() -> int:
    """The heads of the days that are over."""
    count = heads.publish(model.Session, now.today())
    model.Session.commit()
    return count


jobs = [
    Job("ledger-head", "3 0 * * *", publish_head),
    Job("ledger-changes", "* * * * *", settlement.settle_rest),
    Job("ledger-configuration", "* * * * *", configuration.record),
]
