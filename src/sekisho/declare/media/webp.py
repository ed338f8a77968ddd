"""XMP into WebP: a chunk at the end, announced in the extended header, which simple files lack (RFC 9649 section 2.7)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

XMP, EXTENDED, LOSSY, LOSSLESS = b"XMP ", b"VP8X", b"VP8 ", b"VP8L"
HAS_XMP, HAS_ALPHA = 0x04, 0x10
METADATA = {XMP, EXTENDED, b"C2PA"}


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The name and content of each chunk."""
    at, end = 12, min(len(body), int.from_bytes(body[4:8], "little") + 8)
    while at + 8 <= end:
        name, length = body[at : at + 4], int.from_bytes(body[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise ValueError("the WebP breaks off")
        yield name, body[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def with_packet(body: bytes, packet: bytes) -> bytes:
    """``body`` with ``packet`` as its only XMP."""
    chunks = [(name, data) for name, data in _chunks(body) if name != XMP]
    if not chunks:
        raise ValueError("the WebP holds no picture")
    if chunks[0][0] != EXTENDED:
        chunks.insert(0, (EXTENDED, _header(*chunks[0])))
    flags = bytes([chunks[0][1][0] | HAS_XMP])
    chunks[0] = (EXTENDED, flags + chunks[0][1][1:])
    content = b"WEBP" + b"".join(
        name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2) for name, data in (*chunks, (XMP, packet))
    )
    return b"RIFF" + struct.pack("<I", len(content)) + content


def _header(name: bytes, data: bytes) -> bytes:
    """The extended header of a simple file: flags and the size of the picture, each less one."""
    if name == LOSSY and data[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        flags = 0
    elif name == LOSSLESS and data[:1] == b"\x2f":
        bits = int.from_bytes(data[1:5], "little")
        width, height, flags = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, HAS_ALPHA if bits >> 28 & 1 else 0
    else:
        raise ValueError("the WebP begins with no picture")
    return bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def is_same_picture(before: bytes, after: bytes) -> bool:
    """Whether all chunks but XMP, C2PA and the header that announces them are the same."""
    one, other = ([pair for pair in _chunks(body) if pair[0] not in METADATA] for body in (before, after))
    return one == other
