"""Packets into copies of files, format by format: each module writes one and tells whether the picture before and after is the same."""

from __future__ import annotations

from typing import Protocol

from sekisho.declare.media import jpeg, pdf, png, tiff, webp
from sekisho.formats.media import media_type


class Writer(Protocol):
    """The whole interface of a format."""

    def with_packet(self, body: bytes, packet: bytes) -> bytes:
        """``body`` with ``packet`` as its only XMP; raises ValueError with the reason when the file cannot take it."""

    def is_same_picture(self, before: bytes, after: bytes) -> bool:
        """Whether everything that makes the picture is the same, octet by octet."""


WRITERS: dict[str, Writer] = {"image/jpeg": jpeg, "image/png": png, "image/webp": webp, "image/tiff": tiff, "application/pdf": pdf}


def writer(body: bytes) -> Writer | None:
    """Who writes files such as ``body``; None when nobody does."""
    return WRITERS.get(media_type(body))
