"""Template helpers of the catalogue."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import vocabularies
from ..domain.vocabulary import Vocabulary
from . import departments
from .departments import Branch, Department


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
