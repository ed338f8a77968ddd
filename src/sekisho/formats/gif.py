"""GIF: application extensions (GIF89a, 26). XMP stands anywhere, with a trailer that lets plain readers pass (XMP part 3, 1.1.2); C2PA before the picture.

XMP is looked for by name, not block by block: a large animation has tens of thousands of blocks and nothing in them to read.
"""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.formats.carried import LIMIT_BLOCKS, LIMIT_BYTES, RDF, Carried, Fault, Find, Kind, loose

XMP = b"\x21\xff\x0bXMP DataXMP"
C2PA = b"\x21\xff\x0bC2PA_GIF"
TRAILER = bytes([1, *range(255, 0, -1)])


def carried(body: bytes) -> Iterator[Find]:
    """The XMP packets and C2PA store of a GIF."""
    yield from (Carried(Kind.C2PA, f"GIF, byte {at}, C2PA_GIF", b"") for at in _preamble(body) if body.startswith(C2PA, at))
    if RDF not in body:
        return
    start = body.find(XMP)
    if start < 0:
        yield from loose(body, 0, len(body), "GIF")
    while start >= 0:
        yield _packet(body, start)
        start = body.find(XMP, start + len(XMP))


def _preamble(body: bytes) -> Iterator[int]:
    """Where each extension before the first picture begins."""
    colours = body[10] if len(body) > 10 else 0
    at = 13 + (3 << (colours & 7) + 1 if colours & 0x80 else 0)
    for _ in range(LIMIT_BLOCKS):
        if body[at : at + 1] != b"\x21":
            return
        yield at
        at += 2
        while at < len(body) and body[at]:
            at += body[at] + 1
        at += 1


def _packet(body: bytes, start: int) -> Find:
    begin, where = start + len(XMP), f"GIF, byte {start}, XMP Data"
    end = body.find(TRAILER, begin, begin + LIMIT_BYTES)
    return Fault("truncated", where) if end < 0 else Carried(Kind.XMP, where, body[begin:end])
