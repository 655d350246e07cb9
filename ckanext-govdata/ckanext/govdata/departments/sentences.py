"""What is said of departments: who stands above one, and why one does not succeed another."""

from __future__ import annotations

from collections.abc import Callable, Collection

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ..domain.merger import LEAST_BASIS, MOST_BASIS
from ..domain.refusal import Refusal
from ..forms import refusals

REFUSALS: dict[str, Callable[[], str]] = {
    "successor_missing": lambda: tk._(
        "Name the department that takes over what “{department}” has: nothing is left to nobody."
    ),
    "successor_unknown": lambda: tk._("There is no department “{value}”."),
    "successor_itself": lambda: tk._("“{value}” cannot take over from itself."),
    "successor_ended": lambda: tk._(
        "“{value}” was ended itself: name the department that has taken over from it."
    ),
    "successor_below": lambda: tk._(
        "“{value}” stands below the department that ends. Move it to another place first."
    ),
    "successor_not_yours": lambda: tk._(
        "You stand above “{department}”, not above “{value}”: who hands over has power over both."
    ),
    "already_ended": lambda: tk._("“{department}” was ended before."),
    "holds_office": lambda: tk._(
        "“{department}” is the {office} of its place, for which cases wait: give that to another "
        "department first."
    ),
    "basis_length": lambda: tk._(
        "Name the document by which it ends, in {least} to {most} characters."
    ),
}


def who(above: Collection[str]) -> str:
    """Those who stand above, by their titles; always also the operator."""
    return tk._(", ").join([*titles(above), tk._("the portal's operator")])


def titles(departments: Collection[str]) -> list[str]:
    """Titles of at most twenty departments, by title."""
    query = sa.select(model.Group.title).where(model.Group.id.in_(list(departments)[:20]))
    return sorted(title for title in model.Session.scalars(query) if title) if departments else []


def say(refusal: Refusal, department: str, value: str, office: str) -> str:
    """Why a department does not succeed another; both by their titles."""
    named = {"department": department, "value": value, "office": office,
             "least": str(LEAST_BASIS), "most": str(MOST_BASIS)}
    return refusals.sentence(refusal, named=named)


def not_above(above: Collection[str]) -> str:
    """Who ends a department, to somebody who may not."""
    named = titles(above)
    if not named:
        return tk._("Nobody stands above this department, so nobody can end it.")
    return tk._("A department is ended by a head of: {who}.").format(who=tk._(", ").join(named))

FORMS_AT = {"/cases/away": ("absence",), "/organization/succession/": ("succession",)}
"""The forms that stands at an address, for what is kept of it."""
