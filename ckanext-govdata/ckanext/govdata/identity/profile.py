"""Check, encrypt, mask and look up identities. ``find`` is public to other slices."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context
from sqlalchemy.dialects.postgresql import insert
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError as BadNumber

from .. import now
from . import vault
from .model import identity

KINDS = ("person", "firm", "organisation")
"""Natural person, legal person, organisation without legal personality (Yaohai 17)."""
KNOWN = "govdata_identities"


@dataclass(frozen=True)
class Profile:
    """An identity as anybody may see it: never in clear."""

    user_id: str
    kind: str
    masked_name: str
    masked_number: str


def find(session: Any, user_id: str) -> Profile | None:
    """The user's identity, masked; asked once a request."""
    known = _known()
    if user_id not in known:
        row = session.execute(FOUND, {"user": user_id}).first()
        known[user_id] = Profile(*row) if row else None
    return known[user_id]


FOUND = sa.select(
    identity.c.user_id, identity.c.kind, identity.c.masked_name, identity.c.masked_number
).where(identity.c.user_id == sa.bindparam("user"))


def _known() -> dict[str, Profile | None]:
    """What this request has asked already."""
    if not has_request_context():
        return {}
    if KNOWN not in g:
        setattr(g, KNOWN, {})
    return getattr(g, KNOWN)


def kind_of(session: Any, user_id: str) -> str:
    """What a user is: ``person``, ``firm`` or ``organisation``; empty where he has not said."""
    found = find(session, user_id)
    return found.kind if found else ""


def save(session: Any, user_id: str, kind: str, name: str, number: str) -> Profile:
    """Keep a checked identity, encrypted; replaces the one before."""
    secret = vault.seal(json.dumps({"name": name, "number": number}))
    instant = now.now()
    values = {
        "kind": kind,
        "secret": secret,
        "masked_name": mask_name(name),
        "masked_number": mask_number(number),
        "number_digest": vault.digest(number),
        "modified": instant,
    }
    statement = insert(identity).values(user_id=user_id, created=instant, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))
    _known().pop(user_id, None)
    return Profile(user_id, kind, values["masked_name"], values["masked_number"])


def check_number(kind: str, text: str) -> str:
    """The number in its plain form; raises ``ValueError`` if its check digit is wrong.

    GB 11643 for persons (18 digits), GB 32100 for firms and organisations.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper().replace(" ", "").replace("-", "")
    try:
        return ric.validate(plain) if kind == "person" else uscc.validate(plain)
    except BadNumber as error:
        raise ValueError(str(error)) from None


def mask_name(name: str) -> str:
    """``王**``: the first character, and stars for the others."""
    return name[:1] + "*" * max(1, min(len(name) - 1, 6))


def mask_number(number: str) -> str:
    """The first three and the last two characters, and stars between."""
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


def reveal(session: Any, user_id: str) -> dict[str, str]:
    """Name and number in clear: for the change of keys, and the name for its bearer himself."""
    secret = session.scalar(sa.select(identity.c.secret).where(identity.c.user_id == user_id))
    return json.loads(vault.unseal(secret))
