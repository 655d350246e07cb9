"""Actions: which department a name means, and how one takes over from another."""

from __future__ import annotations

from typing import Any, TypedDict

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from .. import vocabularies
from ..domain.merger import Merger, judge
from ..parameters import flag
from ..security.callers import signed_in
from ..speech.language import of_labels
from ..transaction import transaction
from . import former_names, members, sentences, succession, tree
from .former_names import ToldName
from .offices import OFFICES


class Meant(TypedDict):
    """A department that a name means; ``former`` are the former names by which it does."""

    id: str
    name: str
    title: str
    former: list[ToldName]


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
def govdata_department_holdings(context: Context, data_dict: DataDict) -> dict[str, int]:
    """What a department has that its successor would take over, in numbers; for those above it.

    :param id: of the department, or its name
    """
    tk.check_access("govdata_department_holdings", context, data_dict)
    return succession.holdings(model.Session, _group(data_dict).id)


def govdata_department_succeed(context: Context, data_dict: DataDict) -> dict[str, Any]:
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
            raise tk.ValidationError({one.field: [_say(one, group)] for one in wrong})
        act = succession.Succession(
            group.id, group.title or group.name, asked.heir, _title(asked.heir), basis
        )
        counts = succession.carry_out(
            session, context, act, with_staff=flag(data_dict, "staff")
        )
    return {"id": act.department, "successor": act.heir, **counts}


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
