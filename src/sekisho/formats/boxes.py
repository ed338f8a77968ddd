"""Boxes: length, four letters, content (ISO/IEC 14496-12, 4.2). MP4, HEIF, JPEG XL, JPEG 2000 and JUMBF are made of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Box(NamedTuple):
    """One box: its name and where its content lies; not ``whole`` when its length is impossible or the file ends before it does."""

    name: bytes
    start: int
    end: int
    whole: bool = True


def boxes(body: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes side by side in ``body[start:end]``, the last of them the first that is not whole."""
    at = start
    while at + 8 <= end:
        size, name, header = int.from_bytes(body[at : at + 4], "big"), body[at + 4 : at + 8], 8
        if size == 1:
            size, header = int.from_bytes(body[at + 8 : at + 16], "big"), 16
        elif size == 0:  # up to the end
            size = end - at
        whole = size >= header and at + size <= end
        yield Box(name, at + header, at + size if whole else end, whole)
        if not whole:
            return
        at += size
