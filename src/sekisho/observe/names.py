"""From host names to the addresses that may be connected to: asked once, kept for a while, filtered before anybody sees them.

The client connects to what is given out here and to nothing else, so a name that answers otherwise a moment later (rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from time import monotonic
from typing import NamedTuple

from aiohttp.abc import AbstractResolver, ResolveResult

from sekisho.observe.reachable import refusal

LookUp = Callable[[str], Awaitable[list[str]]]
KEPT_S = 300.0
KEPT_NAMES = 4096
LOOK_UPS = 64
"""Names asked at once; the system's resolver may take half a minute for a dead one."""


class ClosedError(OSError):
    """The host has no address that may be connected to; the message names one that it has."""


class _Known(NamedTuple):
    until: float
    addresses: tuple[str, ...]
    refusal: str


class Names(AbstractResolver):
    """The resolver of a run. ``look_up`` stands in for the system's, for hosts that exist only in a test."""

    def __init__(self, look_up: LookUp | None = None, *, private: bool = False) -> None:
        self.private = private
        self._look_up = look_up or self._system
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._threads = ThreadPoolExecutor(LOOK_UPS, "names")

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of ``host``, a name or a number, that may be connected to; raises ClosedError when there is none, OSError when nobody knows it."""
        known = self._known.get(host)
        if known is None or known.until < monotonic():
            known = self._keep(host, [host] if _is_number(host) else await self._look_up(host))
        if not known.addresses:
            raise ClosedError(known.refusal)
        return known.addresses

    def _keep(self, host: str, found: list[str]) -> _Known:
        refusals = {address: refusal(address, private=self.private) for address in dict.fromkeys(found)}
        opened = tuple(address for address, why in refusals.items() if not why)
        known = _Known(monotonic() + KEPT_S, opened, next(iter(refusals.values()), "no address"))
        self._known[host] = known
        if len(self._known) > KEPT_NAMES:
            self._known.popitem(last=False)
        return known

    async def _system(self, host: str) -> list[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, lambda: socket.getaddrinfo(host, 80, type=socket.SOCK_STREAM))
        return [str(entry[4][0]) for entry in found]

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:  # noqa: ARG002
        """The same addresses as the client asks for them."""
        return [_result(host, address, port) for address in await self.addresses(host)]

    async def close(self) -> None:
        """Let go of the threads; one that still waits for an answer is left to it."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _is_number(host: str) -> bool:
    """Whether ``host`` is an address and no name; in a normalised URL one that ends in a digit, or has a colon (URL Standard, host parsing)."""
    if ":" not in host and not host[-1:].isdigit():
        return False
    try:
        return bool(ip_address(host.partition("%")[0]))
    except ValueError:
        return False


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)
