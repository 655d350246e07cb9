"""Actions: which department a name means, how one takes over from another, and who stands in."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from .. import vocabularies
from ..domain import typed_time
from ..domain.merger import Merger, judge
from ..domain.refusal import Refusal
from ..forms import refusals
from ..parameters import flag
from ..security.callers import signed_in
from ..speech.language import of_labels
from ..transaction import transaction
from . import absences, former_names, members, sentences, succession, tree
from .answers import AbsenceLine, AbsenceMade, Holdings, Meant, Succeeded
from .offices import OFFICES


@tk.side_effect_free
def govdata_department_find(context: Context, data_dict: DataDict) -> list[Meant]:
    """Which departments a name means: those that bear it today, else those that bore it.

    A former name is the department's own or that of one which it has succeeded; ``former`` says
    until when and who bore it.

    :param name: a title, a short name, a credit code or the name in addresses, written in full
    """
    tk.check_access("govdata_department_find", context, data_dict)
    name = str(tk.get_or_bust(data_dict, "name")).strip()
    if not name:
        raise tk.ValidationError({"name": [tk._("Missing value")]})
    known = {one.id: one for one in tree.every()}
    today = [
        one.id for one in known.values() if name in (one.title, one.short_name, one.uscc, one.name)
    ]
    found = today or [one for one in former_names.bearers(name) if one in known]
    return [
        {
            "id": one,
            "name": known[one].name,
            "title": known[one].title,
            "former": [] if today else [f for f in former_names.told(one) if f["value"] == name],
        }
        for one in found
    ]


@tk.side_effect_free
def govdata_department_holdings(context: Context, data_dict: DataDict) -> Holdings:
    """What a department has that its successor would take over, in numbers; for those above it.

    :param id: of the department, or its name
    """
    tk.check_access("govdata_department_holdings", context, data_dict)
    return cast("Holdings", succession.holdings(model.Session, _group(data_dict).id))


def govdata_department_succeed(context: Context, data_dict: DataDict) -> Succeeded:
    """End a department that is merged or abolished: another takes over all that it has, at once.

    Its entries, its open cases with their terms, its running grants without a break, its running
    emergencies and the departments below it go to the successor, which is found by all its names;
    what is decided keeps the name that the department had then. Everybody concerned is told. All
    of it comes about or nothing.

    :param id: of the department that ends, or its name
    :param successor: id or name of the department that takes over
    :param basis: the document by which it ends
    :param staff: true seats its people in the successor, its heads as officers

    Answers ``id``, ``successor`` and how many of each kind were handed over.
    """
    tk.check_access("govdata_department_succeed", context, data_dict)
    user, group = signed_in(context), _group(data_dict)
    named = str(data_dict.get("successor") or "").strip()[:200]
    heir = model.Group.get(named) if named else None
    basis = " ".join(str(data_dict.get("basis") or "").split())
    asked = Merger(group.id, heir.id if heir else "", named, basis)
    with transaction(context) as session:
        succession.hold(session, asked.department, asked.heir)
        wrong = judge(asked, tree.bodies(session), members.headed_by(user.id), OFFICES)
        if wrong:
            raise refusals.invalid(wrong, lambda one: _say(one, group))
        act = succession.Succession(
            group.id, group.title or group.name, asked.heir, _title(asked.heir), basis
        )
        counts = succession.carry_out(
            session, context, act, with_staff=flag(data_dict, "staff")
        )
    return cast("Succeeded", {"id": act.department, "successor": act.heir, **counts})


@tk.side_effect_free
def govdata_away_list(context: Context, data_dict: DataDict) -> list[AbsenceLine]:
    """Absences that are not over, in which one is away or stands in."""
    tk.check_access("govdata_away_list", context, data_dict)
    user_id = signed_in(context).id
    rows = absences.of_user(model.Session, user_id)
    names = members.names({name for row in rows for name in (row.user_id, row.deputy_id)})
    return [
        {
            "id": row.id,
            "mine": row.user_id == user_id,
            "who": names.get(row.user_id, ""),
            "deputy": names.get(row.deputy_id, ""),
            "first": row.first.isoformat(),
            "last": row.last.isoformat(),
        }
        for row in rows
    ]


def govdata_away_create(context: Context, data_dict: DataDict) -> AbsenceMade:
    """Say that one is away and who stands in meanwhile.

    :param deputy: id of a colleague of one's department
    :param first, last: days, both included
    """
    tk.check_access("govdata_away_create", context, data_dict)
    user, session = signed_in(context), model.Session
    days: dict[str, date] = {}
    errors: dict[str, Any] = {}
    for name in ("first", "last"):
        value = str(data_dict.get(name) or "").strip()
        if day := typed_time.read_day(value):
            days[name] = day
        else:
            errors[name] = [refusals.sentence(Refusal("not_a_day", name, value))]
    deputy = str(data_dict.get("deputy") or "")
    errors = errors or absences.problems(session, user.id, deputy, days["first"], days["last"])
    if errors:
        raise tk.ValidationError(errors)
    with transaction(context):
        made = absences.declare(session, user.id, deputy, days["first"], days["last"])
    return {"id": made}


def govdata_away_delete(context: Context, data_dict: DataDict) -> None:
    """Be back early, or not go at all.

    :param id: of one's own absence
    """
    tk.check_access("govdata_away_delete", context, data_dict)
    user_id, session = signed_in(context).id, model.Session
    mine = [one for one in absences.of_user(session, user_id) if one.user_id == user_id]
    found = next((one for one in mine if one.id == str(data_dict.get("id") or "")), None)
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such absence."))
    with transaction(context):
        absences.end(session, found)


def _group(data_dict: DataDict) -> Any:
    group = model.Group.get(str(tk.get_or_bust(data_dict, "id")))
    if group is None or not group.is_organization:
        raise tk.ObjectNotFound(tk._("There is no such department."))
    return group


def _say(refusal: Any, group: Any) -> str:
    office = ""
    if refusal.code == "holds_office":
        said = of_labels()
        office = vocabularies.vocabulary("department_roles").label(refusal.value, said)
    value = _title(refusal.value) if refusal.field == "successor" else refusal.value
    return sentences.say(refusal, group.title or group.name, value, office)


def _title(name_or_id: str) -> str:
    group = model.Group.get(name_or_id) if name_or_id else None
    return (group.title or group.name) if group else name_or_id
