"""One request: sent to an address that may be reached, read no further than a limit, and whatever goes wrong told as a value.

Built on aiohttp (docs/decisions: which HTTP client observes). It decodes nothing, follows nothing, keeps no cookies and uses no proxy.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from yarl import URL

from sekisho.observe.deadlines import Deadlines
from sekisho.observe.names import ClosedError, Names
from sekisho.observe.reachable import refusal
from sekisho.observe.sources import BODY_BYTES
from sekisho.observe.turns import Turns

HEADER_BYTES = 64 * 1024
HEADERS = 128
HEADERS_BYTES = 256 * 1024
PER_ADDRESS = 4
"""Requests at once to one address, behind which thousands of hosts may lie."""
DETAIL = 200
IDLE_S = 2.0
"""How long a connection is kept beyond the pause between two requests."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``status`` 0 with ``failure`` when nothing did.

    ``cut`` says why a body is not whole, in the words of ``WARC-Truncated`` (WARC 1.1 section 5.13): ``length`` (our limit), ``time``, ``disconnect``.
    """

    url: str
    at: datetime
    status: int = 0
    reason: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    address: str = ""
    cut: str = ""
    failure: str = ""

    def header(self, name: bytes) -> str:
        """The first value of a header, as text; empty without one. ``name`` in lower case."""
        return next((value.decode("utf-8", "replace") for key, value in self.headers if key.lower() == name), "")


class Client:
    """Sends requests for a run: so long for each, one at a time to a host, a few to an address."""

    def __init__(self, names: Names, user_agent: str, timeout_s: float, kept_s: float = 0.0) -> None:
        self.names = names
        self._deadlines = Deadlines(timeout_s)

        self.hosts, self.addresses = Turns(1), Turns(PER_ADDRESS)
        connector = aiohttp.TCPConnector(
            resolver=names,
            use_dns_cache=False,
            limit=0,
            keepalive_timeout=kept_s + IDLE_S,
            ssl=ssl.create_default_context(),
            socket_factory=self._socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            headers={"User-Agent": user_agent, "Accept-Encoding": "gzip"},
            max_field_size=HEADER_BYTES,
            max_line_size=HEADER_BYTES,
            max_headers=HEADERS,
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    def _socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """The socket for a connection, refused at the last moment when its very address may not be reached."""
        family, kind, protocol, _, address = info
        if why := refusal(str(address[0]), private=self.names.private):
            raise ClosedError(why)
        return socket.socket(family, kind, protocol)

    async def get(self, url: str, more: Mapping[str, str], pause_s: float, limit: int = BODY_BYTES) -> Answer:
        """What is answered at ``url`` when it is our turn there, no more than ``limit`` bytes and one; afterwards the host rests ``pause_s``.

        Never raises on what servers do.
        """
        where = URL(url, encoded=True)
        host = where.raw_host or ""
        try:
            address = (await self.names.addresses(host))[0]
        except (OSError, UnicodeError) as error:
            return Answer(url, datetime.now(UTC), failure=_told(error))
        await self.hosts.enter(host)
        try:
            await self.addresses.enter(address)
            try:
                return await self._get(where, url, address, more, limit)
            finally:
                self.addresses.leave(address)
        finally:
            self.hosts.leave(host, pause_s)

    async def _get(self, where: URL, url: str, address: str, more: Mapping[str, str], limit: int) -> Answer:
        at, response, pieces, cut = datetime.now(UTC), None, list[bytes](), ""
        try:
            with self._deadlines.one():
                response = await self._session.get(where, headers=more or None, allow_redirects=False)
                cut = await _read(response, pieces, limit)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            cut = "time" if isinstance(error, TimeoutError) else "disconnect"
            if response is None:
                return Answer(url, at, address=address, failure=_told(error))
        finally:
            if response is not None:
                response.close() if cut else response.release()
        if sum(len(name) + len(value) for name, value in response.raw_headers) > HEADERS_BYTES:
            return Answer(url, at, address=address, failure=f"malformed answer: more than {HEADERS_BYTES} bytes of headers")
        body = b"".join(pieces)[: limit + 1]
        return Answer(url, at, response.status, response.reason or "", response.raw_headers, body, address, cut)


async def _read(response: aiohttp.ClientResponse, pieces: list[bytes], limit: int) -> str:
    """Put the body into ``pieces``, as far as ``limit``; ``length`` when there is more."""
    size = 0
    while size <= limit and (piece := await response.content.readany()):
        pieces.append(piece)
        size += len(piece)
    return "length" if size > limit else ""


def _told(error: BaseException) -> str:
    """What went wrong: a word and the detail. What the client wraps around an error of the system is taken off first."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, ClosedError):
        return str(cause)
    words = (
        ("timeout", (TimeoutError,)),
        ("no such host", (socket.gaierror, UnicodeError, aiohttp.ClientConnectorDNSError)),
        ("tls", (aiohttp.ClientSSLError, ssl.SSLError)),
        ("no connection", (aiohttp.ClientConnectorError,)),
        ("disconnected before an answer", (aiohttp.ServerDisconnectedError, ConnectionError)),
    )
    word = next((word for word, kinds in words if isinstance(error, kinds) or isinstance(cause, kinds)), "malformed answer")
    return f"{word}: {_detail(cause)}"


def _detail(error: BaseException) -> str:
    """An error's own words, on one line and not long."""
    return " ".join(str(error).split())[:DETAIL] or type(error).__name__
