"""How a spreadsheet calls its columns: A to Z, AA and so on, without an end."""

from __future__ import annotations


def letters(column: int) -> str:
    """The letters of a column, counted from 1; text has wider tables than a spreadsheet."""
    found = ""
    while column > 0:
        column, last = divmod(column - 1, 26)
        found = chr(ord("A") + last) + found
    return found
