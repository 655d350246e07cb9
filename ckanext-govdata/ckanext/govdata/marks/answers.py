"""What the action on marks answers."""

from __future__ import annotations

from typing import TypedDict


class OpenMarkAnswer(TypedDict):
    """One datum that is under review; ``row`` is what stands in its key, ``count`` how many have
    marked it."""

    grain: str
    resource_id: str
    column: str
    row: dict[str, str]
    since: str
    due: str
    count: int


class MarkListAnswer(TypedDict):
    """What of an entry is under review, of that what the reader may read."""

    count: int
    results: list[OpenMarkAnswer]
