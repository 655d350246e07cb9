"""What a reader may not know of answers him as what never was, on every address and in the API.

CKAN tells 403 from 404. Here an identifier that names something hidden is taken out of what the
reader asks and one that names nothing is put in its place, before CKAN or a plugin sees it. So
the answer is that of a thing that never was, whatever the route or action; if the answer repeats
the identifier, the reader gets his own back.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping

import ckan.model as model
import ckan.plugins as p
import sqlalchemy as sa
from ckan.types import Context
from flask import Flask, Response, g, request

from .. import settings
from ..domain.catalogue import is_entry
from ..domain.publicity import WITH_FILES
from . import gate, route_guard

REPLACED = "govdata_replaced_identifiers"
NAMING = frozenset({
    *("id", "id2", "name_or_id", "ref", "ids", "alias", "subject", "object"),
    *("package", "packages", "dataset", "datasets", "entry", "entries", "resource", "resources"),
    *("group", "groups", "organization", "view", "table"),
})
"""Parameters of actions that name a thing, besides those that end in ``_id`` or ``_ids``."""
INSIDE = ("match", "package", "resource")
"""Parameters that are objects and name, inside, a thing that is there already."""
MATCHING = frozenset({"match__id", "match__name"})
"""The same for ``package_revise``, as a form writes it."""
BY_NAME = frozenset({"package_update"})
"""Actions to which ``name`` names the thing where there is no ``id``; beside one it is the new
name."""
NAMELESS = "api.action"
"""The route whose path names an action and no thing; every search by the API comes by it."""
CREATED_BY_ID = frozenset({
    f"{kind}_create"
    for kind in ("package", "resource", "resource_view", "group", "organization", "user")
})
"""Actions whose ``id`` is that of the new thing: one that is taken is refused, it is unique."""
LONGEST = 100
"""Letters of the longest identifier: CKAN's names have no more."""


def hang(app: Flask) -> None:
    """Once an application, before any other guard of ours."""
    app.before_request(replace_in_address)
    app.after_request(give_back)


def replace_in_address() -> None:
    """Identifiers in the path; the routes of grants know their holder and ask for themselves."""
    named = request.view_args
    if named and request.endpoint not in {*route_guard.OWN_LOCK, NAMELESS, "static"}:
        tables = "datastore" in (request.endpoint or "")
        request.view_args = replaced(named, gate.reader_of({}), named, tables)


def give_back(response: Response) -> Response:
    """The reader's own identifiers where the answer repeats what was put in their place."""
    exchanged: Mapping[str, str] = g.get(REPLACED) or {}
    if exchanged and not response.direct_passthrough and not response.is_streamed:
        text = response.get_data()
        for put, own in exchanged.items():
            text = text.replace(put.encode(), own.encode())
        response.set_data(text)
        if response.location:
            for put, own in exchanged.items():
                response.location = response.location.replace(put, own)
    return response


def replace_in_body(name: str, context: Context, sent: Mapping[str, object]) -> dict[str, object]:
    """Identifiers in what the API sends an action; inner calls ask for themselves."""
    user, tables = gate.reader_of(context), name.startswith("datastore_")
    keys = [key for key in sent if _names(key, name)]
    if name in BY_NAME and not sent.get("id"):
        keys += ["name"] if "name" in sent else []
    told = replaced(sent, user, keys, tables)
    for key in INSIDE:
        inner = _read(told.get(key))
        if isinstance(inner, dict):
            named = [one for one in inner if one == "name" or _names(one, name)]
            told[key] = replaced(inner, user, named)
    return told


