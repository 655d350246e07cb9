"""Send what waits in the outbox: at least once, with a key that makes a second time harmless."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypedDict

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.mailer import MailerException
from flask import current_app
from sqlalchemy.exc import InterfaceError, OperationalError

from .. import database, now, settings
from ..database import Session
from ..domain import letter_class
from ..domain.letter_class import LetterClass
from ..job import Unfinished, steps
from ..security import smtp
from ..speech.when import day_written
from . import lost_letters, sentences
from .model import NoticeRow, OutboxRow, notice, outbox, preference
from .outbox import Post, post

log = logging.getLogger(__name__)
Sender = Callable[[database.Session, OutboxRow], str]
KINDS = ("mail", "digest")
LONGEST_WAIT = timedelta(hours=12)
GIVEN_UP = "given up: "
TOLD_FOR = timedelta(days=7)
"""So long operators are told of what was given up."""
AT_ONCE = 5000
"""Letters of one run; the next minute's goes on."""
LONGEST_DIGEST = timedelta(days=7)
"""A digest goes back to the one before it, where none was written for days."""
LISTED = 50
"""Notices that one mail lists; of more it gives the number."""


def deliver() -> dict[str, int]:
    """Send the mails to users that are due."""
    if not settings.smtp().server:
        return {"sent": 0, "failed": 0}
    with smtp.Line() as line:
        return empty(KINDS, partial(_send, line))


def empty(kinds: Sequence[str], send: Sender, most: int = AT_ONCE) -> dict[str, int]:
    """Send what of these kinds is due, by classes in turn; how it went.

    Each is a transaction of its own, so a kill sends one again at most, and a step of its own,
    which an orderly end of the process waits for. ``send`` says why there was nothing to send, or
    raises ``MailerException`` or ``ValueError`` where it is to be tried again, with words that may
    be kept; ``smtp.LineBroken`` ends the run. Public to other slices, whose posts do not wait for
    ours.
    """
    counts = {"sent": 0, "failed": 0}
    for turn in range(most):
        with steps.step() as goes_on:
            row = _next(model.Session, kinds, turn) if goes_on else None
            if row is None:
                model.Session.rollback()
                break
            try:
                counts["sent" if _send_one(model.Session, row, send) else "failed"] += 1
            finally:
                model.Session.commit()
    return counts


def digests() -> int:
    """Put the unread notices since the last digest into the outbox, of those who want one a day."""
    day, instant = now.today(), now.now()
    last = (
        sa.select(sa.func.split_part(outbox.c.key, ":", 2).label("user_id"),
                  sa.func.max(outbox.c.at).label("at"))
        .where(outbox.c.kind == "digest")
        .group_by(sa.text("1"))
        .subquery()
    )  # fmt: skip
    before = sa.func.coalesce(last.c.at, instant - timedelta(days=1))
    since = sa.func.greatest(before, instant - LONGEST_DIGEST)
    query = (
        sa.select(notice.c.user_id, since.label("since"))
        .distinct()
        .join(preference, preference.c.user_id == notice.c.user_id)
        .outerjoin(last, last.c.user_id == notice.c.user_id)
        .where(preference.c.mail == "daily", notice.c.read.is_(None), notice.c.at > since)
    )
    posts = [
        Post(f"digest:{user}:{day}", "digest", {"user": user, "since": first.isoformat()},
             urgency=LetterClass.DIGEST)
        for user, first in model.Session.execute(query)
    ]
    post(model.Session, posts)
    model.Session.commit()
    return len(posts)


