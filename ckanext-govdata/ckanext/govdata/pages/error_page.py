"""What a reader is told instead of a page: what happened and what helps, in her language."""

from __future__ import annotations

from typing import NamedTuple

import ckan.plugins.toolkit as tk
from werkzeug.exceptions import default_exceptions


class ErrorWords(NamedTuple):
    """Heading and sentence of an error page."""

    heading: str
    words: str


def told(code: object, content: object) -> ErrorWords:
    """Heading and words for a status, ``content`` being what the view said of it.

    CKAN gives a list for what it did not expect, and Werkzeug's English sentence where no view
    said anything; both are replaced by ours.
    """
    status = code if isinstance(code, int) else 500
    heading, words = _ours(status)
    general = default_exceptions.get(status)
    said = "" if status == 500 or (general and content == general.description) else content
    return ErrorWords(heading, str(said or words))


def _ours(status: int) -> ErrorWords:
    """What the reader can mend (4xx) is told as such; the rest is the operator's."""
    known = {
        400: ErrorWords(
            tk._("This could not be understood"),
            tk._("Something in the address or in what was sent is not as it should be."),
        ),
        403: ErrorWords(
            tk._("This page is not for you"), tk._("Log in with an account that may see it.")
        ),
        404: ErrorWords(
            tk._("There is no such page"),
            tk._("The address may be mistyped, or what stood here has gone. Search for it."),
        ),
        405: ErrorWords(
            tk._("This cannot be done here"),
            tk._("The address is right, but not for this. Go back and use the page's own buttons."),
        ),
        409: ErrorWords(
            tk._("This is not possible as things stand"),
            tk._("Something has changed meanwhile. Go back and load the page again."),
        ),
        413: ErrorWords(
            tk._("That is too much at once"), tk._("Send a smaller file, or several in turn.")
        ),
        429: ErrorWords(tk._("Too many requests"), tk._("Wait a minute and try again.")),
        503: ErrorWords(
            tk._("Not available at the moment"), tk._("Try again in a few minutes, please.")
        ),
    }
    if status < 500:
        return known.get(403 if status == 401 else status) or known[400]
    wrong = tk._("The operator finds the details in the log. Try again, or tell the operator when.")
    return known.get(status) or ErrorWords(tk._("Something went wrong here"), wrong)
