"""Reads the running text out of a file: plain, Aozora Bunko, Project Gutenberg, subtitles, Markdown, HTML, EPUB, PDF; always with the way back to the file."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from sekisho.formats.reading import aozora, book, gutenberg, markdown, page, sheets, subtitles
from sekisho.formats.reading.encodings import decode
from sekisho.formats.reading.running import Author, Reading, plain

__all__ = ["Author", "Reading", "decoded", "plain", "read"]


class OfText(Protocol):
    """The interface of a format that is read from decoded text."""

    def recognises(self, text: str) -> bool:
        """Whether ``text`` is in this format."""

    def read(self, text: str) -> Reading:
        """Its running text."""


OF_TEXT: tuple[OfText, ...] = (page, aozora, gutenberg, subtitles, markdown)


def read(raw: bytes) -> Reading:
    """The running text of a file's bytes; never fails: what it cannot read stands in ``warnings``."""
    if sheets.recognises(raw):
        return sheets.read(raw)
    if book.recognises(raw):
        return book.read(raw)
    text, encoding, damaged, garbled = decode(raw)
    format_of_text = next((format_ for format_ in OF_TEXT if format_.recognises(text)), None)
    found = format_of_text.read(text) if format_of_text else plain(text)
    if encoding == "utf-8" and not damaged and not garbled:
        return found
    said = [warning for warning, true in (("bytes-replaced", damaged), ("garbled", garbled)) if true]
    return replace(found, encoding=encoding, warnings=(*found.warnings, *said))


def decoded(raw: bytes) -> str:
    """The text in which the places of ``read`` are counted."""
    return read(raw).text if sheets.recognises(raw) or book.recognises(raw) else decode(raw).text
