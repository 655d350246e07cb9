"""What browsers and caches are told, on every response."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Response, g, request, session

from .. import settings
from . import uploaded_files

STRICT = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: https:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
# CKAN's own pages whose templates carry scripts in attributes or in the page.
WITH_INLINE_SCRIPTS = {
    "dataset_resource.new", "dataset_resource.edit", "resource.new", "resource.edit",
    "dataset_resource.view", "resource.view", "dataset_resource.edit_view", "resource.edit_view",
    "user.api_tokens", "user.api_token_create",
}

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

PRIVATE = {"Cache-Control": "private, no-store"}
"""For an answer that depends on who asks: neither a shared cache nor the browser's keeps it."""


def policy(endpoint: str) -> str:
    """The content security policy of a page."""
    directives = dict(STRICT)
    if endpoint in WITH_INLINE_SCRIPTS:
        directives["script-src"] += " 'unsafe-inline'"
        directives["style-src"] += " 'unsafe-inline'"
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def is_personal() -> bool:
    """Was this answer made for one person, by session or token?"""
    if request.headers.get("Authorization") or request.headers.get("X-CKAN-API-Key"):
        return True
    return bool(session) or not tk.current_user.is_anonymous


def protect(response: Response) -> Response:
    """Add the headers; a view that set one of them itself keeps its own."""
    endpoint = request.endpoint or ""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if uploaded_files.is_upload(endpoint):
        uploaded_files.guard(response)
    elif response.headers.get("Content-Disposition", "").startswith("attachment"):
        response.headers.setdefault("Content-Security-Policy", uploaded_files.POLICY)
    elif response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", policy(endpoint))
    if "govdata_retry_after" in g:
        response.headers["Retry-After"] = str(g.pop("govdata_retry_after"))
    if endpoint not in {"static", "webassets.index"} and (
            request.method not in {"GET", "HEAD"} or is_personal()):
        keep_private(response)
    elif response.cache_control.no_store:  # a secret in the address makes it somebody's
        request.environ["__no_cache__"] = True
    return response


def keep_private(response: Response) -> None:
    """No cache may keep this answer, neither a shared one nor, in the portal, the browser's."""
    if settings.is_portal():
        response.cache_control.no_store = True
    # CKAN writes the rest of Cache-Control after us, and reads this.
    request.environ["__no_cache__"] = True
