"""SVG: RDF in ``metadata`` (SVG 1.1, 21), a C2PA manifest in ``c2pa:manifest``. A document without either is not parsed at all."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import tostring

from sekisho.formats import xml
from sekisho.formats.carried import RDF, RSL, Carried, Fault, Find, Kind

WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, in which nothing can be looked for
MANIFEST = "{http://c2pa.org/manifest}manifest"
RDF_NAME = f"{{{RDF.decode()}}}RDF"
RSL_NAME = f"{{{RSL.decode()}}}rsl"


def carried(body: bytes) -> Iterator[Find]:
    """The RDF, RSL documents and C2PA manifest of an SVG."""
    if not (body.startswith(WIDE) or RDF in body or RSL in body or b"c2pa.org/manifest" in body):
        return
    root, warnings = xml.parse(body, bare_doctype=True)
    if root is None:
        yield Fault(warnings[0], "SVG")
        return
    for name, kind in ((RDF_NAME, Kind.XMP), (RSL_NAME, Kind.RSL), (MANIFEST, Kind.C2PA)):
        yield from (Carried(kind, "SVG", tostring(element)) for element in root.iter(name))
