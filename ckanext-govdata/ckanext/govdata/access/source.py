"""Fetch from an address that others gave, or send to it, without being led into our own network.

A name is resolved once, what it stands for is judged, and the connection goes to one of those very
addresses: a name that stands for something else a moment later leads nowhere else. The server's
certificate is still checked against the name.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from .. import settings

PATIENCE = (10, 60)
"""Seconds to reach a source, and between two pieces of what it sends."""
SCHEMES = {"http": 80, "https": 443}
TRANSLATED = tuple(map(ipaddress.ip_network, (
    "64:ff9b::/96", "::ffff:0:0:0/96", "::/96")))
"""IPv6 networks whose last 32 bits are an IPv4 address (RFC 6052, RFC 2765, RFC 4291)."""
OWN = tuple(map(ipaddress.ip_network, ("fec0::/10", "64:ff9b:1::/48")))
"""IPv6 networks that are somebody's own, which Python takes for public (RFC 3879, RFC 8215)."""
MOST_ADDRESSES = 4
MOST_REDIRECTS = 5
PIECE = 2**16
HEAD = 4096
"""Bytes that are read of the answer to something sent."""


class NotReachableError(Exception):
    """The address leads to no public place."""


class TooLargeError(Exception):
    """There is more at the address than is wanted."""


class NoRoomError(Exception):
    """What was fetched cannot be written here: that is not the other side's fault."""


@dataclass(frozen=True)
class Limits:
    """What a download may take: bytes, and seconds for all of it."""

    size: int
    seconds: float


@dataclass(frozen=True)
class Reply:
    """What a server said to something sent: its status, and how its answer begins."""

    status: int
    head: bytes


def fetch(url: str) -> requests.Response:
    """The answer of the source, to be read piece by piece; a redirect is not followed.

    Raises ``NotReachableError`` where nobody is asked at all, ``requests.RequestException`` where
    nobody answers.
    """
    with _session(url, settings.source_hosts()) as (session, _way):
        return session.get(url, stream=True, timeout=PATIENCE, allow_redirects=False)


def send(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    inside: Collection[str],
    seconds: float,
) -> Reply:
    """Post to an address; a redirect is not followed, and all of it ends after so many seconds.

    ``inside`` are hosts that may stand for addresses of the own network. Raises as ``fetch``.
    """
    with _session(url, inside) as (session, way), _ended(way, seconds):
        answer = session.post(
            url,
            data=body,
            headers=dict(headers),
            stream=True,
            timeout=seconds,
            allow_redirects=False,
        )
        with answer:
            return Reply(answer.status_code, answer.raw.read(HEAD, decode_content=False))


def download(
    url: str, out: IO[bytes], hosts: Collection[str], inside: Collection[str], limits: Limits
) -> None:
    """Write what stands at an address into a file, whole or not at all.

    Redirects are followed, each to one of the ``hosts`` (:func:`is_listed`), of which those
    ``inside`` may stand for addresses of the own network. Raises as ``fetch``, ``HTTPError`` for
    any answer but 200, ``TooLargeError`` and ``NoRoomError``.
    """
    ends = time.monotonic() + limits.seconds
    for _ in range(MOST_REDIRECTS + 1):
        if not is_listed(url, hosts):
            raise NotReachableError(url)
        onward = _copied(url, out, inside, Limits(limits.size, ends - time.monotonic()))
        if onward is None:
            return
        url = onward
    raise requests.TooManyRedirects


