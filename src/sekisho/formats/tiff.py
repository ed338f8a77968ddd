"""TIFF, BigTIFF and DNG: directories of tagged values (TIFF 6.0, section 2). XMP is tag 700, C2PA tag 52545."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from sekisho.formats.carried import LIMIT_BYTES, Carried, Fault, Find, Kind

TAGS = {700: Kind.XMP, 52545: Kind.C2PA}
BYTES = {1, 2, 7}  # BYTE, and what some writers put instead: ASCII, UNDEFINED
LIMIT_DIRECTORIES = 1024
LIMIT_ENTRIES = 1_000_000


class Layout(NamedTuple):
    """How a file writes the number of entries, an entry (tag, type, length, offset) and an offset."""

    entries: struct.Struct
    entry: struct.Struct
    offset: struct.Struct


def carried(body: bytes) -> Iterator[Find]:
    """The XMP packets and C2PA store in the directories of a TIFF; a chain that bites its own tail is followed once."""
    order = "<" if body[:2] == b"II" else ">"
    big = body[2:4] in {b"+\x00", b"\x00+"}
    layout = Layout(*(struct.Struct(order + shape) for shape in (("Q", "HHQQ", "Q") if big else ("H", "HHII", "I"))))
    at = _number(body, layout.offset, 8 if big else 4)
    seen: set[int] = set()
    entries = 0  # directories may overlap, so their number alone bounds nothing
    while at and at not in seen:
        seen.add(at)
        first = at + layout.entries.size
        count = _number(body, layout.entries, at) or 0
        last, entries = first + count * layout.entry.size, entries + count
        if last > len(body) or len(seen) > LIMIT_DIRECTORIES or entries > LIMIT_ENTRIES:
            yield Fault("truncated" if last > len(body) else "oversize", f"TIFF, directory at byte {at}")
            return
        yield from _values(body, layout, first, last)
        at = _number(body, layout.offset, last)
    if at is None:
        yield Fault("truncated", "TIFF")


def _number(body: bytes, shape: struct.Struct, at: int) -> int | None:
    """The number of that shape at byte ``at``; None past the end."""
    return int(shape.unpack_from(body, at)[0]) if at + shape.size <= len(body) else None


def _values(body: bytes, layout: Layout, first: int, last: int) -> Iterator[Find]:
    for tag, kind, length, offset in layout.entry.iter_unpack(memoryview(body)[first:last]):
        if tag not in TAGS:
            continue
        where = f"TIFF, byte {offset}, tag {tag}"
        if kind not in BYTES or length > LIMIT_BYTES:
            yield Fault("malformed", where)
        elif offset + length > len(body):
            yield Fault("truncated", where)
        else:
            yield Carried(TAGS[tag], where, body[offset : offset + length])
