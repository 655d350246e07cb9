"""A changed mail address: the old one is told, whoever changed it, and changes are few.

Whoever holds an account for a moment could otherwise turn its letters, and with them its password,
to himself without its owner's ever knowing. The ledger has each change (``config/ledger.yaml``).
"""
from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Action, Context, DataDict
from flask import current_app
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import InstanceState

from .. import now, settings
from ..database import Session
from ..notices import mail_delivery, outbox
from ..notices.outbox import Post, post, posted
from ..security import smtp, vault

KIND = "former_address"
MOST = 3
"""Changes of an account's address in a day."""
A_DAY = timedelta(days=1)


def watch() -> None:
    """Look at every change of a user that is written. May be called again."""
    if not event.contains(model.User, "after_update", written):
        event.listen(model.User, "after_update", written)


def written(_mapper: object, connection: Connection, user: model.User) -> None:
    """A user was written: a letter to the address that was his, in the same transaction.

    The address stands in the letter's row encrypted, for it is nowhere else any more.
    """
    state = cast("InstanceState[model.User]", sa.inspect(user))
    old = next(iter(state.attrs["email"].history.deleted or ()), None)
    if not old or not settings.is_portal() or _same(old, user.email):
        return
    instant = now.now()
    payload = {"user": user.id, "name": user.name, "at": instant.isoformat(),
               "address": vault.seal(old).decode()}
    post(connection, [Post(f"{KIND}:{user.id}:{instant.isoformat()}", KIND, payload, user.id)])


@tk.chained_action
def user_update(
    original: Action, context: Context, data_dict: DataDict
) -> DataDict:
    """CKAN's; an account's own address is changed a few times a day at the most."""
    tk.check_access("user_update", context, data_dict)
    wanted = data_dict.get("email")
    user = model.User.get(str(data_dict.get("id") or "")) if settings.is_portal() else None
    changes = isinstance(wanted, str) and user is not None and not _same(user.email, wanted)
    if user and changes and not _is_operators(context) and _today(user.id) >= MOST:
        words = tk._("The mail address was changed {n} times in a day. Change it again tomorrow.")
        raise tk.ValidationError({"email": [words.format(n=MOST)]})
    return original(context, data_dict)


def deliver() -> dict[str, int]:
    """Send the letters that are due."""
    if not settings.smtp().server:
        return {"sent": 0, "failed": 0}
    with smtp.Line() as line:
        return mail_delivery.empty((KIND,), partial(_send, line))


def _send(line: smtp.Line, session: Session, row: outbox.OutboxRow) -> str:
    """Send one. Raises ``ValueError`` where no key opens the address any more."""
    payload = json.loads(row.payload)
    address = vault.unseal(payload["address"].encode())
    chosen = {"CKAN_LANG": mail_delivery.language_of(session, payload["user"])}
    with current_app.test_request_context(environ_overrides=chosen):
        subject, body = _words(payload)
    headers = {"Message-ID": f"<{row.key.replace(':', '.')}@{settings.site_id()}>"}
    line.send(smtp.compose(payload["name"], address, subject, body, headers=headers))
    return ""


def _words(payload: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text; the new address is not told to whoever has the old one."""
    site, home = settings.site_title(), tk.h.url_for("home.index", _external=True)
    subject = tk._("The mail address of your account was changed")
    when = now.in_beijing(payload["at"])
    said = tk._(
        "The mail address of the account '{name}' was changed on {when}. Letters of the portal, "
        "those with a key for a new password too, no longer come to this address."
    ).format(name=payload["name"], when=f"{when:%Y-%m-%d %H:%M}")
    if_not = tk._(
        "If it was you, there is nothing to do. If it was not, somebody else is in your account: "
        "sign in and change password and address while you can, and tell the portal at once: "
        "{address}"
    ).format(address=home)
    return f"[{site}] {subject}", "\n\n".join([said, if_not, f"-- \n{site}"])


def _today(user_id: str) -> int:
    """How often the account's address was changed in the last day."""
    return posted(model.Session, KIND, user_id, now.now() - A_DAY)


def _is_operators(context: Context) -> bool:
    user = model.User.get(str(context.get("user") or ""))
    return bool(context.get("ignore_auth")) or bool(user and user.sysadmin)


def _same(one: str | None, other: str | None) -> bool:
    return (one or "").strip().lower() == (other or "").strip().lower()
