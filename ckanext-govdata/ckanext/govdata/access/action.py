"""Actions: ask the gate; grants with their members, reports and tokens, and how they end."""

from __future__ import annotations

import json

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context, DataDict

from .. import database, now, settings, slices
from ..departments import members, seats
from ..domain.grant import Grant, owes_report, report_due
from ..domain.refusal import Refusal
from ..forms import attachments, refusals
from ..identity import profile
from ..identity.action import CONTROL
from ..notices.notice import Telling, tell
from ..pager import read_page
from ..security.callers import signed_in
from ..transaction import transaction
from . import (
    gate,
    grant_news,
    grant_tokens,
    grant_turns,
    grants,
    locations,
    presence,
    reports,
    sentences,
    withheld_columns,
)
from .answers import (
    AccessAnswer,
    GrantAnswer,
    GrantLine,
    GrantPage,
    LocationAnswer,
    MemberAnswer,
    NewToken,
)
from .model import GrantRow, grant, member

PAGE = 200
"""Grants that are told at once."""

SHOWN = 50
"""Those that departments gave, on a page."""

MEMBERS = 20
"""Named users of one grant, the holder among them."""


@tk.side_effect_free
def govdata_access_check(context: Context, data_dict: DataDict) -> AccessAnswer:
    """Whether the present user may read the data of a resource, and why (not).

    Those who provide a table are told also which of its columns readers do not get
    (``kept_back``), or that they get all because the entry declares no items (``undivided``).

    :param resource_id: of a resource of an entry that he may see
    """
    resource_id = str(tk.get_or_bust(data_dict, "resource_id"))
    tk.check_access("govdata_access_check", context, {"resource_id": resource_id})
    answer = gate.allows(context, resource_id)
    if isinstance(answer, Refusal):
        return {"allowed": False, "why": sentences.say(answer), "code": answer.code}
    found: AccessAnswer = {"allowed": True, "why": answer.way.value}
    told = withheld_columns.of_table(context, resource_id)
    if told is not None:
        found["kept_back"] = [
            {"column": name, "code": code, "why": withheld_columns.why(code)}
            for name, code in told.columns.items()
        ]
        found["undivided"] = told.undivided
    if answer.grant:
        found["grant"], found["columns"] = answer.grant, list(answer.columns or ())
        found["row_limit"] = answer.row_limit
    return found


@tk.side_effect_free
def govdata_access_location(context: Context, data_dict: DataDict) -> LocationAnswer:
    """Where data that is not open really stands; for officers of its department.

    :param resource_id: of the resource
    """
    resource_id = str(tk.get_or_bust(data_dict, "resource_id"))
    tk.check_access("govdata_access_location", context, {"resource_id": resource_id})
    kept = locations.find(resource_id)
    return {"resource_id": resource_id, "location": kept["url"] if kept else ""}


@tk.side_effect_free
def govdata_grant_list(context: Context, data_dict: DataDict) -> list[GrantLine]:
    """Grants that the present user holds, or with ``organization`` those that it gave.

    :param organization: id of a department of which the user is an officer
    :param page: from 1, 200 a page
    """
    tk.check_access("govdata_grant_list", context, data_dict)
    user = signed_in(context)
    page = read_page(data_dict, PAGE)
    newest = (grant.c.created.desc(), grant.c.id)
    query = sa.select(grant).order_by(*newest).limit(page.size).offset(page.offset)
    given_by = str(data_dict.get("organization") or "")
    if not given_by:
        query = query.join(member, member.c.grant_id == grant.c.id).where(
            member.c.user_id == user.id
        )
    elif given_by in seats.works_in(user.id):
        query = query.select_from(grants.with_entry()).where(grants.provider() == given_by)
    else:
        raise tk.NotAuthorized(tk._("You are no officer of this department."))
    rows = database.rows(model.Session, query, GrantRow)
    shown = None if given_by else presence.public(row.package_id for row in rows)
    return [_line(row, grants.as_grant(row, frozenset()), shown) for row in rows]


@tk.side_effect_free
def govdata_grant_given_list(context: Context, data_dict: DataDict) -> GrantPage:
    """Grants that the present user's departments gave: those that owe a report first, then by
    their last day.

    :param page: from 1, 50 a page
    """
    tk.check_access("govdata_grant_given_list", context, data_dict)
    page = read_page(data_dict, SHOWN)
    given = grants.provider().in_(seats.works_in(signed_in(context).id))
    found = sa.select(grant).select_from(grants.with_entry()).where(given)
    first = grants.owing(now.today(), settings.report_days()).desc()
    found = found.order_by(first, grant.c.valid_until, grant.c.id)
    rows = database.rows(model.Session, found.limit(page.size).offset(page.offset), GrantRow)
    count = sa.select(sa.func.count()).select_from(grants.with_entry()).where(given)
    lines = [_line(row, grants.as_grant(row, frozenset()), None) for row in rows]
    return {**page.head(model.Session.scalar(count) or 0), "results": lines}


