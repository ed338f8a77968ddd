"""The running text of an EPUB: its pages in the order of the spine (EPUB 3.3, 5.7). Places count in that text, pages joined by a line end."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from sekisho.formats import epub
from sekisho.formats.carried import Fault
from sekisho.formats.reading import page
from sekisho.formats.reading.encodings import decode
from sekisho.formats.reading.running import Author, Reading

LIMIT_PAGES = 5000
LIMIT_CHARACTERS = 50_000_000
DC = "{http://purl.org/dc/elements/1.1/}"


def recognises(raw: bytes) -> bool:
    """True when ``raw`` is a zip that says it is an EPUB (Open Container Format 4.2.2: the first member)."""
    return raw[:4] == b"PK\x03\x04" and b"mimetypeapplication/epub+zip" in raw[:100]


def read(raw: bytes) -> Reading:
    """The pages' text with title and creators; a damaged book gives what was read until the fault, and says so."""
    texts: list[str] = []
    warnings: tuple[str, ...] = ()
    title, authors = "", tuple[Author, ...]()
    for found in epub.packages(raw):
        if isinstance(found, Fault):
            warnings = (*warnings, "unreadable")
            continue
        title, authors = title or _title(found.root), authors or _authors(found.root)
        texts += _pages(raw, found)
    running = "\n".join(texts)
    return Reading(running, None, len(running), title, authors, encoding="", warnings=warnings)


def _title(tree: Element) -> str:
    return (tree.findtext(f".//{DC}title") or "").strip()


def _authors(tree: Element) -> tuple[Author, ...]:
    return tuple(Author(name) for one in tree.iterfind(f".//{DC}creator") if (name := (one.text or "").strip()))


def _pages(raw: bytes, package: epub.Package) -> Iterator[str]:
    """The text of each page of the spine, until the limits."""
    paths = {item.get("id"): unquote(item.get("href", "")) for item in package.root.iter(f"{epub.PACKAGE}item")}
    wanted = [paths.get(ref.get("idref")) for ref in package.root.iter(f"{epub.PACKAGE}itemref")][:LIMIT_PAGES]
    left = LIMIT_CHARACTERS
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for path in filter(None, wanted):
            text = _page(archive, posixpath.normpath(posixpath.join(posixpath.dirname(package.path), path)))[:left]
            left -= len(text)
            yield text


def _page(archive: zipfile.ZipFile, path: str) -> str:
    try:
        return page.read(decode(epub.member(archive, path)).text).text
    except epub.BROKEN:
        return ""
