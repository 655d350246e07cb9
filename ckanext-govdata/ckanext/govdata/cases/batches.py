"""Cases in batches, each one transaction; one that is refused does not keep the others waiting."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from .. import progress
from .model import case

log = logging.getLogger(__name__)

SIZE = 20_000
MOST = 50
"""So many cases may be refused one by one; of more it is not the cases that are to blame."""
NAMED = 20
"""So many cases of a failure are named; of more it is said how many they are."""


@dataclass(frozen=True)
class Failure:
    """Cases that could not be processed, all for the same reason."""

    ids: tuple[str, ...]
    why: str


@dataclass
class Batches:
    """What was done of each kind, and what failed."""

    session: Any
    tell: progress.Tell = progress.silent
    counts: Counter[str] = field(default_factory=Counter[str])
    failures: list[Failure] = field(default_factory=list[Failure])
    _refused: int = 0
    _seen: int = 0

    def carry_out(
        self, ids: Sequence[str], work: Callable[[Sequence[str]], Mapping[str, int]]
    ) -> None:
        """Do ``work`` to these cases, batch by batch, and count what it says that it did.

        A batch that is refused is halved until only those cases are left out that are to blame.
        Raises what was said last where more than ``MOST`` are refused: the database is gone, say.
        """
        waiting = [ids[n : n + SIZE] for n in range(0, len(ids), SIZE)][::-1]
        while waiting:
            batch = waiting.pop()
            try:
                done = work(batch)
                self.session.commit()
            except Exception as error:
                self.session.rollback()
                if len(batch) > 1:
                    half = len(batch) // 2
                    waiting += [batch[half:], batch[:half]]
                    continue
                self._refused += 1
                if self._refused > MOST:
                    raise
                self.fail(batch, error)
            else:
                self.counts.update(done)
            self._seen += len(batch)
            self.tell("cases", self._seen)

    def fail(self, ids: Iterable[str], error: Exception) -> None:
        """Leave these cases as they are, and say so aloud."""
        failure = Failure(tuple(ids), _reason(error))
        self.failures.append(failure)
        named = failure.ids[:NAMED]
        log.error("Cannot process %d cases: %s", len(failure.ids), named, exc_info=error)


def described(session: Any, failures: Iterable[Failure]) -> list[dict[str, Any]]:
    """Each failure for people: how many cases, the references of some of them, and why."""
    found: list[dict[str, Any]] = []
    for one in failures:
        named = one.ids[:NAMED]
        query = sa.select(case.c.id, case.c.reference).where(case.c.id.in_(named))
        known = dict(session.execute(query).tuples().all())
        references = [known.get(each) or each for each in named]
        found.append({"count": len(one.ids), "cases": references, "why": one.why})
    return found


def _reason(error: Exception) -> str:
    """In one line, without the statement and its values."""
    told = error.orig if isinstance(error, DBAPIError) else error
    return f"{type(told).__name__}: {str(told).strip().partition(chr(10))[0]}"
