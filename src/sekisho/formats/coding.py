"""Bodies as HTTP sends them: content codings undone (RFC 9110 section 8.4), chunks joined (RFC 9112 section 7.1), never more than a limit."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

import brotli

CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]{0,256}\r?\n")
LIMIT_CODINGS = 4
"""More layers than anybody means are a bomb."""


class Plain(NamedTuple):
    """A body without its codings; ``fault`` says why it is not, or not all of it, in words."""

    body: bytes
    fault: str = ""


def decoded(body: bytes, codings: Iterable[str], limit: int) -> Plain:
    """At most ``limit`` octets of ``body`` with the codings of its ``Content-Encoding`` lines undone, the last one first."""
    names = [name.strip().lower() for line in codings for name in line.split(",") if name.strip()]
    if len(names) > LIMIT_CODINGS:
        return Plain(b"", f"{len(names)} content codings")
    plain = Plain(body[:limit])
    for name in reversed(names):
        undo = CODINGS.get(name)
        if undo is None:
            return Plain(b"", f"content coding {name[:40]!r} is not read")
        plain = undo(plain.body, limit)
        if plain.fault:
            return plain
    return plain


def _identity(body: bytes, limit: int) -> Plain:
    return Plain(body[:limit])


def _gzip(body: bytes, limit: int) -> Plain:
    return _inflated(body, limit, 31)


def _deflate(body: bytes, limit: int) -> Plain:
    """What the standard means, a zlib stream, or what some servers send, the bare one."""
    wrapped = _inflated(body, limit, 15)
    return wrapped if wrapped.body or not wrapped.fault else _inflated(body, limit, -15)


def _inflated(body: bytes, limit: int, window: int) -> Plain:
    """The members of a stream one after the other; what follows the last is not looked at."""
    found, rest = b"", body
    while rest and len(found) < limit:
        member = zlib.decompressobj(window)
        try:
            found += member.decompress(rest, limit - len(found))
        except zlib.error:
            return Plain(found, "" if found else "content coding broken")
        if not member.eof:
            return Plain(found, "" if len(found) >= limit else "content coding cut short")
        rest = member.unused_data
    return Plain(found)


def _brotli(body: bytes, limit: int) -> Plain:
    stream = brotli.Decompressor()
    try:
        found = stream.process(body, output_buffer_limit=limit)
    except brotli.error:
        return Plain(b"", "content coding broken")
    return Plain(found[:limit], "" if stream.is_finished() or len(found) >= limit else "content coding cut short")


CODINGS: dict[str, Callable[[bytes, int], Plain]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "identity": _identity,
}


def joined(body: bytes) -> bytes:
    """``body`` with its chunks joined; as it is when it does not begin with one (many archives keep the header and join the chunks)."""
    pieces: list[bytes] = []
    at = 0
    while (size := CHUNK.match(body, at)) and int(size[1], 16):
        end = size.end() + int(size[1], 16)
        pieces.append(body[size.end() : end])
        at = end + (2 if body.startswith(b"\r\n", end) else 1)
    return b"".join(pieces) if pieces or size else body
