"""XMP into PNG: one iTXt chunk before the picture (PNG third edition, 11.3.3.4)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

KEYWORD = b"XML:com.adobe.xmp\x00"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
METADATA = (b"caBX",)


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The name and content of each chunk."""
    at, name = len(SIGNATURE), b""
    while name != b"IEND":
        length, name = int.from_bytes(body[at : at + 4], "big"), body[at + 4 : at + 8]
        if at + 12 + length > len(body):
            raise ValueError("the PNG breaks off")
        yield name, body[at + 8 : at + 8 + length]
        at += 12 + length


def _is_xmp(name: bytes, data: bytes) -> bool:
    return name in {b"iTXt", b"tEXt", b"zTXt"} and data.startswith((KEYWORD, b"Raw profile type xmp\x00", b"Raw profile type APP1\x00"))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_packet(body: bytes, packet: bytes) -> bytes:
    """``body`` with ``packet`` as its only XMP."""
    head, *rest = [(name, data) for name, data in _chunks(body) if not _is_xmp(name, data)]
    ours = (b"iTXt", KEYWORD + b"\x00\x00\x00\x00" + packet)
    return SIGNATURE + b"".join(_chunk(*one) for one in (head, ours, *rest))


def is_same_picture(before: bytes, after: bytes) -> bool:
    """Whether all chunks but XMP and C2PA are the same."""
    one, other = ([pair for pair in _chunks(body) if not _is_xmp(*pair) and pair[0] not in METADATA] for body in (before, after))
    return one == other