def host_of(url: str) -> str:
    """The host of an address, in small letters; empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_listed(url: str, hosts: Collection[str]) -> bool:
    """Whether an address is of one of the hosts: by its name alone where its port is that of its
    scheme, else by name and port (``data.example.gov.cn:8080``); of schemes that are fetched."""
    try:
        parts = urlsplit(url)
        usual, port = SCHEMES.get(parts.scheme), parts.port
    except ValueError:
        return False
    host = host_of(url)
    named = {f"{host}:{port or usual}", *([host] if port in (None, usual) else ())}
    return usual is not None and bool(host) and not named.isdisjoint(hosts)


def _copied(url: str, out: IO[bytes], inside: Collection[str], limits: Limits) -> str | None:
    """Write out what one address answers; where it is a redirect, give its place instead."""
    with _session(url, inside) as (session, way), _ended(way, max(0.0, limits.seconds)):
        answer = session.get(url, stream=True, timeout=PATIENCE, allow_redirects=False)
        with answer:
            if answer.is_redirect:
                return urljoin(url, session.get_redirect_target(answer) or "")
            if answer.status_code != 200:
                raise requests.HTTPError(str(answer.status_code), response=answer)
            size = 0
            for piece in answer.iter_content(PIECE):
                size += len(piece)
                if size > limits.size:
                    raise TooLargeError
                _write(out, piece)
    return None


def _write(out: IO[bytes], piece: bytes) -> None:
    try:
        out.write(piece)
    except OSError as error:
        raise NoRoomError from error


@contextmanager
def _ended(way: _ByAddress, seconds: float) -> Iterator[None]:
    """All of it ends after so many seconds, whatever the other side does meanwhile."""
    end = Timer(seconds, way.cut)
    end.start()
    try:
        yield
        if way.over:
            raise requests.Timeout
    except (HTTPError, OSError) as error:  # requests' own exceptions are OSErrors
        if isinstance(error, requests.RequestException) and not way.over:
            raise
        raise requests.Timeout if way.over else requests.ConnectionError from error
    finally:
        end.cancel()
        way.close()


@contextmanager
def _session(url: str, inside: Collection[str]) -> Iterator[tuple[requests.Session, _ByAddress]]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or SCHEMES[parts.scheme]
    except (KeyError, ValueError):
        raise NotReachableError(url) from None
    way = _ByAddress(addresses(host, port, inside))
    with requests.Session() as session:
        session.trust_env = False  # a proxy would resolve the name anew
        session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        session.mount(f"{parts.scheme}://", way)
        try:
            yield session, way
        except requests.RequestException:
            raise
        except ValueError:  # where an answer leads on to what is no address
            raise NotReachableError(url) from None


def addresses(host: str, port: int, inside: Collection[str] = ()) -> tuple[str, ...]:
    """What a name stands for now; raises ``NotReachableError`` unless all of it is public.

    Hosts that the operator names (``inside``) may stand for addresses of the own network.
    """
    try:
        listed = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReachableError(host) from None
    found = tuple(dict.fromkeys(str(info[4][0]) for info in listed))
    if host in inside:
        return found
    if not found or not all(is_public(address) for address in found):
        raise NotReachableError(host)
    return found


def is_public(address: str) -> bool:
    """Neither this machine, nor its network, nor an IPv4 address of either kind in disguise."""
    parsed = ipaddress.ip_address(address.split("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        if any(parsed in network for network in OWN):
            return False
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo or (None, None))[1]
        if inner is None and any(parsed in network for network in TRANSLATED):
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            parsed = inner
    return parsed.is_global and not parsed.is_multicast


class _ByAddress(HTTPAdapter):
    """Connects to the addresses that were judged, whatever the name stands for by now."""

    def __init__(self, judged: tuple[str, ...]) -> None:
        self._judged = judged
        self._opened: list[socket.socket] = []
        self.over = False
        super().__init__()

    def cut(self) -> None:
        """Time is over: whoever waits for the other side hears that it has gone."""
        self.over = True
        for opened in self._opened:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the connections."""
        super().close()
        while self._opened:
            self._opened.pop().close()

    def get_connection_with_tls_context(self, *given: Any, **named: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*given, **named)
        plain = pool.ConnectionCls
        judged, way = self._judged, self

        class Connection(plain):
            def _new_conn(self) -> socket.socket:
                named = self._dns_host
                try:
                    for address in judged[:-1][:MOST_ADDRESSES]:
                        self._dns_host = address
                        with suppress(ConnectTimeoutError, NewConnectionError):
                            return way.noted(super()._new_conn())
                    self._dns_host = judged[-1]
                    return way.noted(super()._new_conn())
                finally:
                    self._dns_host = named  # by which the certificate is checked

        pool.ConnectionCls = Connection
        return pool

    def noted(self, opened: socket.socket) -> socket.socket:
        """Keep a hold of a connection, by which it can be cut also once TLS has taken it over."""
        self._opened.append(opened.dup())
        if self.over:
            self.cut()
        return opened
