"""Instants as the reader writes them."""

from __future__ import annotations

from datetime import datetime

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