def _read(value: object) -> object:
    """An object, which a form writes as a text of JSON; anything else is CKAN's to refuse."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value


def _names(key: str, action: str) -> bool:
    """Whether a parameter names a thing that is there already."""
    if key == "id" and action in CREATED_BY_ID:
        return False
    return key in NAMING or key.endswith(("_id", "_ids")) or key in MATCHING


def replaced(
    asked: Mapping[str, object], user: model.User | None, keys: Iterable[str], tables: bool = False
) -> dict[str, object]:
    """What is asked, with identifiers of hidden things replaced under ``keys``.

    ``tables``: an identifier may also be another name of a table in the DataStore.
    """
    named = {word for key in keys for word in _words(asked[key])}
    found = hidden(named, user, tables)
    if not found:
        return dict(asked)
    put = {word: str(uuid.uuid4()) for word in found}
    setattr(g, REPLACED, {**(g.get(REPLACED) or {}), **{new: own for own, new in put.items()}})
    return {**asked, **{key: _exchanged(asked[key], put) for key in keys}}


def _words(value: object) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [word for word in listed if isinstance(word, str) and 0 < len(word) <= LONGEST]


def _exchanged(value: object, put: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return [_exchanged(one, put) for one in value]
    return put.get(value, value) if isinstance(value, str) else value


def hidden(named: Iterable[str], user: model.User | None, tables: bool = False) -> set[str]:
    """Those of the identifiers that name something of which the user may not know.

    Two statements at the most, whether there is something or not, so that the time does not tell.
    """
    words = [word for word in named if "\0" not in word]
    if not words or (user and user.sysadmin):
        return set()
    meant = {word: word for word in words}
    if tables and p.plugin_loaded("datastore"):
        meant |= _tables(words)
    rows = model.Session.execute(HIDDEN, {
        "words": list(meant.values()), "user": user.id if user else "",
        "listed": list(WITH_FILES), "portal": settings.is_portal(),
    })
    found = {
        row.word for row in rows
        if _is_ours(row.extras) and not (row.seat and gate.provides(user, row.owner_org))
    }
    return {word for word, id_ in meant.items() if id_ in found}


def _is_ours(extras: Mapping[str, object] | None) -> bool:
    """Whether it is ours to veil; a CKAN that is no portal answers as CKAN for all but entries."""
    return settings.is_portal() or is_entry(extras or {})


def _tables(words: list[str]) -> dict[str, str]:
    """Files of the tables that have these other names."""
    from ckanext.datastore.backend.postgres import get_read_engine  # only where it is loaded

    with get_read_engine().connect() as connection:
        rows = connection.execute(ALIASES, {"words": words}).all()
    return {row.name: row.alias_of for row in rows}


ALIASES = sa.text(
    'SELECT name, alias_of FROM "_table_metadata" WHERE name = ANY(:words) AND alias_of IS NOT NULL'
)

HIDDEN = sa.text("""
WITH word AS (SELECT DISTINCT unnest(CAST(:words AS text[])) AS word),
named AS (
    SELECT word, p.id AS package_id, NULL AS resource_id FROM word
        JOIN package p ON p.id = word OR p.name = word
    UNION ALL
    SELECT word, r.package_id, r.id FROM word JOIN resource r ON r.id = word
    UNION ALL
    SELECT word, r.package_id, r.id FROM word
        JOIN resource_view v ON v.id = word JOIN resource r ON r.id = v.resource_id
)
SELECT word, p.owner_org, EXISTS (
        SELECT FROM member m WHERE m.table_id = :user AND m.table_name = 'user'
        AND m.state = 'active'
    ) AS seat, CASE WHEN NOT :portal THEN p.extras END AS extras
FROM named JOIN package p ON p.id = package_id LEFT JOIN resource r ON r.id = resource_id
WHERE (
    p.state <> 'active' OR p.private OR r.state <> 'active'
    OR (r.id IS NOT NULL AND NOT (
        p.extras ->> 'open_attribute' = ANY(:listed)
        OR (NOT :portal AND p.extras ->> 'open_attribute' IS NULL)
    ))
)
AND NOT (p.state <> 'deleted' AND EXISTS (
    SELECT FROM member m WHERE m.table_id = :user AND m.table_name = 'user'
    AND m.group_id = p.owner_org AND m.state = 'active'
))
AND NOT (p.state = 'draft' AND p.creator_user_id = :user)
AND NOT EXISTS (
    SELECT FROM govdata_grant_member h JOIN govdata_grant g ON g.id = h.grant_id
    WHERE h.user_id = :user AND r.id IS NOT NULL AND g.package_id = p.id
    AND CAST(g.resources AS jsonb) ? r.id
)
UNION ALL
SELECT word, id, false, NULL FROM word JOIN "group" ON id = word OR name = word
WHERE state <> 'active' AND NOT EXISTS (
    SELECT FROM member m WHERE m.table_id = :user AND m.table_name = 'user'
    AND m.group_id = id AND m.state = 'active'
)
""")
"""One row for each identifier that names something hidden from this user, unless its department
lets him in (``seat``: he works somewhere, which may be above). A file is hidden with its entry, and
where its entry's files are not public; who had a grant for it knows of it."""
