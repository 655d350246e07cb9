"""Addresses on the web that people type: what may stand in a link, what is ours, where to return.

One list of schemes for every field that takes an address. Browsers read addresses more freely than
they are written (WHATWG URL): controls at the ends and tabs and line ends within are dropped, and a
backslash is a slash. So what holds any of them is no address at all, instead of being read anew.
"""
from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

SCHEMES = ("https", "http")
"""What a browser opens and the portal can deliver itself; ``ftp`` is neither any more."""
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.\-]*)\s*:", re.ASCII)
_NEVER = re.compile(r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
                    r"\ufeff\ud800-\udfff\ufff9-\uffff\\]")
"""Controls, spaces, what cannot be seen or turns text around, and the backslash."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_SLASHES = re.compile("[\u2044\u2215\u29f8\uff0f\uff3c\u29f5\u2216\ufe68]")
"""What looks like a slash, or becomes one where a text is normalised."""
_PORTS = {"http": 80, "https": 443}


def _scheme_of(value: str) -> str:
    """The scheme that stands before a text, in whatever width of letters; empty where none does.

    With controls in it there is none; that no address has controls is asked beside this.
    """
    found = _SCHEME.match(unicodedata.normalize("NFKC", value))
    return found[1].lower() if found else ""


def may_be_link(value: object) -> bool:
    """Whether a text may stand in a link: an http or https address, or one within the portal.

    A file's bare name is one within the portal. Nothing else is: no ``javascript:``, ``data:``,
    ``file:`` in any writing, no address without a host, none with controls. Spaces within are
    forgiven, as browsers do.
    """
    if not isinstance(value, str) or not value or value != value.strip():
        return False
    written = value.replace(" ", "%20")
    scheme = _scheme_of(value)
    if not scheme:
        return not _NEVER.search(written)
    return scheme in SCHEMES and is_address(written)


def is_address(value: object) -> bool:
    """Whether a text is a whole http or https address with a host."""
    if not isinstance(value, str) or _NEVER.search(value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in SCHEMES and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def site_of(address: str) -> tuple[str, int] | None:
    """Host and port of an address, however they are written; ``None`` where it has none.

    ``HTTPS://Data.例子.CN:443`` and ``https://data.xn--fsqu00a.cn`` are one site. http and https
    with their own ports are one too: a portal answers to both.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in SCHEMES or not host:
        return None
    try:
        host = host.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return None
    usual = port in (None, _PORTS[parts.scheme.lower()])
    return host.lower(), 0 if usual else int(port or 0)


def is_inside(path: object) -> bool:
    """Whether a browser that is sent to this stays within the portal: a path, and nothing more.

    Percent signs are read once and twice, because servers before us may do so as well.
    """
    if not isinstance(path, str) or len(path) > 2000:
        return False
    seen = path
    for _ in range(3):
        if not seen.startswith("/") or seen.startswith("//") or _NEVER.search(seen[:3]):
            return False
        if _SLASHES.match(seen, 1) or _CONTROL.search(seen):
            return False
        seen = unquote(seen)
    return True