@tk.side_effect_free
def govdata_grant_show(context: Context, data_dict: DataDict) -> GrantAnswer:
    """A grant.

    :param id: of the grant
    """
    tk.check_access("govdata_grant_show", context, data_dict)
    return _shown(_find(str(data_dict["id"])), signed_in(context))


def govdata_grant_revoke(context: Context, data_dict: DataDict) -> GrantAnswer:
    """End a grant before its time, or suspend it.

    :param id: of the grant
    :param reason: at least ten characters
    :param basis: what it rests on, one a line: a ground by its id or citation, another law or
        administrative regulation as 《…》第…条（法律）, or a clause of the terms of use that were
        accepted, as 数据使用条款（2026-1）第一条; not wanted to lift a suspension
    :param heard: what its holder said at a hearing before it is ended, where he has neither said
        his side nor let the days pass that he had for it since a suspension
    :param heard_on: day of that hearing
    :param heard_by: how it was held: ``meeting``, ``telephone``, ``video`` or ``writing``
    :param suspend: true suspends it until ``lift`` is given, or its term has run out
    :param new_facts: what is new since an earlier suspension of the same grant
    :param lift: true lifts a suspension
    """
    tk.check_access("govdata_grant_revoke", context, data_dict)
    reason, basis = grant_turns.reason_of(data_dict), grant_turns.basis_of(data_dict)
    heard, new_facts = grant_turns.heard_of(data_dict), grant_turns.new_facts_of(data_dict)
    with transaction(context) as session:
        of_case = slices.registered("case_of_grant")
        found = sa.select(grant).where(grant.c.id == str(data_dict["id"]))
        seen = database.first(session, found, GrantRow)
        if seen is not None:
            of_case["lock"](session, seen.case_id)
        row = database.first(session, found.with_for_update(), GrantRow)
        if row is None:
            raise tk.ObjectNotFound
        how, user = grant_turns.turn_of(row, data_dict), signed_in(context)
        if how == "lifted":
            grant_turns.check_given(slices.registered("entry_changes")["hindered"](session, row))
        grants.end(session, row.id, how, reason, user.id, now.today())
        more = new_facts if how == "suspended" else heard
        of_case["note_decision"](session, row, how, reason, basis, more, user.id)
        entry = model.Package.get(row.package_id)
        provider = entry.owner_org if entry else None
        if how == "lifted" and provider and provider != row.organization_id:
            grants.take_over(session, row, provider, user.id)
        return _shown(_find(row.id), user)


def govdata_grant_report_create(context: Context, data_dict: DataDict) -> GrantAnswer:
    """Report how granted data is used; the report that is owed is one at the grant's end.

    :param id: of the grant
    :param fields: ``use``, ``deleted`` (``in_use``, ``deleted`` or ``archived``), and if there
        are any ``results``, ``link`` and ``files`` (ids of attachments of the case)
    """
    tk.check_access("govdata_grant_report_create", context, data_dict)
    row, user, session = _find(str(data_dict["id"])), signed_in(context), model.Session
    values = data_dict.get("fields") or {}
    if not isinstance(values, dict):
        raise tk.ValidationError({"fields": [tk._("Fields and values are wanted here.")]})
    files = frozenset(attachments.of_case(session, row.case_id))
    checked = reports.check(values, files)
    if isinstance(checked, tuple):
        raise tk.ValidationError(dict(refusals.by_field(checked)))
    facts = grant_news.facts(row)
    entry = model.Package.get(row.package_id)
    officers = members.officers((entry and entry.owner_org) or row.organization_id)
    key = f"grant:{row.id}:reported:{now.now().isoformat()}"
    told = [Telling(f"{key}:{one}", one, "use_reported", row.case_id, facts) for one in officers]
    with transaction(context):
        reports.keep(session, row, user.id, checked)
        tell(session, told)
        return _shown(_find(row.id), user)


def govdata_grant_member_create(context: Context, data_dict: DataDict) -> GrantAnswer:
    """Name a user who may use an organisation's grant; he has said who he is before.

    :param id: of the grant
    :param username: of the user
    """
    tk.check_access("govdata_grant_member_create", context, data_dict)
    row, user, session = _find(str(data_dict["id"])), signed_in(context), model.Session
    holder = profile.with_case(session, row.case_id)
    if holder is None or holder.kind == "person":  # who he was when he applied, not who he says now
        raise tk.ValidationError({"username": [tk._("A person's grant is for that person alone.")]})
    named = model.User.get(str(data_dict.get("username") or "").strip())
    if named is None or not named.is_active or not profile.is_known(session, named.id):
        words = tk._("There is no user of this name who has said who he is.")
        raise tk.ValidationError({"username": [words]})
    if len(grants.members(session, [row.id]).get(row.id, ())) >= MEMBERS:
        raise tk.ValidationError({"username": [tk._("At most {most}.").format(most=MEMBERS)]})
    with transaction(context):
        if grants.add_member(session, row.id, named.id, user.id):
            facts = grant_news.facts(row)
            key = f"grant:{row.id}:member:{now.now().isoformat()}:{named.id}"
            tell(session, [Telling(key, named.id, "grant_member_added", None, facts)])
        return _shown(row, user)


