"""The one gate: every path that hands out data asks ``allows``. Public to other slices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ckan.authz as authz
import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context
from flask import g, has_request_context, request

from .. import now, settings
from ..domain import items
from ..domain.access import (
    CONDITIONAL,
    OPEN,
    Permitted,
    Reader,
    Subject,
    Way,
    is_open,
    is_public,
    judge,
)
from ..domain.catalogue import is_entry
from ..domain.refusal import Refusal
from ..domain.stored_value import Shape, read
from . import grants

CACHE = "govdata_gate"


@dataclass(frozen=True)
class Facts:
    """What the gate knows of a resource and its entry now."""

    resource_id: str
    package_name: str
    subject: Subject
    link: bool
    """Whether the file stands elsewhere, so that we keep an address and not the file."""
    items: str = ""
    """The information items of an entry that is open, to all or on conditions, as it keeps them."""
    staff: bool = False
    """Whether the reader works for some department, so that it may be the entry's own."""
    version: str = ""
    """Which file it is: another one where the department has replaced it."""

    @property
    def package_id(self) -> str:
        """The entry's id."""
        return self.subject.entry


def allows(
    context: Mapping[str, object], resource: Mapping[str, object] | str
) -> Permitted | Refusal:
    """Whether the context's user may read the data of a resource, given by id or as a dict.

    Whether he may know of the entry is another question, which CKAN's own auth answers.
    """
    resource_id = resource if isinstance(resource, str) else str(resource["id"])
    if context.get("ignore_auth"):
        return Permitted(Way.OPERATOR)
    user = reader_of(context)
    cached, key = _cache(), (resource_id, user.id if user else "")
    if key not in cached:
        cached[key] = judged(resource_id, user)
    if isinstance(cached[key], Permitted):
        _keep_from_caches()
    return cached[key]


def _keep_from_caches() -> None:
    """Rows that a program gets now may be closed tomorrow, and caches cannot know."""
    if has_request_context() and request.endpoint == "api.action":
        request.environ["__no_cache__"] = True


def under(grant_id: str, user_id: str, resource_id: str) -> Permitted | Refusal:
    """Whether this one grant gives a resource to this user: what a grant's token opens."""
    known, held = facts(resource_id), grants.get(model.Session, grant_id)
    if known is None or held is None or resource_id not in held.scope.resources:
        return Refusal("no_such_resource", "resource", resource_id)
    answer = judge(known.subject, Reader(user_id), resource_id, [held], now.today())
    return _by_column(answer, known)


def facts(resource_id: str, user_id: str = "") -> Facts | None:
    """The entry of a resource, asked for by a user; None where there is none. One statement."""
    values = {"resource": resource_id, "user": user_id, "conditional": CONDITIONAL,
              "open": OPEN}
    row = model.Session.execute(FACTS, values).first()
    if row is None:
        return None
    attribute = row.attribute or ""
    if row.attribute is None and entry_open(row.extras or {}):
        attribute = OPEN
    subject = Subject(
        attribute,
        row.entry,
        row.provider or "",
        row.there,
        row.private,
        row.file_there,
        row.basis or "",
    )
    link = row.url_type != "upload"
    return Facts(row.id, row.name, subject, link, row.items or "", row.staff, row.version)


FACTS = sa.text("""
SELECT r.id, p.id AS entry, p.name, d.id AS provider, p.state = 'active' AS there,
    coalesce(p.private, false) AS private, r.state = 'active' AS file_there,
    p.extras ->> 'open_attribute' AS attribute, p.extras ->> 'open_basis' AS basis,
    CASE WHEN p.extras ->> 'open_attribute' IN (:conditional, :open)
        THEN p.extras ->> 'information_items' END AS items,
    r.url_type, concat_ws(' ', r.last_modified, r.url_type, r.url, l.url) AS version,
    EXISTS (
        SELECT FROM member WHERE table_name = 'user' AND table_id = :user
        AND state = 'active' AND capacity <> 'member'
    ) AS staff,
    CASE WHEN p.extras ->> 'open_attribute' IS NULL THEN p.extras END AS extras
FROM resource r JOIN package p ON p.id = r.package_id
LEFT JOIN "group" d ON d.id = p.owner_org AND d.state = 'active'
LEFT JOIN govdata_location l ON l.resource_id = r.id
WHERE r.id = :resource
""")
"""Made once; whether the reader works for some department is asked along, most do not."""


def reader_of(context: Mapping[str, object]) -> model.User | None:
    """The active user who asks; None for the public."""
    user = context.get("auth_user_obj")
    if not isinstance(user, model.User | model.AnonymousUser):
        user = None  # a caller may have put a dict there: CKAN too goes by the name then
    if user is None and context.get("user"):
        user = model.User.get(str(context["user"]))
    elif user is None and "user" not in context and has_request_context():
        user = tk.current_user
    return user if isinstance(user, model.User) and user.state == "active" else None


