"""What was asked of the portal and what it answered: the only witness of what was promised."""
from __future__ import annotations

import enum
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class Fate(enum.Enum):
    """What the one who asked knows of his act."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass
class Act:
    """One act: what kind, upon which ``thing``, and ``text``, which nothing else ever says.

    ``count`` is how many rows it makes, ``public`` whether strangers may read the text after it.
    ``status`` is the last answer's; None where the line broke. ``key`` is that under which it was
    asked again, where the portal takes one.
    """

    kind: str
    thing: str
    text: str
    count: int = 1
    public: bool = True
    key: str = ""
    sent: float = field(default_factory=time.time)
    answered: float | None = None
    status: int | None = None
    answer: Any = None
    again: Callable[[], object] | None = field(default=None, repr=False)
    """Asks for the same under the same key."""

    @property
    def fate(self) -> Fate:
        """200 is done, a refusal is refused; whoever heard nothing, or of a service, does not know.
        """
        if self.status is None or self.status >= 500:
            return Fate.UNKNOWN
        return Fate.DONE if self.status < 300 else Fate.REFUSED


@dataclass(frozen=True)
class Reading:
    """A text that a stranger was shown, and between which instants he was."""

    thing: str
    text: str
    where: str
    asked: float
    answered: float


class Journal:
    """Kept by many at once."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self.acts: list[Act] = []
        self.readings: list[Reading] = []
        self.answers: Counter[str] = Counter()
        """How many answers of each status, ``broken`` where there was none."""
        self.faults: list[str] = []
        """What should never be answered: a bare error, a repeat that was carried out anew."""
        self.replayed = self.shown = 0
        """Acts whose first answer came again; texts that strangers were shown."""

    def began(self, act: Act) -> Act:
        """It is written down before it is sent."""
        with self._turn:
            self.acts.append(act)
        return act

    def read(self, readings: list[Reading]) -> None:
        """What a stranger saw."""
        with self._turn:
            self.readings += readings
            self.shown += len(readings)

    def heard(self, status: int | None, where: str, said: str) -> None:
        """An answer to anybody; one that is neither whole nor in words is a fault."""
        with self._turn:
            self.answers[str(status or "broken")] += 1
            if status and status >= 500 and status != 503:
                self.faults.append(f"{status} at {where}: {said[:200]}")

    def fault(self, words: str) -> None:
        """Something that was wrong in an answer."""
        with self._turn:
            self.faults.append(words)

    def again(self) -> None:
        """A repeated act had its first answer."""
        with self._turn:
            self.replayed += 1

    def taken_faults(self) -> list[str]:
        """What was wrong since this was asked last."""
        with self._turn:
            found, self.faults = self.faults, []
            return found

    def taken_readings(self) -> list[Reading]:
        """What was read since this was asked last."""
        with self._turn:
            found, self.readings = self.readings, []
            return found