def govdata_grant_member_delete(context: Context, data_dict: DataDict) -> GrantAnswer:
    """Take a named user's part in an organisation's grant away; his tokens end with it.

    :param id: of the grant
    :param username: of the user; never the holder's
    """
    tk.check_access("govdata_grant_member_delete", context, data_dict)
    row, user = _find(str(data_dict["id"])), signed_in(context)
    named = model.User.get(str(data_dict.get("username") or "").strip())
    if named is None or named.id == row.holder_id:
        raise tk.ValidationError({"username": [tk._("Nobody of this name can be taken off.")]})
    with transaction(context) as session:
        grants.remove_member(session, row.id, named.id, user.id)
        return _shown(row, user)


def govdata_grant_token_create(context: Context, data_dict: DataDict) -> NewToken:
    """A token with which a program reads the grant's data and nothing else; shown this once.

    :param id: of the grant
    :param name: what it is for, to know it by
    """
    tk.check_access("govdata_grant_token_create", context, data_dict)
    row, user, session = _find(str(data_dict["id"])), signed_in(context), model.Session
    name = " ".join(str(data_dict.get("name") or "").split())
    if not 1 <= len(name) <= 60 or CONTROL.search(name):
        raise tk.ValidationError({"name": [tk._("1 to 60 ordinary characters are wanted here.")]})
    if len(grant_tokens.of_grant(session, row.id)) >= grant_tokens.MOST:
        raise tk.ValidationError(
            {"name": [tk._("At most {most}: revoke one first.").format(most=grant_tokens.MOST)]}
        )
    with transaction(context):
        token_id, secret = grant_tokens.issue(session, row.id, user.id, name)
    return {"id": token_id, "name": name, "token": secret}


def govdata_grant_token_revoke(context: Context, data_dict: DataDict) -> GrantAnswer:
    """End a token of a grant.

    :param id: of the grant
    :param token: id of the token
    """
    tk.check_access("govdata_grant_token_revoke", context, data_dict)
    user, session = signed_in(context), model.Session
    row = _find(str(data_dict["id"]))
    known = {one.id: one for one in grant_tokens.of_grant(session, row.id)}
    found = known.get(str(data_dict.get("token") or ""))
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such token."))
    with transaction(context):
        grant_tokens.revoke(session, found, user.id)
        return _shown(row, user)


def _find(grant_id: str) -> GrantRow:
    row = database.first(model.Session, sa.select(grant).where(grant.c.id == grant_id), GrantRow)
    if row is None:
        raise tk.ObjectNotFound
    return row


def _shown(row: GrantRow, user: model.User) -> GrantAnswer:
    """A grant as its holder, its members and the provider see it."""
    session = model.Session
    users = grants.members(session, [row.id]).get(row.id, frozenset())
    pure = grants.as_grant(row, users)
    held = profile.with_case(session, row.case_id)
    return {
        **_line(row, pure, presence.public([row.package_id]) if user.id in users else None),
        "mine": user.id == row.holder_id,
        "reader": user.id in users,
        "holder": {"kind": held.kind, "name": held.masked_name} if held else {},
        "members": _names(users, row.holder_id),
        "reports": reports.of_grant(session, row.id),
        "tokens": [
            {
                "id": one.id,
                "name": one.name,
                "created": one.created.isoformat(),
                "used": one.used.isoformat() if one.used else None,
            }
            for one in grant_tokens.of_grant(session, row.id)
        ],
    }


def _names(users: frozenset[str], holder: str) -> list[MemberAnswer]:
    query = sa.select(model.User.id, model.User.name).where(model.User.id.in_(users))
    named = sorted(model.Session.execute(query), key=lambda one: (one.id != holder, one.name))
    return [{"name": one.name, "holder": one.id == holder} for one in named]


def _line(row: GrantRow, pure: Grant, shown: frozenset[str] | None) -> GrantLine:
    """A grant as a line of a list: from its row and two titles.

    ``shown`` are the entries of which everybody may know: the title of no other is told. None
    where the reader works for the entry's department.
    """
    today, days = now.today(), settings.report_days()
    entry = model.Package.get(row.package_id)
    owner = (entry and entry.owner_org) or row.organization_id
    department = model.Group.get(owner)
    told = shown is None or row.package_id in shown
    return {
        "id": row.id,
        "case_id": row.case_id,
        "reference": row.reference,
        "dataset_id": row.package_id,
        "dataset_title": (entry and told and entry.title) or "",
        "withdrawn": not told,
        "organization_id": owner,
        "organization_title": (department and department.title) or "",
        "resources": json.loads(row.resources),
        "columns": json.loads(row.columns),
        "row_limit": row.row_limit,
        "purpose": row.purpose,
        "conditions": row.conditions,
        "delivery": row.delivery,
        "terms_version": row.terms_version,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat(),
        "standing": pure.standing(today).value,
        "reason": sentences.ended(row.ended_reason),
        "report_due": report_due(pure, days).isoformat(),
        "reported": row.reported.isoformat() if row.reported else None,
        "report_owed": owes_report(pure, today, days),
    }
