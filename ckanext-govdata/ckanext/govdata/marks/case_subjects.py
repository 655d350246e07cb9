"""Finer things than an entry that a case can be about: a file, a column, a row or a cell of it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..domain import mark
from ..domain.refusal import Refusal
from ..domain.topic import CaseSubject, Topic
from ..forms.refusals import sentence
from .pointer import pointed


def resource(context: Context, asked: Mapping[str, object]) -> CaseSubject:
    """A file of an entry."""
    return _subject(context, asked, Topic.RESOURCE)


def column(context: Context, asked: Mapping[str, object]) -> CaseSubject:
    """An information item of an entry, or a column of one of its files."""
    return _subject(context, asked, Topic.COLUMN)


def row(context: Context, asked: Mapping[str, object]) -> CaseSubject:
    """A row of a table, or a cell of it where a column is named too."""
    return _subject(context, asked, Topic.ROW)


def _subject(context: Context, asked: Mapping[str, object], topic: Topic) -> CaseSubject:
    """What is pointed at, as this reader sees it.

    Its title is the entry's: what stands in a row is told to nobody by a list of cases. Raises
    ``ValidationError`` where he sees no such entry, or it has no such thing for him.
    """
    reader = Context(user=context.get("user", ""), auth_user_obj=context.get("auth_user_obj"))
    try:
        entry = tk.get_action("package_show")(reader, {"id": _entry_of(asked)})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        raise tk.ValidationError({"dataset_id": [tk._("There is no such entry.")]}) from None
    if entry["state"] != model.State.ACTIVE:
        raise tk.ValidationError({"dataset_id": [tk._("There is no such entry.")]})
    given = {name: asked.get(name) for name in mark.PARTS if asked.get(name)}
    found = pointed(reader, entry, given)
    if isinstance(found, Refusal):
        raise tk.ValidationError({found.field: [sentence(found)]})
    found = found.mark
    place = {"resource": found.file, "column": found.column,
             "row": json.dumps(dict(found.row), ensure_ascii=False) if found.row else ""}
    title, owner = str(entry.get("title") or entry["name"]), str(entry["owner_org"] or "")
    return CaseSubject(topic, title, owner,
                   found.entry, {name: value for name, value in place.items() if value})


def _entry_of(asked: Mapping[str, object]) -> str:
    """The entry that is named, or the one of the file that is named alone."""
    if asked.get("dataset_id"):
        return str(asked["dataset_id"])
    file = model.Resource.get(str(asked.get("resource_id") or ""))
    return str(file.package_id) if file else ""
