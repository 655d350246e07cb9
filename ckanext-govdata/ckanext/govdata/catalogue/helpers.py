"""Template helpers of the catalogue."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from .. import settings, vocabularies
from ..departments import roles, sentences, tree
from ..departments.directory import directory
from ..departments.tree import Department
from .entry import damaged_entries, powers


def govdata_vocabulary_choices(field: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Scheming's choices of a field that names its ``vocabulary``."""
    terms = vocabularies.vocabulary(field["vocabulary"]).terms
    return [{"value": term.code, "label": dict(term.label)} for term in terms]


def govdata_parent_choices(department_id: str = "") -> list[tuple[Department, int]]:
    """The departments that may be the parent of this one, in tree order, each with its depth."""
    barred = {d.id for d in tree.descendants(department_id)} if department_id else set()
    return [(one, depth) for one, depth in directory().walk() if one.id not in barred]


def govdata_kept_from(department_id: str) -> str:
    """Who sets what carries power in a department, where the present user may not; else empty."""
    user = tk.current_user
    body = model.Group.get(department_id) if department_id else None
    if body is None or not settings.is_portal() or not user.is_authenticated:
        return ""
    if getattr(user, "sysadmin", False) or roles.stands_above(user.id, body.id):
        return ""
    return sentences.who(roles.above(body.id))


def govdata_own_fields() -> Sequence[str]:
    """The fields of a department that its own head sets."""
    return list(powers.powers().own)


def govdata_parent_title(name_or_id: str) -> str:
    """A department's title; empty for none."""
    found = tree.get(name_or_id)
    return (found.title or found.name) if found else ""


def govdata_damaged(entry_id: str) -> list[dict[str, str]]:
    """What of an entry cannot be read (``field``, ``label``, ``stored``), for who mends it."""
    package = model.Package.get(entry_id)
    return damaged_entries.fields_of(package.extras) if package is not None else []
