"""What the columns of a file are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...domain.explorer.column import Column
from ...domain.items import folded


def headings(columns: Sequence[Column]) -> list[str]:
    """Each by its whole heading; those that would be called the same by the table's own names."""
    counted = Counter(folded(one.title) for one in columns)
    return [one.title if counted[folded(one.title)] == 1 else one.name for one in columns]
