"""JPEG: a chain of segments up to the picture itself (ITU-T T.81 B.1.1). XMP lies in APP1 (XMP part 3, 1.1.3), C2PA in APP11."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sekisho.formats.carried import LIMIT_BLOCKS, LIMIT_BYTES, Carried, Fault, Find, Kind, loose

MAIN = b"http://ns.adobe.com/xap/1.0/\x00"
EXTENSION = b"http://ns.adobe.com/xmp/extension/\x00"
MARKER = re.compile(rb"\xff++([\x01-\xfe])")  # fill bytes may stand before a marker
APP1, APP11 = 0xE1, 0xEB
TEXTS = {*range(0xE0, 0xF0), 0xFE}  # application segments and comments; all others serve the picture
LAST = {0xDA, 0xD9}  # the picture begins, the file ends: no metadata may follow
BARE = {0x01, *range(0xD0, 0xD8)}  # markers without a length


class Segment(NamedTuple):
    """One segment: its marker's second byte and where its content lies."""

    marker: int
    start: int
    end: int


def carried(body: bytes) -> Iterator[Find]:
    """The XMP packets and C2PA store before the picture, extended XMP joined."""
    pieces: list[Segment] = []
    known: list[bytes] = []
    for segment in _segments(body):
        if isinstance(segment, Fault):
            yield segment
        elif body.startswith(EXTENSION, segment.start):
            pieces.append(segment)
        else:
            found = list(_plain(body, segment))
            known += [thing.data for thing in found if thing.kind is Kind.XMP]
            yield from found
    yield from _extended(body, pieces, known)


def _segments(body: bytes) -> Iterator[Segment | Fault]:
    """The segments that may hold text, and where the chain breaks."""
    at = 2
    for _ in range(LIMIT_BLOCKS):
        found = MARKER.match(body, at)
        if found is None:
            yield Fault("truncated" if at + 1 >= len(body) else "malformed", f"JPEG, byte {at}")
            return
        marker, start = found[1][0], found.end()
        if marker in LAST:
            return
        end = start if marker in BARE else start + int.from_bytes(body[start : start + 2], "big")
        if marker in TEXTS:
            yield Segment(marker, start + 2, min(end, len(body)))
        if end > len(body):
            yield Fault("truncated", f"JPEG, byte {start}")
            return
        at = max(end, start)
    yield Fault("oversize", "JPEG")


def _plain(body: bytes, segment: Segment) -> Iterator[Carried]:
    marker, start, end = segment
    where = f"JPEG, byte {start - 4}"
    if marker == APP1 and body.startswith(MAIN, start):
        yield Carried(Kind.XMP, f"{where}, APP1 XMP", body[start + len(MAIN) : end])
    elif marker == APP11 and body.startswith(b"JP", start):
        if body.find(b"c2pa", start, end) >= 0:
            yield Carried(Kind.C2PA, f"{where}, APP11 JUMBF", body[start:end])
    else:
        yield from loose(body, start, end, where)


def _extended(body: bytes, pieces: list[Segment], known: list[bytes]) -> Iterator[Find]:
    """Extended XMP: each piece is GUID (32), full length (4), offset (4), bytes; joined only when a main packet names the GUID."""
    by_guid: dict[bytes, list[Segment]] = {}
    for piece in pieces:
        by_guid.setdefault(body[piece.start + 35 : piece.start + 67], []).append(piece)
    for guid, own in by_guid.items():
        where = f"JPEG, byte {own[0].start - 4}, APP1 extended XMP"
        data = _joined(body, own)
        if data is None:
            yield Fault("malformed", where)
        else:
            yield Carried(Kind.XMP, where, data, sound=any(guid in packet for packet in known))


def _joined(body: bytes, pieces: list[Segment]) -> bytes | None:
    placed: dict[int, bytes] = {}
    full = 0
    for piece in pieces:
        full = int.from_bytes(body[piece.start + 67 : piece.start + 71], "big")
        offset = int.from_bytes(body[piece.start + 71 : piece.start + 75], "big")
        placed[offset] = body[piece.start + 75 : piece.end]
    data = b"".join(placed[offset] for offset in sorted(placed))
    ends = [0, *(offset + len(placed[offset]) for offset in sorted(placed))]
    whole = ends[:-1] == sorted(placed) and ends[-1] == full <= LIMIT_BYTES
    return data if whole else None
