"""Path patterns as robots.txt writes them (RFC 9309 section 2.2.2 and 2.2.3); tdmrep.json, ai.txt and RSL use them too.

``*`` stands for any run of octets, ``$`` at the end for the end of the target, every other octet for itself. Rule and target are
percent-normalised before they are compared, so that two spellings of one address are one address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from ada_url import URL

UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
TO_NORMALISE = re.compile(rb"%[0-9A-Fa-f]{2}|[^!#-;=?-\[\]_a-z~]")
"""A percent-encoded octet, or an octet that cannot stand in an address."""
GOOGLE_ESCAPES = re.compile(rb"%[0-9A-Fa-f]{2}|[\x80-\xff]")
ODD_SPELLING = re.compile(r"[\\\t\r\n]|/\.|%2e", re.IGNORECASE)
"""What makes a fetcher ask for another path than the address seems to say."""
PLAIN = re.compile(r"https?://[A-Za-z0-9.:-]*(/[A-Za-z0-9_.~/=&?,:;+!@'()-]*)")
"""An address that needs no normalising, and its path and query; most are."""
SCHEME = re.compile(r"[^/?;#]*?://|//")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern ready to be compared: literal pieces between its wildcards, whether it is tied to the end, and its length in octets."""

    pieces: tuple[bytes, ...]
    anchored: bool
    octets: int

    def matches(self, target: bytes) -> bool:
        """Whether the pattern covers ``target``, a normalised path and query.

        Each piece is looked for once, from where the one before it ended: the leftmost place leaves the most room, so nothing is ever
        tried twice and the time grows with the target, not with the number of wildcards.
        """
        first = self.pieces[0]
        if not target.startswith(first):
            return False
        if len(self.pieces) == 1:
            return not self.anchored or len(target) == len(first)
        *middle, last = self.pieces[1:]
        end = _after(target, middle, len(first))
        if end < 0:
            return False
        return target.find(last, end) >= 0 if not self.anchored else len(target) - len(last) >= end and target.endswith(last)


class Covering(NamedTuple):
    """An entry of a list in which the first that covers a target decides; entries that decide alike have the same number, from 1.

    With an ``extension``, in small letters, the entry covers what ends so before its query, in capitals too, whatever the pattern.
    """

    pattern: Pattern
    decides: int
    extension: bytes = b""


def _after(target: bytes, pieces: list[bytes], start: int) -> int:
    """Where the leftmost run of ``pieces`` from ``start`` ends in ``target``; -1 when there is none."""
    for piece in pieces:
        found = target.find(piece, start)
        if found < 0:
            return -1
        start = found + len(piece)
    return start


def compile_pattern(raw: bytes) -> Pattern:
    """The pattern written as ``raw``; a ``$`` that is not last is an ordinary octet."""
    anchored = raw.endswith(b"$")
    body = normalise(raw[:-1] if anchored else raw)
    pieces = tuple(piece.replace(b"$", b"%24") for piece in body.split(b"*"))
    return Pattern(pieces, anchored, len(body) + anchored)


def compile_google(raw: bytes) -> Pattern:
    """The pattern as Google's own parser prepares it: only octets outside ASCII are encoded and hex digits capitalised, nothing is decoded."""
    anchored = raw.endswith(b"$")
    body = GOOGLE_ESCAPES.sub(lambda found: found[0].upper() if len(found[0]) == 3 else b"%%%02X" % found[0][0], raw[: len(raw) - anchored])
    return Pattern(tuple(body.split(b"*")), anchored, len(body) + anchored)


def normalise(raw: bytes) -> bytes:
    """``raw`` with unreserved octets plain and all that cannot stand in an address percent-encoded, hex digits in capitals."""
    return TO_NORMALISE.sub(_normalised_octet, raw)


def _normalised_octet(found: re.Match[bytes]) -> bytes:
    octets = found[0]
    octet = int(octets[1:], 16) if len(octets) == 3 else octets[0]
    return bytes((octet,)) if octet in UNRESERVED else b"%%%02X" % octet


def target(url: str) -> bytes:
    """The normalised path and query of ``url`` without its fragment; ``/`` when there is none.

    A literal ``*`` or ``$`` comes out encoded, since in a pattern the plain ones mean something else (RFC 9309 section 2.2.3).
    """
    plain = PLAIN.fullmatch(url)
    return plain[1].encode() if plain else normalised_target(raw_target(url))


def normalised_target(raw: bytes) -> bytes:
    """``raw``, a path and query in octets, as ``target`` gives it; doing it twice changes nothing."""
    return normalise(raw).replace(b"*", b"%2A").replace(b"$", b"%24")


def raw_target(url: str) -> bytes:
    """Path and query of ``url`` as they stand, with or without a scheme before the host."""
    address = url.partition("#")[0]
    scheme = SCHEME.match(address)
    rest = address[scheme.end() :] if scheme else address
    start = min((at for mark in "/?;" if (at := rest.find(mark)) >= 0), default=len(rest))
    path = rest[start:]
    return (path if path.startswith("/") else "/" + path).encode("utf-8", "surrogatepass")


def as_fetched(url: str) -> str:
    """``url`` as a fetcher understands it (WHATWG): dot segments resolved, backslashes turned; as it stands where it is spelled plainly."""
    if not ODD_SPELLING.search(url):
        return url
    try:
        return str(URL(url).href)
    except ValueError:
        return url
