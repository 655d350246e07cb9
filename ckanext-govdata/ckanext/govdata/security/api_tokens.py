"""Who calls with an API token, and until when one stands; its use is noted once a minute.

CKAN notes it each time: a transaction of its own that waits for the disk, and requests with the
same token wait for each other's.
"""
from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import api_token
from ckan.types import Action, Context, DataDict, Schema
from flask import g, request

from .. import now, settings
from ..database import Session

NOTED = 60.0
"""Seconds for which a process does not note again that a token was used."""
WARNED = timedelta(days=14)
"""So long before its end a token's owner is told."""
MOST = 10_000
"""Tokens that a process remembers."""

_noted: dict[bytes, float] = {}
"""When this process noted a token's use, by its digest."""


def identify() -> model.User | None:
    """The user whose token came with the request; None where there is none that is good."""
    text = str(request.headers.get(settings.token_header()) or "")
    if not text:
        return None
    key, instant = sha256(text.encode()).digest(), time.monotonic()
    due = instant - _noted.get(key, -NOTED) >= NOTED
    user = api_token.get_user_from_token(text, update_access_time=due)
    if user is None:
        return None
    if due:
        if len(_noted) >= MOST:
            _noted.clear()
        _noted[key] = instant
    g.login_via_auth_header = True  # as CKAN says it: no form of a page, so no token of a form
    return user


def while_it_stands(data: Mapping[str, object]) -> Mapping[str, object]:
    """What a token says of itself; nothing when it has had its days, by the machine's clock."""
    row = model.ApiToken.get(str(data.get("jti") or ""))
    end = end_of(row) if row is not None else None
    return {} if end is not None and end <= now.real() else data


def end_of(row: model.ApiToken) -> datetime | None:
    """When a token ends, its own day before everybody's; ``None`` where tokens stand for ever."""
    own = ((row.plugin_extras or {}).get(EXTRA) or {}).get("ends")
    if own:
        return datetime.fromisoformat(own)
    if not settings.token_days():
        return None
    return row.created_at.replace(tzinfo=timezone.utc) + timedelta(days=settings.token_days())


@dataclass(frozen=True)
class Ending:
    """A token that ends soon: its id, its owner, its name and its last day in Beijing time."""

    id: str
    user_id: str
    name: str
    ends: date


def ending(session: Session) -> list[Ending]:
    """Those that end within ``WARNED`` and were made for longer, of people who are there."""
    instant, found = now.real(), []
    query = sa.select(model.ApiToken).join(model.User, model.User.id == model.ApiToken.user_id)
    for row in session.scalars(query.where(model.User.state == model.State.ACTIVE)):
        end = end_of(row)
        made = row.created_at.replace(tzinfo=timezone.utc)
        if end is not None and instant < end <= instant + WARNED and end - made > WARNED:
            found.append(Ending(row.id, str(row.user_id), row.name, now.in_beijing(end).date()))
    return found


EXTRA = "govdata"
"""Under which name a token's own end stands with it."""


def with_days(schema: Schema) -> Schema:
    """Whoever makes a token may give it fewer days than the portal does."""
    names = ("ignore_empty", "is_positive_integer")
    return {**schema, "days": [tk.get_validator(name) for name in names]}


def keep_end(token_id: str, wanted: int | None) -> None:
    """Keep the end of a new token; more days than the portal gives are none."""
    most = settings.token_days()
    days = min(wanted or most, most) if most else wanted
    row = model.ApiToken.get(token_id)
    if days and row is not None:
        ends = (now.real() + timedelta(days=days)).isoformat()
        row.set_extra(EXTRA, {"ends": ends}, True)


@tk.side_effect_free
@tk.chained_action
def api_token_list(original: Action, context: Context, data_dict: DataDict) -> list[DataDict]:
    """One's API tokens; ``ends`` says until when each stands, in UTC, none where for ever."""
    listed = original(context, data_dict)
    rows = {one["id"]: model.ApiToken.get(one["id"]) for one in listed}
    for one in listed:
        row = rows[one["id"]]
        end = end_of(row) if row is not None else None
        one["ends"] = end.replace(tzinfo=None).isoformat() if end else None
    return listed
