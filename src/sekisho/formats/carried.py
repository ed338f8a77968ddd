"""What a media file carries besides its picture or sound: XMP packets, C2PA manifest stores, RSL documents; and what was broken on the way to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

LIMIT_BYTES = 16 * 1024 * 1024  # of one thing carried
LIMIT_BLOCKS = 100_000  # segments, chunks or boxes looked at in one file
RDF = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSL = b"https://rslstandard.org/rsl"
C2PA_STORE = b"jumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\x00"  # the description box every manifest store begins with
RDF_ELEMENT = re.compile(rb"<([A-Za-z_][\w.-]{0,30}):RDF[\s>]")
RSL_ELEMENT = re.compile(rb"<((?:[A-Za-z_][\w.-]{0,30}:)?rsl)[\s>]")


class Kind(StrEnum):
    """What is carried."""

    XMP = "xmp"
    C2PA = "c2pa"
    RSL = "rsl"


class Carried(NamedTuple):
    """One thing found: ``where`` is its place for people; not ``sound`` when it lay where its format does not put it, or its checksum is wrong."""

    kind: Kind
    where: str
    data: bytes
    sound: bool = True


class Fault(NamedTuple):
    """Why something was not read to its end: ``truncated``, ``malformed``, ``oversize``, ``encrypted``, ``compressed``, ``empty`` or ``wrong-type``."""

    code: str
    where: str


Find = Carried | Fault


def loose(body: bytes, start: int, end: int, where: str) -> Iterator[Carried]:
    """RDF lying in ``body[start:end]`` outside the place its format has for it, if any; a cut one is given up to the end."""
    if body.find(RDF, start, end) >= 0:
        for data in _elements(RDF_ELEMENT, b":RDF>", body, start, end):
            yield Carried(Kind.XMP, where, data, sound=False)


def licences(text: bytes, where: str) -> Iterator[Carried]:
    """RSL documents written into ``text``."""
    if RSL in text:
        yield from (Carried(Kind.RSL, where, data) for data in _elements(RSL_ELEMENT, b">", text, 0, len(text)))


def _elements(opening: re.Pattern[bytes], tail: bytes, body: bytes, start: int, end: int) -> Iterator[bytes]:
    at = start
    while begin := opening.search(body, at, end):
        closing = b"</" + begin[1] + tail
        stop = min(end, begin.start() + LIMIT_BYTES)
        last = body.find(closing, begin.end(), stop)
        at = stop if last < 0 else last + len(closing)
        yield body[begin.start() : at]
