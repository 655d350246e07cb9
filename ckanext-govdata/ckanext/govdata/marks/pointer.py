"""What of an entry somebody points at, found as a reader sees it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple, cast

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..cases.effects import CaseRow
from ..domain import mark
from ..domain.mark import Mark, Readable
from ..domain.refusal import Refusal
from . import datum

NUMBERED = re.compile(r"([0-9]{1,18})@([0-9a-f]{1,64})")
"""How a preview names a row: its number in the version of the file that the reader looked at."""


class Pointed(NamedTuple):
    """What is pointed at, and the columns of its table that the reader has."""

    mark: Mark
    columns: tuple[str, ...]


def pointed(
    context: Mapping[str, object], entry: Mapping[str, object], given: dict[str, Any]
) -> Pointed | Refusal:
    """The mark that is meant, if what it points at is there."""
    file = str(given.get("resource_id") or "")
    known = datum.readable(context, entry, file)
    if isinstance(given.get("row"), str):
        named = _named_row(given["row"], file, known)
        if isinstance(named, Refusal):
            return named
        given = {**given, "row": named}
    read = mark.read(given)
    found = read if isinstance(read, Refusal) else mark.point(read, known)
    if isinstance(found, Refusal):
        return found
    if found.row:  # as the table has it: 0127 and 127 are one number
        row = datum.row_of(found, list(found.row))
        if row is None:
            return Refusal("mark_row_gone", "mark")
        found = replace(found, row=row)
    return Pointed(found, known.columns or ())


def _named_row(text: str, file: str, known: Readable) -> Any:
    """What names the row that an address means: by its number in a preview, or by JSON."""
    numbered = NUMBERED.fullmatch(text)
    if numbered and (file not in known.files or known.columns is None):
        return Refusal("mark_no_table", "mark")
    if numbered and numbered[2] != known.version:
        return Refusal("mark_other_version", "mark")
    if numbered:
        found = datum.numbered(file, int(numbered[1]), known.key)
        return found if found is not None else Refusal("mark_row_gone", "mark")
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        row = None
    if isinstance(row, dict) and row:
        return cast("dict[str, Any]", row)
    return Refusal("mark_row_shape", "row", facts={"most": str(mark.WIDEST)})


def reader_of(case: CaseRow) -> Context:
    """In whose name what a case is about is looked at: the applicant's, or nobody's where the
    portal itself applies, since then it may be told to anybody."""
    user = cast("Any", model.User.get(case.applicant_id))
    portal = str(tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"])
    if user is None or user.name == portal:
        return Context(user="", auth_user_obj=None)
    return Context(user=user.name, auth_user_obj=user)


def found_again(context: Context, case: CaseRow) -> Pointed | Refusal:
    """What a case is about, as the reader sees it today; or that it is not there for him now."""
    try:
        entry = tk.get_action("package_show")(Context(**context), {"id": case.package_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return Refusal("entry_withdrawn", "dataset_id", case.package_id or "")
    place = cast("dict[str, str]", json.loads(case.subject or "{}"))
    given: dict[str, Any] = {"resource_id": place.get("resource"), "column": place.get("column")}
    if place.get("row"):
        given["row"] = json.loads(place["row"])
    return pointed(context, entry, {name: part for name, part in given.items() if part})
