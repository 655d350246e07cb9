"""Why power is not given, in the user's language: field, value, who may, article."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import ckan.plugins.toolkit as tk

from ... import now, vocabularies
from ...access import operator_rights
from ...departments import succession, tree
from ...departments.sentences import who
from ...domain.catalogue import shortened
from ...domain.refusal import Refusal
from ...rules import in_force
from ...speech import language
from . import problem_sentences


def say(refusal: Refusal, rules: str, above: Collection[str], basis: Mapping[str, str]) -> str:
    """The refusal as one line, with those who may and the article of the jurisdiction ``rules``."""
    sentences = {
        "power_from_above": tk._("{field} (“{value}”) is set by {who}, not by the department"),
        "seat_from_above": tk._("A head of this department is named and relieved by {who}"),
        "seat_not_yours": tk._("Officers of this department are named by its head or by {who}"),
    }
    said = sentences[refusal.code].format(
        field=label(refusal.field), value=_value(refusal), who=who(above)
    )
    clause = basis.get("admin" if refusal.field == "capacity" else refusal.field, basis["other"])
    source = _article(rules, clause)
    return tk._("{sentence} ({source}).").format(sentence=said, source=source) if source else said


def label(field: str) -> str:
    """A field of a department by its label."""
    more = {
        "state": tk._("State"),
        "type": tk._("Type"),
        "is_organization": tk._("Type"),
        "approval_status": tk._("State"),
    }
    return more.get(field) or problem_sentences.department_label(
        field, language.of_labels()
    )


def seated(user: str, department: str) -> str:
    """Why an operator and a seat do not go together."""
    return tk._(
        "“{user}” has a seat in “{department}”: whoever operates the portal holds no seat in a "
        "department"
    ).format(user=user, department=department)


def taken(role: str, other: str) -> str:
    """Why a place has no second authority."""
    found = tree.get(other)
    return tk._("This place has its {role} already: “{department}”").format(
        role=vocabularies.vocabulary("department_roles").label(role, language.of_labels()),
        department=found.title if found else other,
    )


def left_behind(left: Mapping[str, int]) -> str:
    """Why a department does not end, with what it has."""
    has = tk._(", ").join(f"{label} {n}" for label, n in succession.lines(left) if n)
    return tk._(
        "The department has something that another takes over first ({has}): “Merge or abolish”, "
        "in its form."
    ).format(has=has)


def two_parents() -> str:
    """Why a department has one parent."""
    return tk._("A department stands below one other, not below two")


def foreign(entry: str) -> str:
    """Why an entry is not put among another department's."""
    return tk._("“{entry}” is another department's entry").format(entry=entry)


def entry(refusal: Refusal) -> str:
    """Why whoever operates the portal does not change an entry so."""
    said = tk._("{field} (“{value}”) is set by the entry's department").format(
        field=problem_sentences.field_label(refusal.field, language.of_labels())
        or refusal.field,
        value=shortened(refusal.value) if refusal.value else tk._("empty"),
    )
    return f"{said}. {operator_rights.words()}"


def password() -> str:
    """Why nobody chooses another's password."""
    return tk._(
        "A password is chosen by the account's owner alone: have a letter with a link sent to him "
        "(“Forgot your password?”)"
    )


def _value(refusal: Refusal) -> str:
    value = refusal.value
    if refusal.field == "parent":
        found = tree.get(value)
        return found.title if found else shortened(value)
    names = {"role": "department_roles", "level": "department_levels"}
    name = names.get(refusal.field)
    if name and value:
        return vocabularies.vocabulary(name).label(value, language.of_labels())
    return shortened(value) if value else tk._("empty")


def _article(rules: str, clause: str) -> str:
    """The clause's article with the name of its text; empty where the texts are silent."""
    ruling = in_force.rulebook().clause(rules or "portal", clause, now.today())
    if isinstance(ruling, Refusal) or not ruling.clause.article:
        return ""
    return problem_sentences.cite(
        f"{ruling.source.id} {ruling.clause.article}", language.of_labels()
    )
