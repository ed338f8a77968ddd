"""GIF: application extensions (GIF89a, 26) hold XMP with a trailer that lets plain readers pass (XMP part 3, 1.1.2), and C2PA.

Looked for by name, not block by block: a large animation has tens of thousands of blocks and nothing in them to read.
"""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.formats.carried import C2PA_STORE, LIMIT_BYTES, RDF, Carried, Fault, Find, Kind, loose

XMP = b"\x21\xff\x0bXMP DataXMP"
TRAILER = bytes([1, *range(255, 0, -1)])


def carried(body: bytes) -> Iterator[Find]:
    """The XMP packets and C2PA store of a GIF."""
    if C2PA_STORE in body:
        yield Carried(Kind.C2PA, f"GIF, byte {body.index(C2PA_STORE)}, C2PA_GIF", b"")
    if RDF not in body:
        return
    start = body.find(XMP)
    if start < 0:
        yield from loose(body, 0, len(body), "GIF")
    while start >= 0:
        yield _packet(body, start)
        start = body.find(XMP, start + len(XMP))


def _packet(body: bytes, start: int) -> Find:
    begin, where = start + len(XMP), f"GIF, byte {start}, XMP Data"
    end = body.find(TRAILER, begin, begin + LIMIT_BYTES)
    return Fault("truncated", where) if end < 0 else Carried(Kind.XMP, where, body[begin:end])
