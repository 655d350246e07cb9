"""Webhooks: which there are, whose, and where they lead. Address and secret are kept encrypted."""

from __future__ import annotations

import json
import secrets
import socket
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import ckan.model as model
import sqlalchemy as sa

from .. import database, now, settings
from ..access import source
from ..database import Session
from ..domain import webhook
from ..domain.refusal import Refusal
from ..emergency.event import event_record
from ..notices import outbox
from ..security import vault
from .fan_out import MESSAGE
from .model import CallRow, HookRow, call, hook
from .subjects import SubscriptionSubject

MOST = 10
"""Webhooks of one user."""
PORTS = {443, 8443}
LONGEST = 500
VERIFY = "emergency.verify"
KEPT = timedelta(days=30)
"""How long the log of what was delivered is kept."""
SHOWN = 50


@dataclass(frozen=True)
class Target:
    """Where a webhook leads, and what its messages are signed with."""

    url: str
    secret: str


def check(url: str) -> list[Refusal]:
    """What stands against an address, as far as it says itself; where its name leads is looked
    up at each delivery.

    Hosts that the operator names may be inside, on any port and without TLS.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return [Refusal("hook_address", "url", url)]
    if host in settings.hook_hosts():
        fits = parts.scheme in source.SCHEMES
    else:
        fits = parts.scheme == "https" and (port or 443) in PORTS
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST
    if not (fits and host and plain) or parts.username is not None or parts.fragment:
        return [Refusal("hook_address", "url", url)]
    if host not in settings.hook_hosts() and not _outside(host):
        return [Refusal("hook_inside", "url", url)]
    return []


def _outside(host: str) -> bool:
    """Whether it is a name, or a public address in whatever way of writing; asks no name server."""
    if host == "localhost" or "%" in host or host.endswith((".localhost", ".local", ".internal")):
        return False
    try:
        found = socket.getaddrinfo(host, 443, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return True
    return all(source.is_public(str(info[4][0])) for info in found)


def create(
    session: Session, user_id: str, subject: SubscriptionSubject, url: str
) -> tuple[str, str]:
    """A new webhook, which is asked at once whether it wants to be one; its id and its secret."""
    number, secret = secrets.token_urlsafe(12), webhook.secret_of(secrets.token_bytes(32))
    instant = now.now()
    session.execute(
        sa.insert(hook).values(
            id=number,
            user_id=user_id,
            event_id=subject.event_id,
            region=subject.region,
            secret=vault.seal(json.dumps({"url": url, "secret": secret})),
            created=instant,
            failures=0,
            busy_until=instant,
        )
    )
    challenge(session, number)
    return number, secret


def challenge(session: Session, number: str) -> None:
    """Ask the other side to give back a word: nobody is told what he did not ask for."""
    word = secrets.token_urlsafe(24)
    payload = {"type": VERIFY, "timestamp": now.now().isoformat(), "data": {"challenge": word}}
    key = f"{MESSAGE}:verify:{number}:{word[:8]}"
    outbox.post(session, [outbox.Post(key, MESSAGE, payload, number)])


def target(row: HookRow) -> Target:
    """Where it leads."""
    kept = json.loads(vault.unseal(row.secret))
    try:
        return Target(**kept)
    except TypeError as error:
        raise ValueError("what is kept of a webhook has other fields") from error


def host(row: HookRow) -> str:
    """The name of the server where it leads; empty where that cannot be read any more."""
    try:
        return urlsplit(target(row).url).hostname or ""
    except ValueError:
        return ""


def of_user(session: Session, user_id: str) -> list[HookRow]:
    """A user's webhooks, the newest first."""
    query = sa.select(hook).where(hook.c.user_id == user_id)
    return database.rows(session, query.order_by(hook.c.created.desc()), HookRow)


def own(session: Session, user_id: str, number: str) -> HookRow | None:
    """The user's webhook of that id, or None."""
    query = sa.select(hook).where(hook.c.user_id == user_id, hook.c.id == number)
    return database.first(session, query, HookRow)


def calls(session: Session, number: str) -> list[CallRow]:
    """What was delivered, and what was not; the newest first."""
    query = sa.select(call).where(call.c.hook_id == number)
    return database.rows(session, query.order_by(call.c.id.desc()).limit(SHOWN), CallRow)


def resume(session: Session, number: str) -> None:
    """Switch it on again; it is asked once more whether it wants to be one."""
    outbox.withdraw(session, number)
    session.execute(
        sa.update(hook)
        .where(hook.c.id == number)
        .values(stopped=None, failures=0, confirmed=None, busy_until=now.now())
    )
    challenge(session, number)


def remove(session: Session, number: str) -> None:
    """Delete it with its log and what waits for it."""
    outbox.withdraw(session, number)
    session.execute(sa.delete(hook).where(hook.c.id == number))


def forget(session: Session, after: timedelta) -> int:
    """Delete those whose event ended so long ago or whose user is gone, and old logs; how many."""
    old = hook.c.event_id.in_(event_record.ended_before(now.now() - after))
    active = sa.select(model.User.id).where(model.User.state == "active")
    gone = sa.or_(old, hook.c.user_id.not_in(active))
    found = list(session.scalars(sa.select(hook.c.id).where(gone)))
    for number in found:
        remove(session, number)
    session.execute(sa.delete(call).where(call.c.at < now.now() - KEPT))
    return len(found)
