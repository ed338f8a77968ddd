"""The one Exif field that holds words about rights: Copyright, tag 33432 (Exif 3.0, 4.6.4), in JPEG, PNG, WebP and TIFF."""

from __future__ import annotations

import struct

BEFORE = (b"Exif\x00\x00", b"eXIf", b"EXIF")
"""What stands before the TIFF header that Exif is: in JPEG, in PNG, in WebP (there the size comes between)."""
ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
COPYRIGHT = 33432
SEARCHED = 1 << 20
LIMIT_BYTES = 64 * 1024


def copyright_of(body: bytes) -> str:
    """The Copyright text of a picture, empty when it has none or none that can be read."""
    starts = [0, *(at + len(mark) + skip for mark in BEFORE for skip in (0, 4) if (at := body.find(mark, 0, SEARCHED)) >= 0)]
    at = next((start for start in starts if body[start : start + 4] in ORDERS), -1)
    return _field(body[at:]).decode("utf-8", "replace").replace("\x00", " ").strip() if at >= 0 else ""


def _field(tiff: bytes) -> bytes:
    """The value of the field in the first directory."""
    order = ORDERS[tiff[:4]]
    first = struct.unpack_from(f"{order}I", tiff, 4)[0] if len(tiff) >= 8 else 0
    entries = struct.unpack_from(f"{order}H", tiff, first)[0] if len(tiff) >= first + 2 else 0
    directory = tiff[first + 2 : first + 2 + 12 * entries]
    for tag, kind, length, value in struct.iter_unpack(f"{order}HHI4s", directory[: len(directory) // 12 * 12]):
        if tag == COPYRIGHT and kind in {1, 2, 7, 129}:
            start = struct.unpack(f"{order}I", value)[0]
            return bytes(value[:length] if length <= 4 else tiff[start : start + min(length, LIMIT_BYTES)])
    return b""
