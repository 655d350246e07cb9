"""What of emergencies a case can be about: an event."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..domain.topic import CaseSubject, Topic
from .event import event_record


def event(_context: Context, asked: Mapping[str, object]) -> CaseSubject:
    """An event, for which its handler answers; a drill is none, for not everybody is told of it."""
    row = event_record.row_of(str(asked.get("event_id") or ""))
    if row is None or row.drill:
        raise tk.ValidationError({"event_id": [tk._("There is no such event.")]})
    return CaseSubject(
        Topic.EVENT, row.event.title, row.organization_id, place={"event": row.name}
    )
