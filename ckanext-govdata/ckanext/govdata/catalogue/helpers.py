"""Template helpers of the catalogue."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from .. import settings, vocabularies
from ..domain import power
from ..domain.vocabulary import Vocabulary
from . import departments
from .departments import Branch, Department
from .entry import damaged_entries, power_sentences, powers


def govdata_vocabulary(name: str) -> Vocabulary:
    """A vocabulary by the name of its file; raises ``KeyError`` for an unknown one."""
    return vocabularies.vocabulary(name)


def govdata_vocabulary_choices(field: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Scheming's choices of a field that names its ``vocabulary``."""
    terms = vocabularies.vocabulary(field["vocabulary"]).terms
    return [{"value": term.code, "label": dict(term.label)} for term in terms]


def govdata_breadcrumb(department_id: str) -> Sequence[Department]:
    """A department and those above it, the top first."""
    return departments.ancestors(department_id)


def govdata_department_tree() -> list[Branch]:
    """The whole tree of departments."""
    return departments.tree()


def govdata_descendants(department_id: str) -> Sequence[Department]:
    """A department and all below it."""
    return departments.descendants(department_id)


def govdata_parent_choices(department_id: str = "") -> list[tuple[Department, int]]:
    """The departments that may be the parent of this one, in tree order, each with its depth."""
    barred = {d.id for d in departments.descendants(department_id)} if department_id else set()
    found: list[tuple[Department, int]] = []
    waiting = [(branch, 0) for branch in reversed(departments.tree())]
    while waiting:
        branch, depth = waiting.pop()
        if branch.department.id in barred:
            continue
        found.append((branch.department, depth))
        waiting.extend((child, depth + 1) for child in reversed(branch.children))
    return found


def govdata_kept_from(department_id: str) -> str:
    """Who sets what carries power in a department, where the present user may not; else empty."""
    user = tk.current_user
    body = model.Group.get(department_id) if department_id else None
    if body is None or not settings.is_portal() or not user.is_authenticated:
        return ""
    if getattr(user, "sysadmin", False) or powers.stands_above(user.id, body.id):
        return ""
    return power_sentences.who(power.above(powers.tree(model.Session), body.id))


def govdata_own_fields() -> Sequence[str]:
    """The fields of a department that its own head sets."""
    return list(powers.powers().own)


def govdata_parent_title(name_or_id: str) -> str:
    """A department's title; empty for none."""
    found = departments.get(name_or_id)
    return (found.title or found.name) if found else ""


def govdata_damaged(entry_id: str) -> list[dict[str, str]]:
    """What of an entry cannot be read (``field``, ``label``, ``stored``), for who mends it."""
    package = model.Package.get(entry_id)
    return damaged_entries.fields_of(package.extras) if package is not None else []
