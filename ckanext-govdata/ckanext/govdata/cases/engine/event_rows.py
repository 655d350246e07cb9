"""Events as they are kept in the database, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ...domain.case import Case, CaseEvent, LatestDay, Running, fold, open_case
from ...domain.clock import Pause, Unit
from ...domain.procedure import Procedure
from ..model import CaseEventRow, CaseRow


def case_of(procedure: Procedure, row: CaseRow, events: Iterable[CaseEventRow]) -> Case:
    """The case of a row and its rows of events."""
    begun = open_case(
        procedure, row.applicant_id, row.opened, row.applicant_organization_id or ""
    )
    return fold(begun, map(event_of, events))


def event_of(row: CaseEventRow) -> CaseEvent:
    """The event of a row."""
    return CaseEvent(
        row.name,
        row.day,
        row.state,
        row.actor_id,
        row.role,
        row.command,
        json.loads(row.fields),
        clocks_of(row.clocks),
        row.in_place_of,
    )


def clocks_of(text: str) -> dict[str, Running]:
    """Clocks from JSON."""
    return {name: _clock(data) for name, data in json.loads(text).items()}


def clocks_text(clocks: Mapping[str, Running]) -> str:
    """Clocks as JSON."""
    return json.dumps({name: _plain(clock) for name, clock in clocks.items()}, ensure_ascii=False)


def _plain(clock: Running) -> dict[str, Any]:
    return {
        **clock.__dict__,
        "start": clock.start.isoformat(),
        "due": clock.due.isoformat(),
        "unit": clock.unit.value,
        "pauses": [[pause.first.isoformat(), pause.last.isoformat()] for pause in clock.pauses],
        "paused_since": clock.paused_since and clock.paused_since.isoformat(),
        "stopped": clock.stopped and clock.stopped.isoformat(),
        "latest": [_plain_latest(one) for one in clock.latest],
        "limit": clock.limit and _plain_latest(clock.limit),
    }


def _plain_latest(latest: LatestDay) -> dict[str, Any]:
    return {**latest.__dict__, "start": latest.start.isoformat(), "unit": latest.unit.value}


def _latest(data: dict[str, Any]) -> LatestDay:
    start, unit = date.fromisoformat(data["start"]), Unit(data["unit"])
    return LatestDay(**{**data, "start": start, "unit": unit})


def _clock(data: dict[str, Any]) -> Running:
    """A clock; those of events from before there were limits beside it have none."""
    limit = data.get("limit")
    return Running(
        **{
            **data,
            "start": date.fromisoformat(data["start"]),
            "due": date.fromisoformat(data["due"]),
            "unit": Unit(data["unit"]),
            "pauses": tuple(
                Pause(date.fromisoformat(first), date.fromisoformat(last))
                for first, last in data["pauses"]
            ),
            "paused_since": _day(data["paused_since"]),
            "stopped": _day(data["stopped"]),
            "latest": tuple(_latest(one) for one in data.get("latest", ())),
            "limit": _latest(limit) if limit else None,
        }
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
