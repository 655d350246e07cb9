"""The one gate: every path that hands out data asks ``allows``. Public to other slices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ckan.authz as authz
import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import g, has_request_context

from .. import now, settings
from ..domain.access import CONDITIONAL, OPEN, Permitted, Reader, Way, is_open, judge
from ..domain.catalogue import is_entry
from ..domain.refusal import Refusal
from . import grants

CACHE = "govdata_gate"


@dataclass(frozen=True)
class Facts:
    """What the gate knows of a resource's entry."""

    resource_id: str
    package_id: str
    package_name: str
    owner_org: str
    attribute: str
    basis: str
    link: bool
    """Whether the file stands elsewhere, so that we keep an address and not the file."""
    items: str = ""
    """The information items of an entry that is open on conditions, as they are kept."""
    staff: bool = False
    """Whether the reader works for some department, so that it may be the entry's own."""


def allows(context: Mapping[str, Any], resource: Mapping[str, Any] | str) -> Permitted | Refusal:
    """Whether the context's user may read the data of a resource, given by id or as a dict.

    Whether he may know of the entry is another question, which CKAN's own auth answers.
    """
    resource_id = resource if isinstance(resource, str) else str(resource["id"])
    if context.get("ignore_auth"):
        return Permitted(Way.OPERATOR)
    user = reader_of(context)
    cached, key = _cache(), (resource_id, user.id if user else "")
    if key not in cached:
        cached[key] = _judged(resource_id, user)
    return cached[key]


def under(grant_id: str, user_id: str, resource_id: str) -> Permitted | Refusal:
    """Whether this one grant gives a resource to this user: what a grant's token opens."""
    known, held = facts(resource_id), grants.get(model.Session, grant_id)
    if known is None or held is None or resource_id not in held.scope.resources:
        return Refusal("no_such_resource", "resource", resource_id)
    reader = Reader(user_id)
    answer = judge(known.attribute, reader, resource_id, [held], now.today(), known.basis)
    return _with_english_names(answer, known)


def facts(resource_id: str, user_id: str = "") -> Facts | None:
    """The entry of a resource, asked for by a user; None where there is none. One statement."""
    values = {"resource": resource_id, "user": user_id, "conditional": CONDITIONAL}
    row = model.Session.execute(FACTS, values).first()
    if row is None:
        return None
    names = [value or "" for value in row[:6]]
    if row[4] is None and entry_open(row[9] or {}):
        names[4] = OPEN
    return Facts(*names, link=row[7] != "upload", items=row[6] or "", staff=row[8])


FACTS = sa.text("""
SELECT r.id, p.id, p.name, p.owner_org, p.extras ->> 'open_attribute', p.extras ->> 'open_basis',
    CASE WHEN p.extras ->> 'open_attribute' = :conditional
        THEN p.extras ->> 'information_items' END,
    r.url_type,
    EXISTS (
        SELECT FROM member WHERE table_name = 'user' AND table_id = :user
        AND state = 'active' AND capacity <> 'member'
    ),
    CASE WHEN p.extras ->> 'open_attribute' IS NULL THEN p.extras END
FROM resource r JOIN package p ON p.id = r.package_id WHERE r.id = :resource
""")
"""Made once; whether the reader works for some department is asked along, most do not."""


def reader_of(context: Mapping[str, Any]) -> Any:
    """The active user who asks; None for the public."""
    user: Any = context.get("auth_user_obj")
    if user is None and context.get("user"):
        user = model.User.get(context["user"])
    elif user is None and "user" not in context and has_request_context():
        user = tk.current_user
    known = user is not None and not getattr(user, "is_anonymous", False)
    return user if known and user is not None and user.state == "active" else None


def forget() -> None:
    """After a write in the same request."""
    if has_request_context():
        g.pop(CACHE, None)


def entry_open(entry: Mapping[str, Any]) -> bool:
    """Whether everybody may read an entry's data, by its dict or its stored statements.

    A plain dataset of a CKAN that is not the portal is as public as in CKAN.
    """
    if is_open(entry.get("open_attribute")):
        return True
    return not settings.is_portal() and not is_entry(entry)


def provides(user: Any, owner_org: str) -> bool:
    """Whether the user is an officer or head of the department that provides the entry."""
    return bool(user and owner_org) and authz.has_user_permission_for_group_or_org(
        owner_org, user.name, "update_dataset"
    )


def _judged(resource_id: str, user: Any) -> Permitted | Refusal:
    known = facts(resource_id, user.id if user else "")
    if known is None:
        return Refusal("no_such_resource", "resource", resource_id)
    if known.attribute == OPEN:
        return Permitted(Way.OPEN)
    if user is None:
        reader = Reader()
    else:
        operator = bool(user.sysadmin)
        provider = not operator and known.staff and provides(user, known.owner_org)
        reader = Reader(user.id, provider, operator)
    held = []
    if reader.user and not (reader.provider or reader.operator):
        held = grants.of_reader(model.Session, reader.user, known.package_id, resource_id)
    answer = judge(known.attribute, reader, resource_id, held, now.today(), known.basis)
    return _with_english_names(answer, known)


def _with_english_names(answer: Permitted | Refusal, known: Facts) -> Permitted | Refusal:
    """Columns are granted as the entry names its items; a table may have their English names."""
    if isinstance(answer, Refusal) or not answer.columns:
        return answer
    english = {item.get("name"): item.get("name_en") for item in _listed(known.items)}
    more = [str(english[name]) for name in answer.columns if english.get(name)]
    return replace(answer, columns=tuple(dict.fromkeys([*answer.columns, *more])))


def _listed(text: str) -> list[dict[str, Any]]:
    """The information items as the entry keeps them: a list, or its JSON in a text."""
    found: Any = json.loads(text or "[]")
    found = json.loads(found) if isinstance(found, str) else found
    return [item for item in found if isinstance(item, dict)]


def _cache() -> dict[tuple[str, str], Permitted | Refusal]:
    if not has_request_context():
        return {}
    if CACHE not in g:
        setattr(g, CACHE, {})
    return getattr(g, CACHE)
