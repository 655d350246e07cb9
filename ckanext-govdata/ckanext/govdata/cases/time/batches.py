"""Cases in batches, each one transaction; one that is refused does not keep the others waiting."""

from __future__ import annotations

import logging
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InternalError,
    OperationalError,
)

from ... import progress
from ...database import Session
from ...domain.elapse import Unjudgeable
from ...isolation import Isolation
from ..model import case

log = logging.getLogger(__name__)

SIZE = 20_000
MOST = 50
"""So many cases may be refused one by one; of more it is not the cases that are to blame."""
NAMED = 20
"""So many cases of a failure are named; of more it is said how many they are."""
EXPECTED = (Unjudgeable, IntegrityError, DataError, InternalError, OperationalError)
"""What a case may be to blame for: something it needs is missing, or its data is damaged or
refused. Anything else is a bug."""


@dataclass(frozen=True)
class Failure:
    """Cases that could not be processed, all for the same reason."""

    ids: tuple[str, ...]
    why: str


@dataclass
class Batches:
    """What was done of each kind, and what failed."""

    session: Session
    tell: progress.Tell = progress.silent
    counts: Counter[str] = field(default_factory=Counter[str])
    failures: list[Failure] = field(default_factory=list[Failure])
    _refused: int = 0
    _seen: int = 0
    _traced: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def carry_out(
        self, ids: Sequence[str], work: Callable[[Sequence[str]], Mapping[str, int]]
    ) -> None:
        """Do ``work`` to these cases, batch by batch, and count what it says that it did.

        A batch that is refused is halved until only those cases are left out that are to blame.
        Raises what was said last where more than ``MOST`` are refused: the database is gone, say.
        """
        def done(batch: Sequence[str]) -> None:
            counts = work(batch)
            self.session.commit()
            self.counts.update(counts)
            self._tell(len(batch))

        def refuse(guilty: str, error: Exception) -> None:
            self.fail([guilty], error)
            self._tell(1)

        way = Isolation(done, self.session.rollback, refuse, MOST, refused=self._refused)
        try:
            way.carry_out(ids, SIZE)
        finally:
            self._refused = way.refused

    def _tell(self, more: int) -> None:
        self._seen += more
        self.tell("cases", self._seen)

    def fail(self, ids: Iterable[str], error: Exception) -> None:
        """Leave these cases as they are, and say so aloud: a line for each of some of them.

        Where it is not the case that is to blame but a bug, its traceback is told once a run.
        """
        failure = Failure(tuple(ids), _reason(error))
        self.failures.append(failure)
        for reference in _references(self.session, failure):
            log.error("Cannot process case %s: %s", reference, failure.why)
        if len(failure.ids) > NAMED:
            log.error("And %d cases more: %s", len(failure.ids) - NAMED, failure.why)
        kind = _kind(error)
        bug = not isinstance(error, EXPECTED) and kind not in self._traced
        self._traced.add(kind)
        log.log(logging.ERROR if bug else logging.DEBUG, "%s at %s", *kind, exc_info=error)


class FailureTold(TypedDict):
    """A failure for people: how many cases, the references of some of them, and why."""

    count: int
    cases: list[str]
    why: str


def described(session: Session, failures: Iterable[Failure]) -> list[FailureTold]:
    """Each failure for people: how many cases, the references of some of them, and why."""
    return [
        {"count": len(one.ids), "cases": _references(session, one), "why": one.why}
        for one in failures
    ]


def _references(session: Session, failure: Failure) -> list[str]:
    """The numbers of some of the cases; the id of one that has none."""
    named = failure.ids[:NAMED]
    query = sa.select(case.c.id, case.c.reference).where(case.c.id.in_(named))
    known = dict(session.execute(query).tuples().all())
    return [known.get(each) or each for each in named]


def _kind(error: Exception) -> tuple[str, str]:
    """What went wrong and where in the code: alike for all cases that one bug strikes."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return type(error).__name__, f"{place.filename}:{place.lineno}"


def _reason(error: Exception) -> str:
    """In one line, without the statement and its values."""
    told = error.orig if isinstance(error, DBAPIError) else error
    return f"{type(told).__name__}: {str(told).strip().partition(chr(10))[0]}"
