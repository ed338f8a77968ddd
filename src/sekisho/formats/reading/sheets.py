"""The text layer of a PDF, page by page, through PDFium. Places count in that text, pages joined by a line end; a scan without one has none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sekisho.formats.reading.running import Author, Reading

LIMIT_PAGES = 20_000
LIMIT_CHARACTERS = 50_000_000


def recognises(raw: bytes) -> bool:
    """True when ``raw`` carries the mark of a PDF within its first kilobyte."""
    return b"%PDF-" in raw[:1024]


def read(raw: bytes) -> Reading:
    """The pages' text, title and author; ``encrypted`` or ``unreadable`` stands in the warnings where there is none to be had."""
    try:
        import pypdfium2  # noqa: PLC0415 - an extra, and slow to load: only PDFs pay for it
    except ModuleNotFoundError:
        return _reading("", ("pdf-reader-missing",))
    try:
        with pypdfium2.PdfDocument(raw) as document:
            said = document.get_metadata_dict(skip_empty=True)
            running = "\n".join(_pages(document, pypdfium2.PdfiumError))
    except pypdfium2.PdfiumError as error:
        return _reading("", ("encrypted" if "password" in str(error).lower() else "unreadable",))
    return _reading(running, (), said.get("Title", ""), said.get("Author", ""))


def _reading(running: str, warnings: tuple[str, ...], title: str = "", author: str = "") -> Reading:
    authors = (Author(author.strip()),) if author.strip() else ()
    return Reading(running, None, len(running), title.strip(), authors, encoding="", warnings=warnings)


def _pages(document: Any, broken: type[Exception]) -> Iterator[str]:
    left = LIMIT_CHARACTERS
    for number in range(min(len(document), LIMIT_PAGES)):
        try:
            text = document[number].get_textpage().get_text_range()[:left]
        except broken:
            continue
        left -= len(text)
        yield text.replace("\r\n", "\n")
