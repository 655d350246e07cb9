"""Actions: show and keep one's own identity."""

from __future__ import annotations

import re
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..ledger import book
from . import profile
from .person import signed_in

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069<>]")


@tk.side_effect_free
def govdata_identity_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One's own identity, masked; empty if there is none."""
    tk.check_access("govdata_identity_show", context, data_dict)
    found = profile.find(model.Session, signed_in(context).id)
    return _shown(found) if found else {}


def govdata_identity_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Keep one's own identity.

    :param kind: ``person``, ``firm`` or ``organisation``
    :param name: as on the identity card or licence
    :param number: identity-card number of 18 digits, or unified social credit code
    """
    tk.check_access("govdata_identity_update", context, data_dict)
    kind, name, number = _checked(data_dict)
    user = signed_in(context)
    kept = profile.save(model.Session, user.id, kind, name, number)
    book.write(
        model.Session, [book.Entry("identity_kept", "user", user.id, user.id, {"kind": kind})]
    )
    if not context.get("defer_commit"):
        model.Session.commit()
    return _shown(kept)


def _checked(data: dict[str, Any]) -> tuple[str, str, str]:
    errors: dict[str, Any] = {}
    kind, name, number = (str(data.get(key) or "").strip() for key in ("kind", "name", "number"))
    if kind not in profile.KINDS:
        errors["kind"] = [tk._("Choose what you are.")]
    if not 2 <= len(name) <= 100 or CONTROL.search(name):
        errors["name"] = [tk._("The name must have 2 to 100 ordinary characters.")]
    try:
        number = profile.check_number(kind, number[:40])
    except ValueError:
        errors["number"] = [
            tk._("This is not an identity-card number of 18 digits, the last one perhaps X.")
            if kind == "person"
            else tk._("This is not a unified social credit code: 18 characters are checked.")
        ]
    if errors:
        raise tk.ValidationError(errors)
    return kind, name, number


def _shown(found: profile.Profile) -> dict[str, Any]:
    return {"kind": found.kind, "name": found.masked_name, "number": found.masked_number}