def _next(session: Session, kinds: Sequence[str], turn: int) -> OutboxRow | None:
    """What goes out now, of the class whose turn it is; PostgreSQL asks the others only where that
    has nothing."""
    due = (
        sa.select(outbox.c.id)
        .where(outbox.c.kind.in_(kinds), outbox.c.sent.is_(None), outbox.c.next_try <= now.now())
        .order_by(outbox.c.next_try, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    by_class = [
        due.where(outbox.c.urgency == one).scalar_subquery() for one in letter_class.order(turn)
    ]
    found = sa.select(outbox).where(outbox.c.id == sa.func.coalesce(*by_class))
    return database.first(session, found, OutboxRow)


class _Outcome(TypedDict, total=False):
    """What is noted of an attempt, in the columns of the outbox."""

    tries: int
    problem: str
    sent: datetime
    next_try: datetime


def _send_one(session: Session, row: OutboxRow, send: Sender) -> bool:
    """Send a message and note how it went; a failure is tried again after a while, for days.

    Whatever goes wrong with one message is that message's: the others are not kept waiting. A line
    that breaks is nobody's, but for the message that was under way: it may have broken it.
    """
    values = _Outcome(tries=row.tries + 1, problem="")
    try:
        with session.begin_nested():
            values["problem"] = send(session, row)
        values["sent"] = now.now()
    except (OperationalError, InterfaceError):  # the database is away: no message's fault
        raise
    except smtp.LineBroken as broken:
        if broken.midway:
            _note(session, row, values | _failed(row, broken.brief))
        raise Unfinished(f"the mail server cannot be reached: {broken.brief}") from broken
    except (MailerException, ValueError) as error:
        values |= _failed(row, str(error)[:500])
    except Exception as error:  # a bug, told without its words: addresses may stand in them
        name, where = type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
        log.error("Post %s (%s) cannot be sent: %s\n%s", row.id, row.kind, name, where)
        values |= _failed(row, name)
    _note(session, row, values)
    given_up = values.get("problem", "").startswith(GIVEN_UP)
    if given_up and row.kind in KINDS:
        lost_letters.tell(session, _notices(session, json.loads(row.payload)))
    return "sent" in values and not given_up


def _note(session: Session, row: OutboxRow, values: _Outcome) -> None:
    session.execute(sa.update(outbox).where(outbox.c.id == row.id).values(**values))


def _failed(row: OutboxRow, problem: str) -> _Outcome:
    """When it is tried again; given up when that went on for too long, but never at once: the
    server may have been away all the time."""
    instant = now.now()
    if row.tries and instant - row.at > settings.letter_patience():
        return {"problem": f"{GIVEN_UP}{problem}", "sent": instant}
    wait = min(timedelta(minutes=2 ** min(row.tries, 10)), LONGEST_WAIT)
    return {"problem": problem, "next_try": instant + wait}


def warnings() -> list[str]:
    """For operators: letters that nobody takes, by class and number; no address stands there."""
    instant, found = now.now(), []
    failing = sa.and_(outbox.c.sent.is_(None), outbox.c.tries > 0)
    slow = _told(sa.and_(failing, outbox.c.at < instant - timedelta(days=1)))
    given_up = _told(sa.and_(
        outbox.c.problem.startswith(GIVEN_UP), outbox.c.sent > instant - TOLD_FOR))
    if slow:
        found.append(f"outbox: letters or messages that have failed for more than a day: {slow}")
    if given_up:
        found.append(
            f"outbox: given up in the last {TOLD_FOR.days} days, after "
            f"{settings.letter_patience().days} days of trying: {given_up}"
        )
    return found


def _told(which: sa.ColumnElement[bool]) -> str:
    """How many of each class those are, and under which number one of each is found."""
    found = sa.func.count().label("count"), sa.func.max(outbox.c.id).label("last")
    query = sa.select(outbox.c.urgency, *found).where(which).group_by(outbox.c.urgency)
    with model.ensure_engine().connect() as connection:
        rows = connection.execute(query.order_by(outbox.c.urgency)).all()
    said = [f"{row.count} {LetterClass(row.urgency).name.lower()} (id {row.last})" for row in rows]
    why = "; table govdata_outbox, column problem, says why"
    return ", ".join(said) + why if said else ""


def _send(line: smtp.Line, session: Session, row: OutboxRow) -> str:
    """Write the mail and hand it over; says why there was nothing to send."""
    payload = json.loads(row.payload)
    notices = _notices(session, payload)
    user = model.User.get(notices[0].user_id) if notices else None
    if user is None or not user.is_active or not user.email:
        return "nobody to send it to"
    chosen = {"CKAN_LANG": language_of(session, user.id)}
    with current_app.test_request_context(environ_overrides=chosen):
        subject, body = _words(notices, user.display_name)
    letter = smtp.compose(
        user.display_name,
        user.email,
        subject,
        body,
        headers={"Message-ID": f"<{row.key.replace(':', '.')}@{settings.site_id()}>"},
    )
    line.send(letter)
    return ""


def language_of(session: Session, user_id: str) -> str:
    """The language in which a user is written to. Public to other slices."""
    query = sa.select(preference.c.language).where(preference.c.user_id == user_id)
    return session.scalar(query) or settings.locale_default()


def _notices(session: Session, payload: dict[str, str]) -> list[NoticeRow]:
    query = sa.select(notice)
    if "notice" in payload:
        query = query.where(notice.c.key == payload["notice"])
    elif "at" in payload:
        instant = sa.cast(payload["at"], sa.DateTime(timezone=True))
        query = query.where(notice.c.user_id == payload["user"], notice.c.at == instant)
    else:
        query = query.where(
            notice.c.user_id == payload["user"],
            notice.c.read.is_(None),
            notice.c.at > sa.cast(payload["since"], sa.DateTime(timezone=True)),
        )
    return database.rows(session, query.order_by(notice.c.at), NoticeRow)


def _words(notices: list[NoticeRow], name: str) -> tuple[str, str]:
    """Subject and text, to somebody of that name: what happened, where the rest stands and what can
    be done there, who writes and when."""
    lines = [tk._("Dear {name},").format(name=name), ""]
    for one in notices[:LISTED]:
        facts = json.loads(one.facts)
        address = sentences.address(one.kind, one.case_id, facts, outside=True)
        there = tk._("What it says, and what you can do next: {address}").format(address=address)
        lines += [sentences.sentence(one.kind, facts), there, ""]
    if len(notices) > LISTED:
        lines += [tk._("… and {n} more.").format(n=len(notices) - LISTED), ""]
    page = tk.h.url_for("govdata_notices.index", _external=True)
    lines += [tk._("All notices, and how you want to be told: {address}").format(address=page)]
    lines += [tk._("This mail was written by the portal; answers to it are not read.")]
    lines += ["-- ", settings.site_title(), day_written(now.today().isoformat())]
    first = notices[0]
    subject = tk._("{n} notices").format(n=len(notices))
    if len(notices) == 1:
        subject = sentences.subject(first.kind, json.loads(first.facts))
    return f"[{settings.site_title()}] {subject[:80]}", "\n".join(lines)
