"""A tree from XML that strangers wrote: no document type with declarations, no entities, nothing fetched, bounded size and depth."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

LIMIT_BYTES = 16 * 1024 * 1024
LIMIT_DEPTH = 200
LIMIT_NODES = 200_000  # elements and attributes together
LIMIT_NAME = 512  # characters: a namespace is written once and would be copied into every name
LIMIT_EQUALS = 400_000  # attributes are listed before they can be counted one by one
FOREIGN_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)")
DECLARED = re.compile(rb"^<\?xml[^>]{0,80}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


class Parsed(NamedTuple):
    """The root, or None and why: ``malformed``, ``xml-dtd`` or ``oversize``. ``encoding`` warns that the bytes were not what they claimed."""

    root: Element | None
    warnings: tuple[str, ...] = ()


class _RefusedError(Exception):
    """What the document contains that is never read; its text is the warning."""


def parse(data: bytes, *, bare_doctype: bool = False) -> Parsed:
    """The tree of ``data``, names as ``{namespace}local``. With ``bare_doctype`` a document type is passed over when nothing is declared by it or taken from it."""
    if len(data) > LIMIT_BYTES or data.count(b"=") > LIMIT_EQUALS:
        return Parsed(None, ("oversize",))
    data = _trimmed(data)
    bare_doctype = bare_doctype and not FOREIGN_ENTITY.search(data)
    first = _built(data, None, bare_doctype)
    if first.root is not None or first.warnings != ("malformed",) or (text := _decoded(data)) is None:
        return first
    again = _built(text.encode(), "utf-8", bare_doctype)
    return Parsed(again.root, (*again.warnings, "encoding"))


def _trimmed(data: bytes) -> bytes:
    """``data`` without its padding: an XML declaration may stand only at the very start, and writers end packets with NULs."""
    wide = b"\x00" in data[:4] or data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return data if wide else data.strip(b"\x00 \t\r\n")


def _decoded(data: bytes) -> str | None:
    """``data`` in its declared encoding when expat does not know it, in Latin-1 when it is no UTF-8; None when the encoding is not what is wrong."""
    declared = DECLARED.match(data)
    name = declared[1].decode() if declared else "utf-8"
    try:
        text = data.decode(name)
    except (LookupError, UnicodeError):
        return data.decode("latin-1")
    return None if name.lower() in {"utf-8", "us-ascii", "iso-8859-1", "utf-16"} else text


def _built(data: bytes, encoding: str | None, bare_doctype: bool) -> Parsed:
    build = _Build(encoding, bare_doctype)
    try:
        build.parser.Parse(data, True)
        return Parsed(build.tree.close())
    except _RefusedError as refused:
        return Parsed(None, (str(refused),))
    except (expat.ExpatError, ValueError, LookupError):
        return Parsed(None, ("malformed",))


class _Build:
    """One run of expat over one document, feeding a tree."""

    def __init__(self, encoding: str | None, bare_doctype: bool) -> None:
        self.tree = TreeBuilder()
        self.depth = self.nodes = 0
        self.names: dict[str, str] = {}
        self.bare_doctype = bare_doctype
        self.parser = expat.ParserCreate(encoding, "}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.tree.data
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.entity
        self.parser.SkippedEntityHandler = self.entity

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.nodes += 1 + len(attributes)
        if self.depth > LIMIT_DEPTH or self.nodes > LIMIT_NODES:
            raise _RefusedError("oversize")
        self.tree.start(self.name(name), {self.name(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self.depth -= 1
        self.tree.end(self.name(name))

    def name(self, raw: str) -> str:
        """A name in Clark's notation, one text for all its uses."""
        if len(raw) > LIMIT_NAME:
            raise _RefusedError("oversize")
        return self.names.setdefault(raw, "{" + raw if "}" in raw else raw)

    def doctype(self, _name: str, _system: str | None, _public: str | None, has_internal_subset: bool) -> None:
        if has_internal_subset or not self.bare_doctype:
            raise _RefusedError("xml-dtd")

    def entity(self, *_entity: object) -> None:
        raise _RefusedError("xml-dtd")
