"""Fetch what stands at a department's address, without being led to this machine's own network.

A name is resolved once, what it stands for is judged, and the connection goes to one of those very
addresses: a name that stands for something else a moment later leads nowhere else. The server's
certificate is still checked against the name.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from .. import settings

PATIENCE = (10, 60)
"""Seconds to reach a source, and between two pieces of what it sends."""
SCHEMES = {"http": 80, "https": 443}


class NotReachableError(Exception):
    """The address leads to no public place."""


def fetch(url: str) -> requests.Response:
    """The answer of the source, to be read piece by piece; a redirect is not followed.

    Raises ``NotReachableError`` where nobody is asked at all, ``requests.RequestException`` where
    nobody answers.
    """
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port or SCHEMES[parts.scheme]
    except (KeyError, ValueError):
        raise NotReachableError(url) from None
    with requests.Session() as session:
        session.trust_env = False  # a proxy would resolve the name anew
        session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        session.mount(f"{parts.scheme}://", _ByAddress(addresses(host, port)))
        return session.get(url, stream=True, timeout=PATIENCE, allow_redirects=False)


def addresses(host: str, port: int) -> tuple[str, ...]:
    """What a name stands for now; raises ``NotReachableError`` unless all of it is public.

    Hosts that the operator names may stand for addresses of the own network.
    """
    try:
        listed = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReachableError(host) from None
    found = tuple(dict.fromkeys(str(info[4][0]) for info in listed))
    if host in settings.source_hosts():
        return found
    if not found or not all(_is_public(address) for address in found):
        raise NotReachableError(host)
    return found


def _is_public(address: str) -> bool:
    """Neither this machine, nor its network, nor an IPv4 address of either kind in disguise."""
    parsed = ipaddress.ip_address(address.split("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo or (None, None))[1]
        if inner is not None:
            parsed = inner
    return parsed.is_global and not parsed.is_multicast


class _ByAddress(HTTPAdapter):
    """Connects to the addresses that were judged, whatever the name stands for by now."""

    def __init__(self, judged: tuple[str, ...]) -> None:
        self._judged = judged
        super().__init__()

    def get_connection_with_tls_context(self, *given: Any, **named: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*given, **named)
        plain = pool.ConnectionCls
        judged = self._judged

        class Connection(plain):
            def _new_conn(self) -> socket.socket:
                named = self._dns_host
                try:
                    for address in judged[:-1]:
                        self._dns_host = address
                        with suppress(ConnectTimeoutError, NewConnectionError):
                            return super()._new_conn()
                    self._dns_host = judged[-1]
                    return super()._new_conn()
                finally:
                    self._dns_host = named  # by which the certificate is checked

        pool.ConnectionCls = Connection
        return pool
