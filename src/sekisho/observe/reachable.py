"""Which addresses may be connected to: those of the public internet, unless the user opens the private ones too.

What names a machine inside a network (loopback, private, carrier-grade) is closed by default; link-local addresses, those of cloud metadata
services, multicast and the rest that is no host are closed always, since no site worth observing lives there.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

METADATA = frozenset(
    map(
        ip_address, ("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
    )
)
"""Where the large clouds answer a machine's questions about itself; one of them has a public number."""
NAT64 = IPv6Network("64:ff9b::/96")
"""How a network without IPv4 reaches it: the last 32 bits are the address meant (RFC 6052)."""


@lru_cache(maxsize=4096)
def refusal(address: str, *, private: bool = False) -> str:
    """Why nothing may be sent to ``address``, empty when it may; ``private`` opens loopback and private networks."""
    try:
        number = ip_address(address.partition("%")[0])
    except ValueError:
        return f"not an IP address: {address}"
    if any(_is_never_a_site(one) for one in _meant(number)):
        return f"closed address: {address}"
    if not private and any(_is_inside(one) for one in _meant(number)):
        return f"private address: {address}"
    return ""


def _meant(number: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The machines that ``number`` leads to: itself, and every IPv4 address that a gateway would read out of it."""
    if isinstance(number, IPv4Address):
        return [number]
    if number.ipv4_mapped or number in NAT64:
        return [IPv4Address(int(number) & 0xFFFFFFFF)]
    return [number, *(one for one in (number.sixtofour, *(number.teredo or ())) if one)]


def _is_inside(number: IPv4Address | IPv6Address) -> bool:
    """Whether ``number`` is no part of the internet; site-local addresses were given up (RFC 3879) and may still be in use inside networks."""
    return not number.is_global or (isinstance(number, IPv6Address) and number.is_site_local)


def _is_never_a_site(number: IPv4Address | IPv6Address) -> bool:
    loopback = number.is_loopback
    return (
        number in METADATA or number.is_link_local or number.is_multicast or number.is_unspecified or (number.is_reserved and not loopback)
    )
