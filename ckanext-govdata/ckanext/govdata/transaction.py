"""The one transaction of an action that writes: all of it is kept, or nothing."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.model as model
from ckan.types import AlchemySession, Context


@contextmanager
def transaction(context: Context | None = None) -> Iterator[AlchemySession]:
    """What is written within is committed at the end, and taken back where something is raised.

    A caller that put ``defer_commit`` into the context commits by himself: then nothing is
    committed here, and what is raised takes back what was written within, not what the caller
    wrote before. A job has no context. Gives the session.
    """
    session = model.Session
    if is_deferred(context):
        with session.begin_nested():
            yield session
        return
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def rehearsal(context: Context | None = None) -> Iterator[AlchemySession]:
    """What is written within is taken back at the end, whatever comes of it; of a caller that
    commits by himself only that. Gives the session."""
    session = model.Session
    written = session.begin_nested()
    try:
        yield session
    finally:
        written.rollback()
        if not is_deferred(context):
            session.rollback()


def is_deferred(context: Context | None) -> bool:
    """Whether the caller commits, so that what follows a commit does not follow yet."""
    return context is not None and bool(context.get("defer_commit"))
