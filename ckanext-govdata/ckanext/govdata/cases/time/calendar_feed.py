"""An officer's due days as iCalendar (RFC 5545), behind an address that only he knows."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ... import now, settings
from ...database import Session
from ...pager import Pager
from ..model import CaseRow, calendar_address
from ..pages import case_list

MOST = 10


def new_secret(session: Session, user_id: str) -> str:
    """A new secret for the address of a user's calendar; the one before is worth nothing now.

    Only its digest is kept. In the caller's transaction.
    """
    secret = secrets.token_urlsafe(32)
    row = {"digest": _digest(secret), "made": now.now()}
    new = insert(calendar_address).values(user_id=user_id, **row)
    session.execute(new.on_conflict_do_update(index_elements=["user_id"], set_=row))
    return secret


def made_on(session: Session, user_id: str) -> str:
    """The day on which the user's address was made, in ISO form; empty where he has none."""
    query = sa.select(calendar_address.c.made).where(calendar_address.c.user_id == user_id)
    made = session.scalar(query)
    return now.in_beijing(made).date().isoformat() if made else ""


def user_of(session: Session, secret: str) -> str:
    """Whose calendar it is, or nothing where the secret is no longer one or the user is gone."""
    query = sa.select(calendar_address.c.user_id).where(
        calendar_address.c.digest == _digest(secret)
    )
    user = model.User.get(session.scalar(query))
    return user.id if user and user.is_active else ""


def calendar_of(user_id: str) -> str:
    """The calendar: one whole-day event for each open case with a due day."""
    lines: list[str] = []
    for page in range(1, MOST + 1):
        part = Pager(page, case_list.PAGE)
        _count, rows = case_list.find(model.Session, user_id, {"desk": True, "open": True}, part)
        for row in rows:
            if row.due:
                lines += _event(row, row.due, row.package_title)
        if len(rows) < case_list.PAGE:
            break
    return _calendar(lines)


def due_day_of(row: CaseRow, title: str) -> str:
    """The calendar of the one day until which a case is answered; ``title`` is what its reader may
    know of the entry."""
    return _calendar(_event(row, row.due, title) if row.due else [])


def _calendar(events: list[str]) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//govdata//cases//ZH",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:" + _text(tk._("Due days")),
        *events,
        "END:VCALENDAR",
    ]
    return "\r\n".join(folded for line in lines for folded in _fold(line)) + "\r\n"


def _event(row: CaseRow, due: date, title: str) -> list[str]:
    address = tk.h.url_for("govdata_cases.read", case_id=row.id, _external=True)
    return [
        "BEGIN:VEVENT",
        f"UID:{row.id}@{settings.site_id()}",
        f"DTSTAMP:{now.now():%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due + timedelta(days=1):%Y%m%d}",
        "SUMMARY:" + _text(f"{row.reference} {title}"),
        "URL:" + address,
        "END:VEVENT",
    ]


def _text(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, "\\" + sign)
    return words.replace("\r", "").replace("\n", "\\n")


def _fold(line: str, width: int = 75) -> list[str]:
    """A line of at most 75 octets, the rest on lines that begin with a blank."""
    folded, current = [], ""
    for sign in line:
        if len((current + sign).encode()) > width:
            folded.append(current)
            current = " "
        current += sign
    return [*folded, current]


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
