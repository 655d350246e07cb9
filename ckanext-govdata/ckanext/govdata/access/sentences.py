"""The gate's answers in words."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ..domain.refusal import Refusal


def say(refusal: Refusal) -> str:
    """Why not, with the entry's basis where it has one."""
    text = _sentences().get(refusal.code, tk._("This data is not given to you."))
    text = text.format(**{"from": "", "until": "", **refusal.facts})
    if refusal.article:
        text += " " + tk._("Basis: {basis}").format(basis=refusal.article)
    return text


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
    }.get(code, tk._("The data is not open on conditions any more."))


def _sentences() -> dict[str, str]:
    return {
        "no_such_resource": tk._("There is no such file."),
        "entry_withdrawn": tk._("The department has withdrawn this entry."),
        "provider_gone": tk._("No department provides this data any more."),
        "data_not_open": tk._("This data is not open to the public."),
        "attribute_missing": tk._("The department has not stated that this data is open."),
        "sign_in_and_apply": tk._(
            "This data is open on conditions: sign in, and apply for it on the entry's page."
        ),
        "no_grant": tk._("This data is open on conditions: apply for it on the entry's page."),
        "grant_coming": tk._("Your grant begins on {from}."),
        "grant_expired": tk._("Your grant ended on {until}."),
        "grant_suspended": tk._("Your grant is suspended."),
        "grant_revoked": tk._("Your grant was revoked."),
        "grant_moved": tk._(
            "Another department provides this data now. Your grant waits until it has confirmed it."
        ),
        "grant_holder_gone": tk._("The account that holds this grant does not exist any more."),
    }
