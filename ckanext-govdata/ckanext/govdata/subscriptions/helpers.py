"""Helpers of the pages."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from .. import settings, vocabularies
from ..departments import tree

LONGEST = 6
"""Digits of the code of a county: the smallest place that the form offers."""


def govdata_emergency_mail_offered() -> bool:
    """Whether this portal sends mail at all."""
    return bool(settings.smtp().server)


def govdata_emergency_places() -> dict[str, str]:
    """Codes and names of the places that departments of the portal are of, by code."""
    known = vocabularies.divisions()
    codes = {one.region[:LONGEST] for one in tree.every() if one.region}
    places = {place.code for code in codes for place in known.ancestors(code)}
    return {
        code: tk.h.govdata_script(" ".join(place.name for place in known.ancestors(code)))
        for code in sorted(places)
    }


def govdata_emergency_problem(code: str) -> str:
    """Why a message did not arrive, in words."""
    return {
        "": tk._("delivered"),
        "inside": tk._("the address leads to no public place"),
        "timeout": tk._("no complete answer in time"),
        "certificate": tk._("the server's certificate is not valid"),
        "unreachable": tk._("the server does not answer"),
        "status": tk._("the server did not answer with 2xx"),
        "challenge": tk._("the challenge was not given back"),
        "fault": tk._("the portal could not send it; its log says why"),
        "secret": tk._("the secret cannot be read any more; make a new webhook"),
    }.get(code, code)
