"""XMP packets as properties by full name (XMP part 1, 7: RDF/XML): attributes, elements, ``rdf:resource``, lists and structures alike."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree.ElementTree import Element

from sekisho.formats import xml
from sekisho.formats.carried import RDF

RDF_SPACE = f"{{{RDF.decode()}}}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}"
PATH_CHARACTERS = 256


class Property(NamedTuple):
    """One value of one property: ``name`` as ``{namespace}local``, ``where`` as a path of local names; ``within`` is the property it is a part of."""

    name: str
    value: str
    where: str
    within: str = ""
    lang: str = ""


class Packet(NamedTuple):
    """What a packet says; ``root`` is None when it cannot be read, ``warnings`` say why."""

    properties: tuple[Property, ...]
    root: Element | None
    warnings: tuple[str, ...]


def read(data: bytes) -> Packet:
    """The properties of the packet ``data``."""
    root, warnings = xml.parse(data)
    found: list[Property] = []
    for rdf in [] if root is None else root.iter(RDF_SPACE + "RDF"):
        for node in rdf:
            _node(node, "", "", _step("", node.tag), found)
    return Packet(tuple(found), root, warnings)


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def _step(path: str, name: str, mark: str = "") -> str:
    """``path`` one step longer, its beginning dropped where it gets long."""
    return f"{path}/{mark}{local(name)}"[-PATH_CHARACTERS:]


def _node(node: Element, name: str, within: str, path: str, found: list[Property]) -> None:
    """What ``node`` says: members and ``rdf:value`` are values of the property ``name`` that holds it, all else are parts of that property."""
    _attributes(node, name, path, found)
    for child in node:
        inherits = name and child.tag.startswith(RDF_SPACE)
        _property(child, name if inherits else child.tag, within if inherits else name, _step(path, child.tag), found)


def _property(element: Element, name: str, within: str, path: str, found: list[Property]) -> None:
    """The values of the property ``name``: plain, a resource, or inside nodes."""
    shape, lang = element.get(RDF_SPACE + "parseType"), element.get(XML_SPACE + "lang", "")
    if (resource := element.get(RDF_SPACE + "resource")) is not None:
        found.append(Property(name, resource.strip(), _step(path, "resource", "@"), within, lang))
    text = "".join(element.itertext()) if shape == "Literal" or len(element) == 0 else ""
    if text.strip():
        found.append(Property(name, text.strip(), path, within, lang))
    if shape == "Resource":
        _node(element, name, within, path, found)
    if shape in {"Resource", "Literal"}:
        return
    _attributes(element, name, path, found)
    for node in element:
        _node(node, name, within, _step(path, node.tag), found)


def _attributes(element: Element, within: str, path: str, found: list[Property]) -> None:
    for name, text in element.items():
        if name.startswith("{") and not name.startswith((RDF_SPACE, XML_SPACE)):
            found.append(Property(name, text.strip(), _step(path, name, "@"), within))
