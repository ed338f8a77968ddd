"""EPUB: the package documents of a zip (EPUB Open Container Format 3.3, 4.2), read in memory within limits, nothing written to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from xml.etree.ElementTree import Element

from sekisho.formats import xml
from sekisho.formats.carried import C2PA_STORE, Carried, Fault, Kind

CONTAINER = "META-INF/container.xml"
ROOTFILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
PACKAGE = "{http://www.idpf.org/2007/opf}"
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
LIMIT_MEMBERS = 20_000
LIMIT_DIRECTORY = 8 * 1024 * 1024
LIMIT_MEMBER = 4 * 1024 * 1024
LIMIT_RATIO = 200
LIMIT_PACKAGES = 8
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, LookupError, EOFError, OSError, OverflowError)


class Package(NamedTuple):
    """One package document: its path in the zip and its tree."""

    path: str
    root: Element


class Meta(NamedTuple):
    """One ``meta`` of a package: EPUB 2 gives ``name`` and content, EPUB 3 a property and text; ``refines`` when it speaks of a part."""

    name: str
    value: str
    refines: str


def packages(body: bytes) -> Iterator[Package | Fault]:
    """The package documents of the EPUB ``body``, or why there are none."""
    if (fault := _refused(body)) is not None:
        yield fault
        return
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for path in islice(_paths(archive), LIMIT_PACKAGES):
                yield _package(archive, path)
    except BROKEN as error:
        yield Fault("encrypted" if isinstance(error, RuntimeError) else "malformed", f"EPUB, {CONTAINER}")


def stores(body: bytes) -> Iterator[Carried]:
    """The C2PA store of an EPUB, which lies in it uncompressed."""
    at = body.find(C2PA_STORE)
    if at >= 0:
        yield Carried(Kind.C2PA, f"EPUB, byte {at}", b"")


def metas(package: Element) -> Iterator[Meta]:
    """The ``meta`` elements of a package, property prefixes replaced by the addresses declared for them (EPUB 3.3, D.1.4)."""
    words = package.get("prefix", "").split()
    prefixes = {word.removesuffix(":"): address for word, address in zip(words[::2], words[1::2], strict=False)}
    for element in package.iter(PACKAGE + "meta"):
        prefix, colon, name = (element.get("property") or element.get("name") or "").strip().rpartition(":")
        value = element.get("content") or "".join(element.itertext())
        yield Meta(prefixes.get(prefix, prefix + colon) + name, value.strip(), element.get("refines", ""))


def _refused(body: bytes) -> Fault | None:
    """Why the zip is not opened: it is none, its directory is missing, or larger than any book's."""
    if not body.startswith(b"PK"):
        return Fault("wrong-type" if body else "empty", "EPUB")
    at = body.rfind(b"PK\x05\x06", max(0, len(body) - 65_557))
    if at < 0:
        return Fault("truncated", "EPUB")
    members = int.from_bytes(body[at + 10 : at + 12], "little")
    directory = int.from_bytes(body[at + 12 : at + 16], "little")
    return Fault("oversize", "EPUB") if members > LIMIT_MEMBERS or directory > LIMIT_DIRECTORY else None


def _paths(archive: zipfile.ZipFile) -> Iterator[str]:
    """Where the container says the package documents are."""
    root = xml.parse(member(archive, CONTAINER)).root
    if root is None:
        raise ValueError(CONTAINER)
    yield from (path for element in root.iter(ROOTFILE) if (path := element.get("full-path")))


def _package(archive: zipfile.ZipFile, path: str) -> Package | Fault:
    root, warnings = xml.parse(member(archive, path), bare_doctype=True)  # OEB 1 and EPUB 2 packages may name their document type
    return Fault(warnings[0], f"EPUB, {path}") if root is None else Package(path, root)


def member(archive: zipfile.ZipFile, path: str) -> bytes:
    """The content of one member; ValueError when it is larger, or packed tighter or otherwise, than a package document may be."""
    entry = archive.getinfo(path)
    if (
        entry.compress_type not in PACKED
        or entry.file_size > LIMIT_MEMBER
        or entry.file_size > LIMIT_RATIO * max(entry.compress_size, 1024)
    ):
        raise ValueError(path)
    with archive.open(entry) as member:
        return member.read(LIMIT_MEMBER)
