"""Which parameters views read of an address: found by letting them, not by reading their source."""
from __future__ import annotations

from typing import Any

from werkzeug.datastructures import ImmutableMultiDict

NAMES: set[str] = set()


class Recording(ImmutableMultiDict[str, str]):
    """Parameters that note what is looked for; take out of ``NAMES`` what one request read."""

    def get(self, key: str, *more: Any, **named: Any) -> Any:
        NAMES.add(key)
        return super().get(key, *more, **named)

    def getlist(self, key: str, *more: Any, **named: Any) -> list[Any]:
        NAMES.add(key)
        return super().getlist(key, *more, **named)

    def __getitem__(self, key: str) -> Any:
        NAMES.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        NAMES.add(str(key))
        return super().__contains__(key)


def taken() -> list[str]:
    """The names read since the last time."""
    found = sorted(NAMES)
    NAMES.clear()
    return found
