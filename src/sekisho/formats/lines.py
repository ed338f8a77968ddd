"""Lines of a byte stream with their numbers, memory bounded whatever the file holds: an endless line is cut and said so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple

BLOCK = 1 << 20
LINE_BYTES = 16 << 20


class Line(NamedTuple):
    """One line without its end; ``whole`` is false when more than ``LINE_BYTES`` of it were dropped."""

    number: int
    raw: bytes
    whole: bool


def lines(stream: IO[bytes]) -> Iterator[Line]:
    """Every line of ``stream`` (ends LF or CRLF), numbered from 1; a last line without an end counts too."""
    held, number, dropped = b"", 1, False
    while block := stream.read(BLOCK):
        *ready, held = (held + block).split(b"\n")
        for raw in ready:
            yield Line(number, raw.removesuffix(b"\r"), not dropped)
            number, dropped = number + 1, False
        if len(held) > LINE_BYTES:
            held, dropped = held[:1024], True
    if held:
        yield Line(number, held.removesuffix(b"\r"), not dropped)
