"""Boxes of the ISO base media format: HEIF, AVIF, MP4, MOV, and JPEG XL and JPEG 2000 after them (ISO/IEC 14496-12, 4.2 and 8.11).

XMP lies in a ``uuid`` box, in ``moov/udta/XMP_``, in ``xml ``, or is an item of type ``application/rdf+xml`` in ``meta``; C2PA in ``uuid`` or ``jumb``.
"""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.formats import heif_items
from sekisho.formats.boxes import Box, boxes
from sekisho.formats.carried import C2PA_STORE, LIMIT_BLOCKS, Carried, Fault, Find, Kind, loose

UUIDS = {
    bytes.fromhex("be7acfcb97a942e89c71999491e3afac"): Kind.XMP,
    bytes.fromhex("d8fec3d61b0e483c92975828877ec481"): Kind.C2PA,
}
CONTAINERS = {b"moov", b"udta"}
DEPTH = 2  # moov/udta
PICTURE = {b"mdat", b"free", b"skip", b"moof", b"mfra", b"trak", b"jxlc", b"jxlp", b"jp2c"}


def carried(body: bytes) -> Iterator[Find]:
    """The XMP packets and C2PA store in the boxes of ``body``."""
    yield from _inside(body, 0, len(body), DEPTH)


def _inside(body: bytes, start: int, end: int, depth: int) -> Iterator[Find]:
    for number, box in enumerate(boxes(body, start, end)):
        if number >= LIMIT_BLOCKS:
            yield Fault("oversize", _where(box))
            return
        if box.name in CONTAINERS and depth:
            yield from _inside(body, box.start, box.end, depth - 1)
        else:
            yield from _box(body, box)
        if not box.whole:
            yield Fault("truncated", _where(box))


def _where(box: Box) -> str:
    return f"box {box.name.decode('latin-1').strip()} at byte {box.start}"


def _box(body: bytes, box: Box) -> Iterator[Find]:
    name, start, end, _ = box
    where = _where(box)
    kind = _kind(body, box)
    if name == b"meta":
        yield from heif_items.carried(body, start, end)
    elif kind:
        yield Carried(kind, where, body[start + 16 if name == b"uuid" else start : end])
    elif name == b"brob" and body[start : start + 4] == b"xml ":
        yield Fault("compressed", where)
    elif name not in PICTURE:
        yield from loose(body, start, end, where)


def _kind(body: bytes, box: Box) -> Kind | None:
    if box.name == b"uuid":
        return UUIDS.get(body[box.start : box.start + 16])
    if box.name == b"jumb":
        return Kind.C2PA if body.find(C2PA_STORE, box.start, box.end) >= 0 else None
    return Kind.XMP if box.name in {b"XMP_", b"xml "} else None
