"""What was answered under a key, kept in the transaction of the act and given to who asks again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar, cast

import sqlalchemy as sa
from ckan import model

from .. import database, now, settings
from ..database import Session
from ..security import uncaught_errors, vault
from ..transaction import transaction
from . import request_key
from .model import AnsweredRow, answered
from .request_key import RequestKey

MOST = 500
"""Answers kept of a user, the newest: who sends more in a day is no person whose line broke."""
Answer = TypeVar("Answer")
TURN = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
ALONE = sa.text("SELECT pg_advisory_lock(hashtextextended(:key, 0))")
UNKNOWN = {"govdata": "the answer is not known"}
"""Kept in place of an answer, until there is one."""


def once(
    key: RequestKey | None, work: Callable[[], Answer], may: Callable[[], object] = bool
) -> Answer:
    """Do the work and keep what it answers, in one transaction; under a key that has been
    answered nothing is done, and the first answer given.

    The work leaves the commit to this. Of two at once the second waits for the first. What is
    refused leaves nothing under the key: it may be sent again, also put right. Without a key the
    work is done as ever. ``may`` raises where the caller may not do it any more: then he is given
    no answer either. Raises ``ValidationError`` where the key was of another request.
    """
    if key is None:
        return work()
    with transaction() as session:
        session.execute(TURN, {"key": key.key})
        kept = _kept(session, key)
        if kept is None:
            answer = work()
            _keep(session, key, answer)
            return answer
        uncaught_errors.let_go()  # of the repeated request nothing is written, attachments neither
        may()
        return cast("Answer", _given_again(kept, key))


def once_by_itself(
    key: RequestKey, work: Callable[[], Answer], may: Callable[[], object]
) -> Answer:
    """The same of work that commits by itself, such as CKAN's own: the key goes with its commit,
    the answer after it. Where it was done and a crash came between them that is said."""
    with _turn(key):
        kept = _kept(model.Session, key)
        if kept is not None:
            may()
            return cast("Answer", _given_again(kept, key))
        _keep(model.Session, key, UNKNOWN)
        try:
            answer = work()
        except BaseException:
            uncaught_errors.let_go()
            raise
        with transaction() as session:
            here = sa.and_(answered.c.user_id == key.user_id, answered.c.key == key.key)
            sealed = vault.seal(json.dumps(answer, ensure_ascii=False, default=str))
            session.execute(sa.update(answered).where(here).values(answer=sealed))
        return answer


@contextmanager
def _turn(key: RequestKey) -> Iterator[None]:
    """As the lock of :func:`once`, over more than one transaction."""
    engine = model.ensure_engine().execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.detach()  # closed at the end, and the lock with it
        connection.execute(ALONE, {"key": key.key})
        yield


def forget() -> int:
    """Forget the keys that have had their time; how many."""
    oldest = now.now() - timedelta(hours=settings.hours_of_keys())
    with transaction() as session:
        return database.touched(session, sa.delete(answered).where(answered.c.at < oldest))


def _kept(session: Session, key: RequestKey) -> AnsweredRow | None:
    here = sa.and_(answered.c.user_id == key.user_id, answered.c.key == key.key)
    return database.first(session, sa.select(answered).where(here), AnsweredRow)


def _keep(session: Session, key: RequestKey, answer: object) -> None:
    text = json.dumps(answer, ensure_ascii=False)
    newest = (
        sa.select(answered.c.key).where(answered.c.user_id == key.user_id)
        .order_by(answered.c.at.desc()).limit(MOST - 1)
    )
    session.execute(sa.delete(answered).where(
        answered.c.user_id == key.user_id, answered.c.key.not_in(newest)))
    session.execute(sa.insert(answered).values(
        **vars(key), answer=vault.seal(text), at=now.now()))


def _given_again(kept: AnsweredRow, key: RequestKey) -> object:
    if kept.request != key.request:
        raise request_key.used_otherwise()
    answer = json.loads(vault.unseal(kept.answer))
    if answer == UNKNOWN:
        raise request_key.answer_lost()
    request_key.replayed()
    return answer
