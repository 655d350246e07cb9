"""Tables of cases; made by ``migration/govdata``.

A case's row is a projection of its events, kept for lists and the sweep; the events are
the truth and can only be appended.
"""

from __future__ import annotations

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
