"""Where pages, headers and feeds declare a licence, and of what: links, RDFa, JSON-LD, microdata, RSS and Atom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from sekisho.formats import html, json_text
from sekisho.formats.link_header import links
from sekisho.signals.licence_terms import recognised

RSL_TYPE = "application/rsl+xml"
LD_TYPE = "application/ld+json"
RELATIONS = frozenset({"license", "cc:license", "dct:license", "dcterms:license", "xhv:license", "schema:license"})
NAMESPACES = (
    "http://creativecommons.org/ns#",
    "http://purl.org/dc/terms/",
    "http://www.w3.org/1999/xhtml/vocab#",
    "http://schema.org/",
    "https://schema.org/",
)
RELATIONS_IN_FULL = frozenset(f"{space}license".lower() for space in NAMESPACES)
META_NAMES = frozenset({"dc.rights", "dc.rights.license", "dc.license", "dcterms.rights", "dcterms.license", "license", "rights"})
"""Names of Dublin Core in HTML; they hold a licence or any words, so only what is a known licence counts."""
MEDIA = frozenset({"imageobject", "videoobject", "audioobject", "mediaobject", "photograph", "3dmodel"})
LIMIT_NODES = 10_000
ATOM = "{http://www.w3.org/2005/Atom}"
FEED_LICENCES = (
    "{http://backend.userland.com/creativeCommonsRssModule}license",
    "{http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html}license",
    "{http://web.resource.org/cc/}license",
    "{http://creativecommons.org/ns#}license",
    "{http://purl.org/dc/terms/}license",
    "{http://search.yahoo.com/mrss/}license",
)
RDF_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"


@dataclass(frozen=True, slots=True)
class Declared:
    """A licence declared in one place: for ``subject`` (an address, or empty for the page itself), as ``text``, an address or a name.

    ``offer`` is where a licence can be had. A licence only linked to, without a relation that declares it, is not ``declared``.
    """

    subject: str
    text: str
    where: str
    quote: str
    offer: str = ""
    declared: bool = True


def in_headers(values: Iterable[str], url: str) -> Iterator[Declared]:
    """The licences of ``Link`` headers that are no RSL."""
    for link in links(values):
        if "license" in link.relations and link.type != RSL_TYPE:
            yield Declared("", html.Page().address(url, link.target), "Link", link.text)


def in_page(page: html.Page, url: str) -> Iterator[Declared]:
    """The licences that a page declares in its mark-up and in its JSON-LD."""
    for element in page.elements:
        yield from _linked(page, element, url)
        yield from _property(page, element, url)
        yield from _meta(element)
    yield from _microdata(page, url)
    for script in page.every("script"):
        if script.attributes.get("type", "").partition(";")[0].strip().lower() == LD_TYPE:
            yield from _json_ld(script, url)


def _linked(page: html.Page, element: html.Element, url: str) -> Iterator[Declared]:
    """``rel=license`` on a link: of the page, or of what RDFa says the link is about (HTML 4.6.7.8; RDFa 1.1, 5)."""
    reference = element.attributes.get("href")
    if element.tag not in {"a", "link", "area"} or reference is None:
        return
    address = page.address(url, reference)
    said = not _relations(element, "rel").isdisjoint(RELATIONS | RELATIONS_IN_FULL)
    is_rsl = element.attributes.get("type", "").partition(";")[0].strip().lower() == RSL_TYPE
    if said and not is_rsl:
        yield Declared(_about(page, element, url), address, element.where, element.source)
    elif not said and "//creativecommons.org/licenses/" in address.replace("www.", "").lower():
        yield Declared("", address, element.where, element.source, declared=False)


def _property(page: html.Page, element: html.Element, url: str) -> Iterator[Declared]:
    """RDFa ``property`` with an address, or with the text of ``content``."""
    if _relations(element, "property").isdisjoint(RELATIONS | RELATIONS_IN_FULL):
        return
    reference = element.attributes.get("resource") or element.attributes.get("href") or element.attributes.get("src")
    text = page.address(url, reference) if reference else element.attributes.get("content", "")
    if text:
        yield Declared(_about(page, element, url), text, element.where, element.source)


def _meta(element: html.Element) -> Iterator[Declared]:
    """A licence in a ``meta`` of Dublin Core, as journals write it."""
    text = element.attributes.get("content", "").strip()
    if element.tag == "meta" and element.attributes.get("name", "").strip().lower() in META_NAMES and recognised(text):
        yield Declared("", text, element.where, element.source)


def _relations(element: html.Element, attribute: str) -> set[str]:
    return set(element.words(attribute))


def _about(page: html.Page, element: html.Element, url: str) -> str:
    """The subject that RDFa names around ``element``, empty for the page."""
    named = (outer.attributes["about"] for outer in element.outward() if "about" in outer.attributes)
    inner = element.parent.outward() if element.parent else ()
    resources = (outer.attributes["resource"] for outer in inner if "resource" in outer.attributes and "property" not in outer.attributes)
    subject = next(named, None) or next(resources, None)
    return page.address(url, subject) if subject else ""


def _microdata(page: html.Page, url: str) -> Iterator[Declared]:
    """``itemprop=license`` of an item, with the item's own address and where a licence can be had (HTML 5.2; schema.org)."""
    items: dict[html.Element | None, dict[str, tuple[str, html.Element]]] = {}
    for element in page.elements:
        for name in element.words("itemprop"):
            value = next((element.attributes[key] for key in ("content", "href", "src", "data") if key in element.attributes), "")
            items.setdefault(_item(element), {}).setdefault(name, (value, element))
    for item, said in items.items():
        if "license" in said and said["license"][0]:
            reference, element = said["license"]
            text = page.address(url, reference) if "content" not in element.attributes else reference
            is_media = item is not None and any(kind.rpartition("/")[2] in MEDIA for kind in item.words("itemtype"))
            subject = said.get("contenturl", said.get("url", ("",)) if is_media else ("",))[0]
            offer = page.address(url, said["acquirelicensepage"][0]) if "acquirelicensepage" in said else ""
            yield Declared(page.address(url, subject) if subject else "", text, element.where, element.source, offer)


