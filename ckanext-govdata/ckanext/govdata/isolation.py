"""Work in batches in which nothing that is broken keeps the others waiting."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass
class Isolation(Generic[Thing]):
    """Does ``work`` to batches; one that fails is halved until the guilty one is alone.

    ``undo`` takes back what a batch did before it failed; ``refuse`` is told of each guilty thing
    and why. Of more than ``most`` (None: of any number) it is not the things that are to blame,
    and what was said last is raised; so is at once what ``passing`` names: a service that is away.
    """

    work: Callable[[Sequence[Thing]], None]
    undo: Callable[[], None]
    refuse: Callable[[Thing, Exception], None]
    most: int | None = None
    passing: tuple[type[Exception], ...] = ()
    refused: int = 0

    def carry_out(self, things: Sequence[Thing], size: int) -> None:
        """All of these, ``size`` at a time."""
        waiting = [things[n : n + size] for n in range(0, len(things), size)][::-1]
        while waiting:
            batch = waiting.pop()
            try:
                self.work(batch)
            except self.passing:
                self.undo()
                raise
            except Exception as error:  # whatever it is: the guilty one is told with it
                self.undo()
                if len(batch) > 1:
                    half = len(batch) // 2
                    waiting += [batch[half:], batch[:half]]
                    continue
                self.refused += 1
                if self.most is not None and self.refused > self.most:
                    raise
                self.refuse(batch[0], error)