def forget() -> None:
    """After a write in the same request."""
    if has_request_context():
        g.pop(CACHE, None)


def stop_remembering() -> None:
    """The answer goes out from now on: whoever still asks for it is told what is true then."""
    if has_request_context():
        setattr(g, CACHE, None)


def entry_open(entry: Mapping[str, object]) -> bool:
    """Whether everybody may read an entry's data, by its dict or its stored statements.

    A plain dataset of a CKAN that is not the portal is as public as in CKAN.
    """
    if is_open(entry.get("open_attribute")):
        return True
    return not settings.is_portal() and not is_entry(entry)


def provides(user: model.User | None, owner_org: str) -> bool:
    """Whether the user is an officer or head of the department that provides the entry.

    To CKAN a system administrator is everything; in a portal he operates it and has no seat.
    """
    if not user or not owner_org or operates(user) or is_gone(owner_org):
        return False
    return authz.has_user_permission_for_group_or_org(
        owner_org, user.name, "update_dataset"
    )


def is_gone(department: str) -> bool:
    """Whether a portal's department was deleted: CKAN goes on asking its seats, here they are void.

    In a CKAN that is not the portal they are what CKAN makes of them.
    """
    body = model.Group.get(department) if settings.is_portal() else None
    return body is not None and body.state != model.State.ACTIVE


def operates(user: model.User | None) -> bool:
    """Whether the user operates the portal: he keeps it running and reads no data that is not open.

    In a CKAN that is not the portal its administrator reads all, as in CKAN.
    """
    return bool(user and user.sysadmin) and settings.is_portal()


def judged(resource_id: str, user: model.User | None) -> Permitted | Refusal:
    """Whether a user (none: the public) may read a resource at this very moment."""
    known = facts(resource_id, user.id if user else "")
    if known is None:
        return Refusal("no_such_resource", "resource", resource_id)
    subject, held = known.subject, []
    if is_open(subject.attribute) and is_public(subject) and subject.file_there:
        answer = _by_column(Permitted(Way.OPEN), known)
        narrow = isinstance(answer, Permitted) and not answer.whole
        return Permitted(Way.OPEN) if narrow and _own(_reader(user, known)) else answer
    reader = _reader(user, known)
    if reader.user and not _own(reader) and is_public(subject):
        held = grants.of_reader(model.Session, reader.user, subject.entry, resource_id)
    answer = judge(subject, reader, resource_id, held, now.today())
    return answer if _own(reader) else _by_column(answer, known)


def _own(reader: Reader) -> bool:
    """Whether the data is the reader's own, so that he reads all of it."""
    return reader.provider or reader.operator


def _reader(user: model.User | None, known: Facts) -> Reader:
    if user is None:
        return Reader()
    subject, operator = known.subject, bool(user.sysadmin) and not operates(user)
    provider = not operator and known.staff and provides(user, subject.provider)
    insider = False
    if subject.there and subject.private and not (user.sysadmin or provider):
        context = Context(user=user.name, auth_user_obj=user)
        insider = authz.is_authorized_boolean("package_show", context, {"id": subject.entry})
    return Reader(user.id, provider, operator, insider)


def declared(known: Facts) -> list[dict[str, Any]]:
    """The information items that an open entry declares; what cannot be read declares nothing
    that may be given."""
    return _listed(known.items)


def _by_column(answer: Permitted | Refusal, known: Facts) -> Permitted | Refusal:
    """Tables are given by their columns, which have the items' names or their English ones.

    A grant names items, an open entry declares them; what is not declared open today is not given,
    whatever the grant says. An open entry that declares none is as its department put it up.
    """
    if isinstance(answer, Refusal):
        return answer
    listed = declared(known)
    if answer.way is Way.GRANT:
        columns = items.columns_of(answer.columns or (), listed)
        undivided = not listed and answer.row_limit is None
        return replace(answer, columns=columns, undivided=undivided)
    columns = items.given_to_all(listed)
    return replace(answer, columns=columns, undivided=columns is not None)


def _listed(text: str) -> list[dict[str, Any]]:
    """The information items as the entry keeps them; what cannot be read is an item that nobody
    knows, so that the entry is not taken for one that declares nothing."""
    found = read(Shape.ROWS, text)
    return found.value if found.whole else [*found.value, {}]


def _cache() -> dict[tuple[str, str], Permitted | Refusal]:
    if not has_request_context():
        return {}
    if CACHE not in g:
        setattr(g, CACHE, {})
    kept: dict[tuple[str, str], Permitted | Refusal] | None = getattr(g, CACHE)
    return {} if kept is None else kept
