"""What is read for many at once, where each would ask for itself: for making many documents."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Ahead(Generic[Key, Value]):
    """Values by key that are held as long as a block lasts; ``name`` is for whoever debugs."""

    def __init__(self, name: str) -> None:
        self._held: ContextVar[Mapping[Key, Value]] = ContextVar(name)

    @contextmanager
    def held(self, found: Mapping[Key, Value]) -> Iterator[None]:
        """Within this block these values are there and not read again."""
        token = self._held.set(found)
        try:
            yield
        finally:
            self._held.reset(token)

    def of(self, key: Key, read: Callable[[], Value]) -> Value:
        """The value that is held, else what is read now."""
        held = self._held.get({})
        return held[key] if key in held else read()
