"""XMP into TIFF: the first directory is written anew at the end with tag 700; of what was there only the pointer to it changes (TIFF 6.0, section 2)."""

from __future__ import annotations

import struct
from typing import NamedTuple

XMP, BYTES = 700, 1
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
PLACES = {273: 279, 324: 325}
"""Where the strips and the tiles of a picture lie → how long they are."""
METADATA = {XMP, 52545}
LONGEST_CHAIN = 256


class Shape(NamedTuple):
    """How a file writes numbers: the order of octets, and the forms of a count, an entry and an offset."""

    order: str
    entries: str
    entry: str
    offset: str
    pointer: int


class Entry(NamedTuple):
    """One tag: its number, type and count, and the field that holds its value or leads to it."""

    tag: int
    kind: int
    number: int
    field: bytes


class Directory(NamedTuple):
    """The entries of one directory, and where the next begins."""

    entries: tuple[Entry, ...]
    next: int


def _shape(body: bytes) -> Shape:
    order = "<" if body[:2] == b"II" else ">"
    if struct.unpack_from(f"{order}H", body, 2)[0] == 43:
        return Shape(order, "Q", "HHQ8s", "Q", 8)
    return Shape(order, "H", "HHI4s", "I", 4)


def _directory(body: bytes, shape: Shape, at: int) -> Directory:
    try:
        (count,) = struct.unpack_from(shape.order + shape.entries, body, at)
        first, form = at + struct.calcsize(shape.entries), struct.Struct(shape.order + shape.entry)
        entries = tuple(Entry(*form.unpack_from(body, first + number * form.size)) for number in range(min(count, 65_535)))
        (following,) = struct.unpack_from(shape.order + shape.offset, body, first + count * form.size)
    except (struct.error, OverflowError) as error:
        raise ValueError("the TIFF breaks off") from error
    return Directory(entries, following)


def _first(body: bytes, shape: Shape) -> int:
    return int(struct.unpack_from(shape.order + shape.offset, body, shape.pointer)[0])


def with_packet(body: bytes, packet: bytes) -> bytes:
    """``body`` with ``packet`` as the XMP of its first picture."""
    shape = _shape(body)
    first = _directory(body, shape, _first(body, shape))
    body += b"\x00" * (-len(body) % 8)
    placed = struct.pack(shape.order + shape.offset, len(body))
    entries = sorted([*(one for one in first.entries if one.tag != XMP), Entry(XMP, BYTES, len(packet), placed)])
    padded = packet + b"\x00" * (-len(packet) % 8)
    directory = struct.pack(shape.order + shape.entries, len(entries))
    directory += b"".join(struct.pack(shape.order + shape.entry, *entry) for entry in entries)
    directory += struct.pack(shape.order + shape.offset, first.next)
    pointer = struct.pack(shape.order + shape.offset, len(body) + len(padded))
    return body[: shape.pointer] + pointer + body[shape.pointer + len(pointer) :] + padded + directory


def is_same_picture(before: bytes, after: bytes) -> bool:
    """Whether the strips and tiles of all pictures, and all entries but XMP and C2PA and those that say where, are the same."""
    return _pictures(before) == _pictures(after)


def _pictures(body: bytes) -> list[tuple[object, ...]]:
    shape, found, seen = _shape(body), list[tuple[object, ...]](), set[int]()
    at = _first(body, shape)
    while at and at not in seen and len(seen) < LONGEST_CHAIN:
        seen.add(at)
        directory = _directory(body, shape, at)
        tags = {entry.tag: entry for entry in directory.entries}
        values = tuple((tag, _value(body, shape, entry)) for tag, entry in sorted(tags.items()) if tag not in METADATA | set(PLACES))
        parts = tuple(
            _parts(body, shape, tags[where], tags[length]) for where, length in PLACES.items() if where in tags and length in tags
        )
        found.append((values, parts))
        at = directory.next
    return found


def _value(body: bytes, shape: Shape, entry: Entry) -> bytes:
    """The octets of a value, wherever they stand."""
    size = SIZES.get(entry.kind, 1) * entry.number
    if size <= len(entry.field):
        return entry.field[:size]
    (at,) = struct.unpack(shape.order + shape.offset, entry.field)
    return body[at : at + size]


def _parts(body: bytes, shape: Shape, where: Entry, length: Entry) -> tuple[bytes, ...]:
    starts, lengths = (_numbers(body, shape, entry) for entry in (where, length))
    return tuple(body[at : at + size] for at, size in zip(starts, lengths, strict=True))


def _numbers(body: bytes, shape: Shape, entry: Entry) -> tuple[int, ...]:
    form = {3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}.get(entry.kind)
    if form is None:
        raise ValueError(f"the TIFF says where its picture is in type {entry.kind}")
    return struct.unpack(f"{shape.order}{entry.number}{form}", _value(body, shape, entry))
