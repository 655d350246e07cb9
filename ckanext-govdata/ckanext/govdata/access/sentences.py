"""The gate's answers in words."""

from __future__ import annotations

from dataclasses import replace

import ckan.plugins.toolkit as tk

from ..domain.refusal import Refusal
from ..forms import refusals


def say(refusal: Refusal) -> str:
    """Why not, with the entry's basis where it has one."""
    text = refusals.sentence(replace(refusal, article=""))  # which is the entry's own basis
    basis = tk._("Basis: {basis}").format(basis=refusal.article)
    return f"{text} {basis}" if refusal.article else text


def ended(reason: str) -> str:
    """Why a grant ended or is suspended: somebody's own words, or what became of its entry."""
    kind, _colon, code = reason.partition(":")
    if kind != "entry":
        return reason
    return {
        "entry_withdrawn": tk._("The department has withdrawn this entry."),
        "entry_moved": tk._("Another department provides this data now and has to confirm it."),
        "provider_gone": tk._("No department provides this data any more."),
        "open_to_all": tk._("The data is open to everybody by now."),
        "files_gone": tk._("The files are not there any more."),
        "term_over": tk._(
            "The last day of the suspension has passed, and nobody has decided meanwhile to lift "
            "it or to end the grant."
        ),
    }.get(code, tk._("The data is not open on conditions any more."))


REFUSALS: refusals.Sentences = {
    "no_such_resource": lambda: tk._("There is no such file."),
    "entry_withdrawn": lambda: tk._("The department has withdrawn this entry."),
    "provider_gone": lambda: tk._("No department provides this data any more."),
    "data_not_open": lambda: tk._("This data is not open to the public."),
    "attribute_missing": lambda: tk._("The department has not stated that this data is open."),
    "sign_in_and_apply": lambda: tk._(
        "This data is open on conditions: sign in, and apply for it on the entry's page."
    ),
    "no_grant": lambda: tk._("This data is open on conditions: apply for it on the entry's page."),
    "grant_coming": lambda: tk._("Your grant begins on {from}."),
    "grant_expired": lambda: tk._("Your grant ended on {until}."),
    "grant_suspended": lambda: tk._("Your grant is suspended."),
    "grant_revoked": lambda: tk._("Your grant was revoked."),
    "grant_moved": lambda: tk._(
        "Another department provides this data now. Your grant waits until it has confirmed it."
    ),
    "grant_holder_gone": lambda: tk._("The account that holds this grant does not exist any more."),
}

FORM_LABELS = {
    "/grants/": {
        "username": lambda: tk._("User name"),
        "name": lambda: tk._("What the token is for"),
    },
}
"""What inputs that no form declares are called, by part of the address."""
FORMS_AT = {"/grants/": ("use_report", "grant_end")}
"""The forms that stand at an address."""
