"""Tables of cases; made by ``migration/govdata``.

A case's row is a projection of its events, kept for lists and the sweep; the events are
the truth and can only be appended.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

import ckan.plugins.toolkit as tk
import sqlalchemy as sa

META = tk.BaseModel.metadata
INSTANT = sa.DateTime(timezone=True)

counter = sa.Table(
    "govdata_counter",
    META,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
)

case = sa.Table(
    "govdata_case",
    META,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reference", sa.Text, unique=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("subject_kind", sa.Text, nullable=False, server_default="entry"),
    sa.Column("subject", sa.Text, nullable=False, server_default="{}"),
    sa.Column("package_id", sa.Text),
    sa.Column("package_title", sa.Text, nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("organization_title", sa.Text, nullable=False),
    sa.Column("jurisdiction", sa.Text, nullable=False),
    sa.Column("rules_day", sa.Date, nullable=False),
    sa.Column("applicant_id", sa.Text, nullable=False),
    sa.Column("applicant_organization_id", sa.Text),
    sa.Column("assigned_id", sa.Text),
    sa.Column("opened", sa.Date, nullable=False),
    sa.Column("received", sa.Date),
    sa.Column("decided", sa.Date),
    sa.Column("due", sa.Date),
    sa.Column("due_clock", sa.Text),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("lapses", sa.Date),
    sa.Column("reminded", sa.Date),
    sa.Column("overdue_said", sa.Boolean, nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("draft", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created", INSTANT, nullable=False),
    sa.Column("modified", INSTANT, nullable=False),
)

event = sa.Table(
    "govdata_case_event",
    META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("in_place_of", sa.Text, nullable=False, server_default=""),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("fields", sa.Text, nullable=False),
    sa.Column("clocks", sa.Text, nullable=False),
    sa.Column("decision", sa.Integer),
)

letter = sa.Table(
    "govdata_case_letter",
    META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("at", INSTANT, nullable=False),
)


calendar_address = sa.Table(
    "govdata_calendar_address",
    META,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("made", INSTANT, nullable=False),
)


class CaseRow(NamedTuple):
    """A row of :data:`case`; ``subject`` and ``draft`` are JSON."""

    id: str
    kind: str
    reference: str | None
    state: str
    open: bool
    outcome: str | None
    subject_kind: str
    subject: str
    package_id: str | None
    package_title: str
    organization_id: str
    organization_title: str
    jurisdiction: str
    rules_day: date
    applicant_id: str
    applicant_organization_id: str | None
    assigned_id: str | None
    opened: date
    received: date | None
    decided: date | None
    due: date | None
    due_clock: str | None
    provisional: bool
    lapses: date | None
    reminded: date | None
    overdue_said: bool
    late: bool
    draft: str
    version: int
    created: datetime
    modified: datetime


class CaseEventRow(NamedTuple):
    """A row of :data:`event`; ``fields`` and ``clocks`` are JSON."""

    case_id: str
    number: int
    name: str
    command: str
    actor_id: str
    role: str
    in_place_of: str
    day: date
    at: datetime
    state: str
    fields: str
    clocks: str
    decision: int | None


class LetterRow(NamedTuple):
    """A row of :data:`letter`; ``content`` is JSON."""

    case_id: str
    number: int
    digest: str
    content: str
    at: datetime
