"""Deliver what waits for webhooks: several at a time, each webhook's messages in their order.

A webhook is taken by one worker for a short lease, so one that hangs keeps one worker busy for
seconds and nobody else waiting; those that failed come after those that did not. Nothing is
locked in the database while somebody else's server is being waited for.
"""

from __future__ import annotations

import json
import logging
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ckan.model as model
import requests
import sqlalchemy as sa

from .. import database, now, settings
from ..access import source
from ..database import Session
from ..domain import webhook
from ..notices import outbox
from ..notices.notice import Telling, tell
from . import fan_out, hooks
from .model import HookRow, call, hook

log = logging.getLogger(__name__)
WORKERS = 8
SECONDS = 8.0
"""How long a whole delivery may take, from the first byte to the last."""
LEASE = timedelta(minutes=2)
ROUND = 45.0
"""Seconds after which a round takes no further message; the next minute's goes on."""
GONE = 410
"""What a server says that wants no messages any more."""


@dataclass(frozen=True)
class DeliveryOutcome:
    """How a delivery went. ``problem`` is empty, or a code that the log's page has words for."""

    status: int
    milliseconds: int
    problem: str


def deliver() -> dict[str, int]:
    """Deliver what is due; how many messages arrived and how many did not."""
    until = time.monotonic() + ROUND
    with ThreadPoolExecutor(WORKERS, "govdata-hook") as pool:
        found = list(pool.map(lambda _: _work(until), range(WORKERS)))
    return {
        "sent": sum(sent for sent, _failed in found),
        "failed": sum(failed for _sent, failed in found),
    }


def _work(until: float) -> tuple[int, int]:
    """One worker: take a webhook, deliver what waits for it, take the next."""
    sent = failed = 0
    try:
        while time.monotonic() < until and (row := _take(model.Session)) is not None:
            try:
                while time.monotonic() < until and (waiting := _next(row.id)) is not None:
                    arrived = _deliver(row, waiting)
                    sent, failed = sent + arrived, failed + (not arrived)
                    if not arrived:
                        break
            finally:
                _release(row.id)
    finally:
        model.Session.remove()
    return sent, failed


def _take(session: Session) -> HookRow | None:
    """A webhook for which something is due and which nobody else has taken; lent for a while."""
    instant = now.now()
    candidate = (
        sa.select(hook.c.id)
        .where(
            hook.c.stopped.is_(None),
            hook.c.busy_until <= instant,
            hook.c.id.in_(outbox.waiting(fan_out.MESSAGE)),
        )
        .order_by(hook.c.failures, hook.c.busy_until)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    number = session.scalar(candidate)
    row = None
    if number is not None:
        lent = sa.update(hook).where(hook.c.id == number).values(busy_until=instant + LEASE)
        row = database.first(session, lent.returning(*hook.c), HookRow)
    session.commit()
    return row


def _next(number: str) -> outbox.OutboxRow | None:
    row = outbox.first(model.Session, number)
    model.Session.commit()
    return row


def _release(number: str) -> None:
    model.Session.rollback()
    model.Session.execute(
        sa.update(hook).where(hook.c.id == number).values(busy_until=now.now())
    )
    model.Session.commit()


def _deliver(row: HookRow, waiting: outbox.OutboxRow) -> bool:
    """Send one message and note how it went; False where it is to be sent again."""
    session = model.Session
    if waiting.at + fan_out.STALE < now.now():
        outbox.settle(session, waiting.id, "too old")
        session.commit()
        return True
    outcome = _attempt(row, waiting)
    same = sa.select(hook).where(hook.c.id == row.id).with_for_update()
    kept = database.first(session, same, HookRow)
    if kept is None:  # its owner deleted it meanwhile
        session.rollback()
        return True
    session.execute(
        sa.insert(call).values(
            hook_id=row.id,
            key=waiting.key,
            at=now.now(),
            status=outcome.status,
            milliseconds=outcome.milliseconds,
            problem=outcome.problem,
        )
    )
    if outcome.problem:
        _failed(kept, waiting, outcome)
    else:
        confirmed = sa.func.coalesce(hook.c.confirmed, now.now())
        session.execute(
            sa.update(hook).where(hook.c.id == row.id).values(failures=0, confirmed=confirmed)
        )
        outbox.settle(session, waiting.id)
    session.commit()
    return not outcome.problem


def _failed(kept: HookRow, waiting: outbox.OutboxRow, outcome: DeliveryOutcome) -> None:
    """All that waits for it waits longer; after too many failures it is switched off."""
    session, failures = model.Session, kept.failures + 1
    until = now.now() + webhook.wait(failures)
    outbox.put_off(session, waiting, outcome.problem, until)
    values: dict[str, Any] = {"failures": failures}
    gone = outcome.status == GONE
    if gone or webhook.gives_up(failures, kept.confirmed is not None):
        values["stopped"] = now.now()
        _tell(kept, failures, now.now())
    session.execute(sa.update(hook).where(hook.c.id == kept.id).values(**values))


def _tell(kept: HookRow, failures: int, instant: datetime) -> None:
    facts = {"hook": kept.id, "name": hooks.host(kept), "count": failures}
    key = f"hook:{kept.id}:{instant.isoformat()}"
    tell(model.Session, [Telling(key, kept.user_id, "hook_stopped", None, facts)])


def _attempt(row: HookRow, waiting: outbox.OutboxRow) -> DeliveryOutcome:
    """Send, whatever happens: what goes wrong here is this webhook's, and no other waits for it."""
    try:
        return send(row, waiting.key, waiting.payload)
    except Exception as error:  # a bug; told without its words: an address may stand in them
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("Webhook %s cannot be called: %s\n%s", row.id, type(error).__name__, where)
        return DeliveryOutcome(0, 0, "fault")


def send(row: HookRow, key: str, payload: str) -> DeliveryOutcome:
    """One signed message, and whether the other side took it; no transaction waits for it."""
    try:
        target = hooks.target(row)
    except ValueError:
        return DeliveryOutcome(0, 0, "secret")
    body, instant = payload.encode(), int(now.now().timestamp())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"govdata ({settings.site_url()})",
        "webhook-id": key,
        "webhook-timestamp": str(instant),
        "webhook-signature": webhook.sign(target.secret, key, instant, body),
    }
    began, status, problem = time.monotonic(), 0, ""
    try:
        reply = source.send(target.url, body, headers, settings.hook_hosts(), SECONDS)
        status, problem = reply.status, _judge(reply, payload)
    except source.NotReachableError:
        problem = "inside"
    except requests.Timeout:
        problem = "timeout"
    except requests.exceptions.SSLError:
        problem = "certificate"
    except requests.RequestException:
        problem = "unreachable"
    return DeliveryOutcome(status, int((time.monotonic() - began) * 1000), problem)


def _judge(reply: source.Reply, payload: str) -> str:
    """Whether the other side said yes; to a challenge it gives the word back, bare or in JSON."""
    if not 200 <= reply.status < 300:
        return "status"
    message = json.loads(payload)
    if message["type"] != hooks.VERIFY:
        return ""
    word, said = message["data"]["challenge"], reply.head.decode("utf-8", "replace").strip()
    try:
        given = json.loads(said)
    except ValueError:
        given = said
    answer = given.get("challenge") if isinstance(given, dict) else given
    return "" if answer == word else "challenge"
