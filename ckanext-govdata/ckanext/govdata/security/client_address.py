"""Whom a count belongs to: the network address, in the grain in which it is handed out."""
from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address


def counted(address: str | None) -> str:
    """The address as counted: IPv4 whole, IPv6 by its /64, since one customer owns all of that.

    IPv4 written as IPv6 is IPv4; what is no address at all is counted together.
    """
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(IPv6Network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)


def is_this_machine(address: str | None) -> bool:
    """Loopback: the operator, or a proxy on the same machine that was not declared."""
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False
