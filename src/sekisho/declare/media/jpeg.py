"""XMP into JPEG: an APP1 segment after the segments that must come first (XMP part 3, 1.1.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

MAIN = b"http://ns.adobe.com/xap/1.0/\x00"
EXTENSION = b"http://ns.adobe.com/xmp/extension/\x00"
APP0, APP1, APP11, SCAN = 0xE0, 0xE1, 0xEB, 0xDA
LONGEST = 65_533


class Segment(NamedTuple):
    """One marker segment with its marker, as it stands; the scan takes the rest of the file."""

    marker: int
    data: bytes

    @property
    def is_metadata(self) -> bool:
        """Whether it carries XMP or a C2PA manifest."""
        return self.is_xmp or (self.marker == APP11 and self.data.startswith(b"JP", 4))

    @property
    def is_xmp(self) -> bool:
        """Whether it carries XMP; an extension without its main packet says nothing."""
        return self.marker == APP1 and self.data.startswith((MAIN, EXTENSION), 4)


def _segments(body: bytes) -> Iterator[Segment]:
    at = 2
    while body[at : at + 1] == b"\xff" and len(body) > at + 4:
        marker = body[at + 1]
        if marker == 0xFF:  # a fill octet
            at += 1
            continue
        if marker == SCAN:
            yield Segment(marker, body[at:])
            return
        end = at + 2 + int.from_bytes(body[at + 2 : at + 4], "big")
        yield Segment(marker, body[at:end])
        at = end
    raise ValueError("the JPEG breaks off before its picture")


def with_packet(body: bytes, packet: bytes) -> bytes:
    """``body`` with ``packet`` as its only XMP."""
    if len(MAIN) + len(packet) + 2 > LONGEST:
        raise ValueError("the XMP is too long for a JPEG segment")
    kept = [segment for segment in _segments(body) if not segment.is_xmp]
    first = sum(1 for _ in _leading(kept))
    ours = b"\xff\xe1" + struct.pack(">H", 2 + len(MAIN) + len(packet)) + MAIN + packet
    return b"".join([body[:2], *(one.data for one in kept[:first]), ours, *(one.data for one in kept[first:])])


def _leading(segments: list[Segment]) -> Iterator[Segment]:
    """What readers look for at the very beginning: JFIF and Exif."""
    for segment in segments:
        if segment.marker != APP0 and not (segment.marker == APP1 and segment.data.startswith(b"Exif\x00", 4)):
            return
        yield segment


def is_same_picture(before: bytes, after: bytes) -> bool:
    """Whether all segments but XMP and C2PA are the same, the coded picture among them."""
    one, other = ([segment for segment in _segments(body) if not segment.is_metadata] for body in (before, after))
    return one == other