def _item(element: html.Element) -> html.Element | None:
    """The item that a property belongs to: the innermost around it."""
    inner = element.parent.outward() if element.parent else ()
    return next((outer for outer in inner if "itemscope" in outer.attributes), None)


def _json_ld(script: html.Element, url: str) -> Iterator[Declared]:
    """The nodes of a JSON-LD script that name a licence or where one can be had, each for its own content (schema.org)."""
    found, _ = json_text.parse(script.text.encode("utf-8", "replace"), html.LIMIT)
    for node in _nodes(found):
        licences = [text for value in _listed(node.get("license")) if (text := _address_of(value))]
        offer = next((text for value in _listed(node.get("acquireLicensePage")) if (text := _address_of(value))), "")
        for text in licences or ([""] if offer else []):
            quoted = f'"license": "{text}"' if text else f'"acquireLicensePage": "{offer}"'
            yield Declared(_subject(node, url), text, script.where, quoted, offer)


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    layer = [document]
    taken = 0
    while layer and taken < LIMIT_NODES:
        value = layer.pop()
        if isinstance(value, dict):
            taken += 1
            yield value
            layer += value.values()
        elif isinstance(value, list | json_text.Several):
            layer += value


def _listed(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list | json_text.Several) else [value]


def _address_of(value: Any) -> str:
    """A string, or the address of a node such as a CreativeWork."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("url", "@id", "name") if isinstance(value.get(key), str)), "")
    return value.strip() if isinstance(value, str) else ""


def _subject(node: dict[str, Any], url: str) -> str:
    """What a node's licence is for: its content, a medium's address, or the page where the node says no address or the page's."""
    kinds = {kind.rpartition("/")[2].lower() for kind in _listed(node.get("@type")) if isinstance(kind, str)}
    content = _address_of(node.get("contentUrl"))
    own = content or (_address_of(node.get("url")) or _address_of(node.get("@id")))
    if not own or (not content and kinds.isdisjoint(MEDIA) and own.startswith("#")):
        return ""
    return html.Page().address(url, own)


@dataclass(frozen=True, slots=True)
class OfItem:
    """Licences of one item of a feed, or of the whole feed when ``addresses`` is empty."""

    addresses: frozenset[str]
    licences: tuple[Declared, ...]


def in_feed(root: Element, url: str) -> Iterator[OfItem]:
    """The licences that a feed declares for itself and for each item."""
    items = [element for element in root.iter() if element.tag in {"item", "{http://purl.org/rss/1.0/}item", f"{ATOM}entry"}]
    inside = {inner for item in items for inner in item.iter()}
    yield OfItem(frozenset(), tuple(_feed_licences((element for element in root.iter() if element not in inside), "feed", url)))
    for number, item in enumerate(items, 1):
        addresses = {(element.text or "").strip() for name in ("link", "guid") for element in item.findall(name)}
        addresses |= {link.get("href", "").strip() for link in item.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"}
        addresses |= {enclosure.get("url", "").strip() for enclosure in item.findall("enclosure")}
        yield OfItem(frozenset(addresses - {""}), tuple(_feed_licences(item.iter(), f"item {number}", url)))


def _feed_licences(elements: Iterable[Element], where: str, url: str) -> Iterator[Declared]:
    for element in elements:
        is_link = element.tag == f"{ATOM}link" and "license" in element.get("rel", "").lower().split() and element.get("type") != RSL_TYPE
        if is_link or element.tag in FEED_LICENCES:
            text = element.get("href") or element.get(RDF_RESOURCE) or (element.text or "").strip()
            yield Declared("", html.Page().address(url, text) if is_link else text, where, text)
