"""RIFF: WebP, WAV, AVI as chunks with name and length (WebP container specification, RIFF). XMP in ``XMP `` or ``_PMX``, C2PA in ``C2PA``."""

from __future__ import annotations

from collections.abc import Iterator

from sekisho.formats import id3
from sekisho.formats.carried import LIMIT_BLOCKS, Carried, Fault, Find, Kind, loose

PACKETS = {b"XMP ", b"XMP\x00", b"_PMX"}
PICTURE = {b"VP8 ", b"VP8L", b"ALPH", b"ANMF", b"data", b"LIST", b"idx1", b"JUNK"}


def carried(body: bytes) -> Iterator[Find]:
    """The XMP packets and C2PA store of a RIFF file."""
    at, total = 12, len(body)
    if int.from_bytes(body[4:8], "little") + 8 > total + 1:
        yield Fault("truncated", f"RIFF, byte {total}")
    for _ in range(LIMIT_BLOCKS):
        if at + 8 > total:
            return
        name, start = body[at : at + 4], at + 8
        end = start + int.from_bytes(body[at + 4 : start], "little")
        if name not in PICTURE:
            yield from _chunk(body, name, start, min(end, total))
        at = end + (end - start) % 2  # chunks lie on even offsets
    yield Fault("oversize", "RIFF")


def _chunk(body: bytes, name: bytes, start: int, end: int) -> Iterator[Find]:
    where = f"RIFF, byte {start - 8}, {name.decode('latin-1').strip()}"
    if name in PACKETS:
        yield Carried(Kind.XMP, where, body[start:end])
    elif name == b"C2PA":
        yield Carried(Kind.C2PA, where, body[start:end])
    elif name in {b"id3 ", b"ID3 "}:
        yield from id3.carried(body[start:end])
    else:
        yield from loose(body, start, end, where)
