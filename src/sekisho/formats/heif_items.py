"""Items of a ``meta`` box: HEIF and AVIF keep XMP as an item of type ``mime`` (ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12, A.3)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from sekisho.formats.boxes import Box, boxes
from sekisho.formats.carried import LIMIT_BLOCKS, LIMIT_BYTES, Carried, Fault, Find, Kind, loose

LIMIT_EXTENTS = 4096
RDF_XML = b"application/rdf+xml"


class Shape(NamedTuple):
    """How many bytes each number of an item's place takes."""

    offset: int
    length: int
    base: int
    number: int


class Place(NamedTuple):
    """The pieces (offset, length) of an item, in the file or in the ``idat`` box."""

    in_idat: bool
    extents: tuple[tuple[int, int], ...]


class _Numbers:
    """Big-endian numbers read one after another; EOFError past the end, or past what any file needs."""

    def __init__(self, body: bytes, box: Box) -> None:
        self.body, self.at, self.end = body, box.start, box.end

    def take(self, size: int) -> int:
        self.at += size
        if self.at > self.end:
            raise EOFError
        return int.from_bytes(self.body[self.at - size : self.at], "big")


def carried(body: bytes, start: int, end: int) -> Iterator[Find]:
    """The XMP packets among the items of the ``meta`` box with content ``body[start:end]``."""
    first = start if body[start + 4 : start + 8] == b"hdlr" else start + 4  # QuickTime leaves the version out
    inner = {box.name: box for box in islice(boxes(body, first, end), LIMIT_BLOCKS)}
    where = f"box meta at byte {start}"
    if b"iinf" not in inner or b"iloc" not in inner:
        yield from loose(body, start, end, where)
        return
    try:
        wanted = set(_packets(body, inner[b"iinf"]))
        for item, place in _places(_Numbers(body, inner[b"iloc"])):
            if item in wanted:
                base = inner[b"idat"].start if place.in_idat and b"idat" in inner else 0
                yield _joined(body, base, place.extents, f"{where}, item {item}")
    except EOFError:
        yield Fault("truncated", where)


def _packets(body: bytes, items: Box) -> Iterator[int]:
    """The numbers of the items that are XMP."""
    head = 6 if body[items.start] == 0 else 8
    for box in islice(boxes(body, items.start + head, items.end), LIMIT_BLOCKS):
        numbers = _Numbers(body, box)
        item = numbers.take(2 if numbers.take(4) >> 24 == 2 else 4)
        numbers.take(2)
        kind = numbers.take(4).to_bytes(4, "big")
        if kind == b"mime" and body[numbers.at : box.end].split(b"\x00")[1:2] == [RDF_XML]:
            yield item


def _places(numbers: _Numbers) -> Iterator[tuple[int, Place]]:
    """Where each item lies, by its number."""
    version = numbers.take(4) >> 24
    sizes = numbers.take(2)
    shape = Shape(sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15 if version else 0)
    wide = 4 if version == 2 else 2
    for _ in range(numbers.take(wide)):
        item = numbers.take(wide)
        in_idat = bool(version) and numbers.take(2) & 15 == 1
        numbers.take(2)  # which file: this one
        base, count = numbers.take(shape.base), numbers.take(2)
        yield item, Place(in_idat, tuple(_extents(numbers, shape, base, count)))


def _extents(numbers: _Numbers, shape: Shape, base: int, count: int) -> Iterator[tuple[int, int]]:
    empty = shape.number + shape.offset + shape.length == 0  # such entries take no room: one says as much as sixty thousand
    if count > LIMIT_EXTENTS:
        raise EOFError
    for _ in range(min(count, 1) if empty else count):
        numbers.take(shape.number)
        yield base + numbers.take(shape.offset), numbers.take(shape.length)


def _joined(body: bytes, base: int, extents: tuple[tuple[int, int], ...], where: str) -> Find:
    if sum(length for _, length in extents) > LIMIT_BYTES:
        return Fault("oversize", where)
    pieces = [body[base + offset : base + offset + length] for offset, length in extents]
    whole = all(len(piece) == length for piece, (_, length) in zip(pieces, extents, strict=True))
    return Carried(Kind.XMP, where, b"".join(pieces)) if whole else Fault("truncated", where)
