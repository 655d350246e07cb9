"""Instants as the reader writes them."""

from __future__ import annotations

from datetime import date, datetime

from .. import now
from ..domain.chart import scale
from ..domain.locales import ENGLISH
from .language import spoken


def when(instant: datetime | str | None) -> str:
    """An instant in Beijing time: ``2020年1月25日 10:30``; empty when there is none."""
    if not instant:
        return ""
    moment, reader = now.in_beijing(instant), spoken()
    day = scale.day(moment, reader)
    date = f"{day} {moment.year}" if reader == ENGLISH else f"{moment.year}年{day}"
    return f"{date} {moment:%H:%M}"


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def day_written(iso: str) -> str:
    """A day as a letter has it: ``2026年11月2日``, ``2 November 2026``; empty for none."""
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    if spoken() == ENGLISH:
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"
