"""CSRF exemptions that last one request (CVE-2026-41255).

CKAN 2.12.0 exempts the view of every request made anonymously or with a token by adding
it to flask-wtf's set of exempt views, where it stays as long as the process lives: one
anonymous visit switches the check off for everybody who is signed in.
"""
from __future__ import annotations

from collections.abc import Iterator, MutableSet

import ckan.plugins.toolkit as tk
from ckan.config.middleware.flask_app import csrf
from flask import g, has_request_context, request, session
from flask_wtf.csrf import generate_csrf


class RequestExemptions(MutableSet[str]):
    """Views without a CSRF check: some always, some for the present request only."""

    def __init__(self, always: set[str]) -> None:
        self.always = always

    def _now(self) -> set[str]:
        if not has_request_context():
            return self.always
        exempt: set[str] = g.setdefault("govdata_csrf_exempt", set())
        return exempt

    def add(self, value: str) -> None:
        """Outside a request (an extension's own declaration) for good, else for the request."""
        self._now().add(value)

    def discard(self, value: str) -> None:
        """Check this view again."""
        self.always.discard(value)
        self._now().discard(value)

    def __contains__(self, value: object) -> bool:
        return value in self.always or value in self._now()

    def __iter__(self) -> Iterator[str]:
        return iter(self.always | self._now())

    def __len__(self) -> int:
        return len(self.always | self._now())


def last_one_request() -> None:
    """Make CKAN's per-request exemptions what they were meant to be. May be called again."""
    if not isinstance(csrf._exempt_views, RequestExemptions):
        exemptions = RequestExemptions(set(csrf._exempt_views))
        csrf._exempt_views = exemptions  # pyright: ignore[reportAttributeAccessIssue]


def token_when_it_protects() -> str:
    """The CSRF token for templates; none for a visitor without a session.

    Anonymous posts are not checked, so the token would only start a session, and its
    cookie would keep every page out of the cache.
    """
    return generate_csrf() if session else ""


def refuse_foreign_forms() -> None:
    """Refuse a form that another site made the browser post.

    Anonymous posts carry no token, so without this another site could sign a visitor in under
    an account of its own. Browsers say where a request comes from; programs say nothing and
    pass, and so does the API, which takes no cookie for a foreign origin.
    """
    foreign = request.headers.get("Sec-Fetch-Site") == "cross-site"
    if foreign and request.method == "POST" and request.blueprint != "api":
        tk.abort(403, tk._("This form was sent from another site."))
