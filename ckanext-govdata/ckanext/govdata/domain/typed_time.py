"""Days and instants as people and programs write them; one reading for every form and action."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, tzinfo

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WRITTEN_DAY = re.compile(
    r"([0-9]{4})(?:年([0-9]{1,2})月([0-9]{1,2})[日号號]|[-/.]([0-9]{1,2})[-/.]([0-9]{1,2}))"
)


def read_day(written: str) -> date | None:
    """A day such as 2026-10-01; ``None`` for whatever else ISO 8601 or a reader might mean."""
    text = written.strip()
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_written_day(written: str) -> date | None:
    """A day as people type one into a form, the year first: also 2026年10月1日, 2026/10/1."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", written))
    found = _WRITTEN_DAY.fullmatch(plain)
    if not found:
        return read_day(written)
    year, month, day = (int(part) for part in found.groups() if part)
    return read_day(f"{year:04}-{month:02}-{day:02}")


def read_instant(written: str, zone: tzinfo | None = None) -> datetime | None:
    """An instant with its zone, as ISO 8601 writes it.

    A plus sign that came unescaped in an address is a blank. One without a zone is in ``zone``;
    where none is meant, it is none.
    """
    text = re.sub(r"[Zz]$", "+00:00", written.strip())
    text = re.sub(r" (\d{2}:\d{2})$", r"+\1", text) if text.count(":") > 1 else text
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is None:
        return found.replace(tzinfo=zone) if zone else None
    return found
