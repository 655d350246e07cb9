"""Where a reader is sent back to: one answer for ``back``, ``came_from``, ``next`` and ``url``."""
from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from .. import settings
from ..domain.web_address import is_inside, site_of


def safe_return(wanted: object, otherwise: str) -> str:
    """The page that the reader came from, if it is one of ours, else ``otherwise``.

    A whole address of the portal itself is taken for its path.
    """
    path = _path_of(wanted)
    return path if path and is_inside(path) else otherwise


def url_is_local(url: str) -> bool:
    """Takes the place of CKAN's helper, which takes a backslash for a path: signing in and out,
    ``/util/redirect``.
    """
    return bool(url) and (is_inside(url) or is_inside(_path_of(url)))


def _path_of(wanted: object) -> str:
    if not isinstance(wanted, str) or wanted.startswith("/"):
        return wanted if isinstance(wanted, str) else ""
    ours = site_of(settings.site_url())
    if ours is None or site_of(wanted) != ours or "@" in wanted.partition("://")[2].split("/")[0]:
        return ""
    parts = urlsplit(wanted)
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))
