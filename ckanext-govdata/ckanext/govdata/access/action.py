"""Actions: ask the gate; list, show, revoke and suspend grants."""

from __future__ import annotations

import json
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context

from .. import now
from ..cases import people
from ..domain.refusal import Refusal
from . import gate, grants, locations, words
from .model import grant, member

REASON = 10
"""Least number of characters of the reason for which a grant is ended."""


@tk.side_effect_free
def govdata_access_check(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whether the present user may read the data of a resource, and why (not).

    :param resource_id: of a resource of an entry that he may see
    """
    resource_id = str(tk.get_or_bust(data_dict, "resource_id"))
    tk.check_access("govdata_access_check", context, {"resource_id": resource_id})
    answer = gate.allows(context, resource_id)
    if isinstance(answer, Refusal):
        return {"allowed": False, "why": words.say(answer), "code": answer.code}
    found: dict[str, Any] = {"allowed": True, "why": answer.way.value}
    if answer.grant:
        found |= {"grant": answer.grant, "columns": list(answer.columns)}
        found["row_limit"] = answer.row_limit
    return found


@tk.side_effect_free
def govdata_access_location(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Where data that is not open really stands; for officers of its department.

    :param resource_id: of the resource
    """
    resource_id = str(tk.get_or_bust(data_dict, "resource_id"))
    tk.check_access("govdata_access_location", context, {"resource_id": resource_id})
    kept = locations.find(resource_id)
    return {"resource_id": resource_id, "location": kept["url"] if kept else ""}


@tk.side_effect_free
def govdata_grant_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Grants that the present user holds, or with ``organization`` those that it gave.

    :param organization: id of a department of which the user is an officer
    """
    tk.check_access("govdata_grant_list", context, data_dict)
    user: Any = context.get("auth_user_obj")
    query = sa.select(grant).order_by(grant.c.created.desc()).limit(500)
    given_by = str(data_dict.get("organization") or "")
    if not given_by:
        query = query.join(member, member.c.grant_id == grant.c.id).where(
            member.c.user_id == user.id
        )
    elif people.memberships(user.id).get(given_by) in people.CAPACITIES:
        query = query.where(grant.c.organization_id == given_by)
    else:
        raise tk.NotAuthorized(tk._("You are no officer of this department."))
    return [_shown(row) for row in model.Session.execute(query)]


@tk.side_effect_free
def govdata_grant_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """A grant.

    :param id: of the grant
    """
    tk.check_access("govdata_grant_show", context, data_dict)
    return _shown(_find(str(data_dict["id"])))


def govdata_grant_revoke(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """End a grant before its time, or suspend it.

    :param id: of the grant
    :param reason: at least ten characters
    :param suspend: true suspends it until ``lift`` is given
    :param lift: true lifts a suspension
    """
    tk.check_access("govdata_grant_revoke", context, data_dict)
    reason = str(data_dict.get("reason") or "").strip()
    if len(reason) < REASON:
        raise tk.ValidationError(
            {
                "reason": [
                    tk._("At least {least} characters that say something.").format(least=REASON)
                ]
            }
        )
    session = model.Session
    try:
        row = session.execute(
            sa.select(grant).where(grant.c.id == str(data_dict["id"])).with_for_update()
        ).first()
        if row is None:
            raise tk.ObjectNotFound
        if row.revoked:
            raise tk.ValidationError({"id": [tk._("This grant was revoked already.")]})
        lifted = tk.asbool(data_dict.get("lift", False))
        how = "suspended" if lifted or tk.asbool(data_dict.get("suspend", False)) else "revoked"
        day = None if lifted else now.today()
        user: Any = context.get("auth_user_obj")
        grants.end(session, row.id, how, reason, user.id, day)
        if not context.get("defer_commit"):
            session.commit()
    except Exception:
        session.rollback()
        raise
    return _shown(_find(row.id))


def _find(grant_id: str) -> Any:
    return model.Session.execute(sa.select(grant).where(grant.c.id == grant_id)).first()


def _shown(row: Any) -> dict[str, Any]:
    users = grants.members(model.Session, [row.id]).get(row.id, frozenset())
    standing = grants.as_grant(row, users).standing(now.today())
    return {
        "id": row.id,
        "case_id": row.case_id,
        "reference": row.reference,
        "dataset_id": row.package_id,
        "organization_id": row.organization_id,
        "resources": json.loads(row.resources),
        "columns": json.loads(row.columns),
        "row_limit": row.row_limit,
        "purpose": row.purpose,
        "conditions": row.conditions,
        "delivery": row.delivery,
        "terms_version": row.terms_version,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat(),
        "standing": standing.value,
        "reason": row.ended_reason,
        "members": len(users),
    }
