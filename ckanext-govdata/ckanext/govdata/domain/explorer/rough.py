"""Figures of which only the order of magnitude is known."""

from __future__ import annotations

DIGITS = 2
"""Digits that are said of a figure that was reckoned up from a sample."""


def rough(number: float) -> int:
    """The figure with as many digits as are meant: 61,893 is about 62,000."""
    whole = round(number)
    unit = 10 ** max(0, len(str(abs(whole))) - DIGITS)
    return round(whole / unit) * unit
