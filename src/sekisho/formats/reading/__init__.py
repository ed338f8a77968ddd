"""Reads the running text out of a file: plain, Aozora Bunko, subtitles, Markdown, HTML, EPUB, PDF; always with the way back to the file."""

from __future__ import annotations

from dataclasses import replace

from sekisho.formats.reading import aozora
from sekisho.formats.reading.encodings import decode
from sekisho.formats.reading.running import Author, Reading, plain

__all__ = ["Author", "Reading", "read"]


def read(raw: bytes) -> Reading:
    """The running text of a file's bytes; what it cannot read stands in ``warnings``, it never fails."""
    text, encoding, damaged = decode(raw)
    read_ = aozora.read(text) if aozora.recognises(text) else plain(text)
    return replace(read_, encoding=encoding, warnings=(*read_.warnings, *(("bytes-replaced",) if damaged else ())))
